package correlate

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// TestLinks has captures of whole and of half links.
func TestLinks(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		pairs  int
		want   []string // from>to, counts each way, what is seen, certain
	}{
		"both sides": {"0 A>B INVITE 1\n0.1 B>A 200 INVITE 1\n0.2 A>B ACK 1", 1, nil},
		"requests only, answered": {
			"0 A>B INVITE 1\n0.2 A>B ACK 1 to=b\n5 A>B BYE 2 to=b", 1,
			[]string{"A>B 2+0 0+0 requests true"},
		},
		"nobody answers": {"0 A>B INVITE 1\n0.5 A>B INVITE 1\n1.5 A>B INVITE 1", 1, []string{"A>B 3+0 0+0 requests false"}},
		"responses only": {"0 B>A 180 INVITE 1 to=b\n0.1 B>A 200 INVITE 1 to=b", 1, []string{"B>A 0+2 0+0 responses true"}},
		"one direction of calls both ways": {
			"0 A>B INVITE 1\n1 A>B 200 OPTIONS 7 id=other", 1,
			[]string{"A>B 1+1 0+0 one_direction true"},
		},
		"requests both ways, no response": {
			"0 A>B OPTIONS 1\n1 B>A OPTIONS 1 id=other", 1,
			[]string{"A>B 1+0 1+0 requests false"},
		},
		"an ACK past the proxy": {"0 A>P INVITE 1\n0.1 P>A 200 INVITE 1 to=b\n0.2 A>B ACK 1 to=b", 2, nil},
		"half becomes whole, another stays": {
			"0 A>B OPTIONS 1\n1 A>C OPTIONS 1 id=c\n2 A>D OPTIONS 1 id=d\n3 C>A 200 OPTIONS 1 id=c", 3,
			[]string{"A>B 1+0 0+0 requests false", "A>D 1+0 0+0 requests false"},
		},
		"a copy counts": {"0 A>B OPTIONS 1\n0.001 A>B OPTIONS 1 copy", 1, []string{"A>B 2+0 0+0 requests false"}},
	} {
		tr := NewTracker(Config{})
		for _, l := range parseScript(t, tt.script) {
			m, err := sip.Parse(l.message)
			if err != nil {
				t.Fatal(err)
			}
			tr.Message(&l.packet, m)
		}
		got := tr.Publish().Links
		var list []string
		for _, l := range got.List {
			list = append(list, fmt.Sprintf("%c>%c %d+%d %d+%d %s %v", l.A.As4()[3], l.B.As4()[3],
				l.AToB.Requests, l.AToB.Responses, l.BToA.Requests, l.BToA.Responses, l.Seen, l.Certain))
		}
		if got.Pairs != tt.pairs || got.OneSided != len(tt.want) || !slices.Equal(list, tt.want) || got.Full {
			t.Errorf("%s: %d pairs, %d one-sided, %q; want %d, %q", name, got.Pairs, got.OneSided, list, tt.pairs, tt.want)
		}
	}
}

// A host that calls itself goes one way only and is not one-sided for that.
func TestLinkToItself(t *testing.T) {
	links := newLinkTable()
	p := decode.Packet{Src: scriptAddr("A"), Dst: scriptAddr("A")}
	links.message(&p, &sip.Message{Method: "OPTIONS"})
	links.message(&p, &sip.Message{StatusCode: 200})
	if got := links.publish(); got.Pairs != 1 || got.OneSided != 0 {
		t.Errorf("%+v", got)
	}
}

// A full table keeps what it has, and a list that was handed out stays.
func TestLinksAreBounded(t *testing.T) {
	links := newLinkTable()
	links.limit = 2 * maxListed
	end := func(i int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, byte(i >> 8), byte(i)}), 5060)
	}
	request := &sip.Message{Method: "OPTIONS"}
	for i := range 2*maxListed + 10 {
		links.message(&decode.Packet{Src: scriptAddr("A"), Dst: end(i)}, request)
	}
	before := links.publish()
	if before.Pairs != 2*maxListed || before.OneSided != 2*maxListed || len(before.List) != maxListed || !before.Full {
		t.Fatalf("%d pairs, %d one-sided, %d listed, full %v", before.Pairs, before.OneSided, len(before.List), before.Full)
	}
	first := before.List[0]
	links.message(&decode.Packet{Src: end(0), Dst: scriptAddr("A")}, &sip.Message{StatusCode: 200})
	after := links.publish()
	if before.List[0] != first || after.List[0] == first || after.OneSided != 2*maxListed-1 || len(after.List) != maxListed {
		t.Errorf("the first was %+v, is %+v, now %+v of %d", first, before.List[0], after.List[0], after.OneSided)
	}
	again := links.publish()
	if &again.List[0] != &after.List[0] {
		t.Error("a list is made anew although nothing changed")
	}
}
