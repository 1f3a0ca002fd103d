package correlate

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate/internal/b2bua"
	"sipsniff/correlate/legs"
	"sipsniff/decode"
	"sipsniff/decode/sip"
	"sipsniff/internal/allowance"
)

// feedScene gives the messages of a scene to a tracker, and publishes after
// every so many of them; 0 for once, at the end.
func feedScene(t testing.TB, tracker *Tracker, s *b2bua.Scene, every int) *Snapshot {
	t.Helper()
	for i, p := range s.Packets {
		m, err := sip.Parse(strings.Clone(p.Text))
		if err != nil {
			t.Fatal(err)
		}
		packet := decode.Packet{Frame: i + 1, LastFrame: i + 1, Nanos: p.Nanos, LastNanos: p.Nanos, Src: p.Src, Dst: p.Dst}
		tracker.Message(&packet, m)
		if every != 0 && i%every == 0 {
			tracker.Publish()
		}
	}
	tracker.Flush()
	return tracker.Publish()
}

// pairsOf counts the pairs of calls that are rightly, wrongly and not joined.
func pairsOf(s *b2bua.Scene, snapshot *Snapshot) (right, wrong, missed int) {
	truth := map[int]int{}
	should := map[int]int{}
	for _, c := range snapshot.Calls {
		truth[c.Index] = s.Calls[c.CallID]
		should[s.Calls[c.CallID]]++
	}
	for _, n := range should {
		missed += n * (n - 1) / 2
	}
	for _, c := range snapshot.Calls {
		for _, o := range c.Joined() {
			switch {
			case o <= c.Index:
			case truth[o] == truth[c.Index]:
				right++
				missed--
			default:
				wrong++
			}
		}
	}
	return right, wrong, missed
}

func TestLegsOfScenes(t *testing.T) {
	for _, c := range []struct {
		name              string
		scene             *b2bua.Scene
		precision, recall float64
	}{
		{"no helpful header", b2bua.Calls(b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 1}), 0.995, 0.98},
		{"Session-ID", b2bua.Calls(b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 4, Helper: b2bua.SessionID}), 1, 1},
		{"X-CID", b2bua.Calls(b2bua.Options{Calls: 1000, PerSecond: 50, Seed: 5, Helper: b2bua.XCID}), 1, 1},
		{"unrelated", b2bua.Unrelated(b2bua.Options{Calls: allowance.Share(10_000, 1_000), PerSecond: 20, Seed: 6}), 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			right, wrong, missed := pairsOf(c.scene, feedScene(t, NewTracker(Config{}), c.scene, 0))
			precision, recall := share(right, right+wrong), share(right, right+missed)
			t.Logf("%v: precision %.3f %%, recall %.3f %% (pairs: %d right, %d wrong, %d missed)", c.scene, 100*precision, 100*recall, right, wrong, missed)
			if precision < c.precision || recall < c.recall || wrong > 0 && c.precision == 1 {
				t.Errorf("want precision %v, recall %v", c.precision, c.recall)
			}
		})
	}
}

func share(part, all int) float64 {
	if all == 0 {
		return 1
	}
	return float64(part) / float64(all)
}

// TestLegsAnyChunking publishes at other moments, and reads messages in another
// order within a second: the joins are the same.
func TestLegsAnyChunking(t *testing.T) {
	calls := allowance.Share(300, 60)
	scene := b2bua.Calls(b2bua.Options{Calls: calls, PerSecond: 50, Seed: 7})
	want := legText(feedScene(t, NewTracker(Config{}), scene, 0))
	if strings.Count(want, "with") < calls*5/3 {
		t.Fatalf("few joins:\n%s", want)
	}
	for _, every := range []int{1, 7, 1000} {
		if got := legText(feedScene(t, NewTracker(Config{}), scene, every)); got != want {
			t.Errorf("published after every %d messages: %s", every, firstLineThatDiffers(want, got))
		}
	}
	shuffled := &b2bua.Scene{Calls: scene.Calls, Packets: slices.Clone(scene.Packets)}
	for i := range shuffled.Packets { // swaps neighbours of up to ten places
		if j := i + i*i%10; j < len(shuffled.Packets) && shuffled.Packets[j].Nanos-shuffled.Packets[i].Nanos < second {
			shuffled.Packets[i], shuffled.Packets[j] = shuffled.Packets[j], shuffled.Packets[i]
		}
	}
	if got := legText(feedScene(t, NewTracker(Config{}), shuffled, 50)); got != want {
		t.Errorf("out of order: %s", firstLineThatDiffers(want, got))
	}
}

// legText is the legs of all calls, by Call-ID.
func legText(s *Snapshot) string {
	var lines []string
	for _, c := range s.Calls {
		line := c.CallID + ":"
		for _, l := range c.Legs {
			line += fmt.Sprintf(" %s with %s %d %v %v;", l.Ref.CallID, l.With.CallID, l.Score, l.Possible, l.Reasons)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func firstLineThatDiffers(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\nwant " + a[i] + "\ngot  " + b[i]
		}
	}
	return "another number of lines"
}

// TestLegsWhileLive looks at the joins before the end of the capture.
func TestLegsWhileLive(t *testing.T) {
	scene := b2bua.Calls(b2bua.Options{Calls: 400, PerSecond: 50, Seed: 8})
	tracker := NewTracker(Config{})
	for i, p := range scene.Packets {
		m, _ := sip.Parse(strings.Clone(p.Text))
		packet := decode.Packet{Frame: i + 1, LastFrame: i + 1, Nanos: p.Nanos, LastNanos: p.Nanos, Src: p.Src, Dst: p.Dst}
		tracker.Message(&packet, m)
		if i%50 == 0 {
			tracker.Publish()
		}
	}
	right, wrong, missed := pairsOf(scene, tracker.Publish())
	precision, recall := share(right, right+wrong), share(right, right+missed)
	t.Logf("precision %.3f %%, recall %.3f %%", 100*precision, 100*recall)
	if precision < 0.995 || recall < 0.98 {
		t.Errorf("%d right, %d wrong, %d missed", right, wrong, missed)
	}
}

// TestLegsOfPublishedCalls never change: a join makes new Calls.
func TestLegsOfPublishedCalls(t *testing.T) {
	tracker := NewTracker(Config{})
	twoLegs := sceneOf(t, `
0.000 A>B one +4930123456 +4989654321
0.020 B>C two 030123456 089654321
`)
	first := &b2bua.Scene{Packets: twoLegs.Packets[:1]}
	feedSome(t, tracker, first)
	before := tracker.Publish()
	feedSome(t, tracker, &b2bua.Scene{Packets: twoLegs.Packets[1:]})
	after := tracker.Publish()
	if before.Calls[0].Legs != nil {
		t.Error("the published call has got legs")
	}
	if got := after.Calls[0].Joined(); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("legs %v", after.Calls[0].Legs)
	}
	if &after.Calls[0].Legs[0] != &after.Calls[1].Legs[0] {
		t.Error("the legs of one call do not share a list")
	}
	if again := tracker.Publish(); again.Calls[0] != after.Calls[0] {
		t.Error("a new Call of an unchanged one")
	}
}

// TestLegsLeave evicts a call in the middle: the others are no longer joined
// with it.
func TestLegsLeave(t *testing.T) {
	tracker := NewTracker(Config{MaxCalls: 3})
	feedSome(t, tracker, sceneOf(t, `
0.000 A>B one +4930123456 +4989654321
0.020 B>C two 030123456 089654321
0.040 C>D three 030123456 089654321
`))
	if got := tracker.Publish().Calls[2].Joined(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Fatalf("legs %v", got)
	}
	feedSome(t, tracker, sceneOf(t, "9.000 X>Y four +4440111111 +4440222222"))
	s := tracker.Publish()
	if got := s.Calls[0].Joined(); s.Calls[0].CallID != "two" || !slices.Equal(got, []int{2, 3}) {
		t.Errorf("%s has legs %v", s.Calls[0].CallID, got)
	}
}

// TestLegHeader joins calls by a header that the user names.
func TestLegHeader(t *testing.T) {
	header, err := legs.ParseHeader(`X-Trace=^leg=([^;]+)`)
	if err != nil {
		t.Fatal(err)
	}
	tracker := NewTracker(Config{LegHeaders: []legs.Header{header}})
	feedSome(t, tracker, sceneOf(t, `
0.000 A>B one alice bob
5.000 C>D two carol dave +X-Trace:leg=one;x
`))
	c := tracker.Publish().Calls[1]
	if got := c.Joined(); !slices.Equal(got, []int{1, 2}) || c.Legs[1].Score != 100 || c.Legs[1].Reasons[0] != "X-Trace names the other Call-ID" {
		t.Errorf("legs %+v", c.Legs)
	}
}

// TestLegsBehindProxies finds the host between two legs although a proxy stands
// in front of it.
func TestLegsBehindProxies(t *testing.T) {
	tracker := NewTracker(Config{})
	feedSome(t, tracker, sceneOf(t, `
0.000 A>P one 1234567 7654321
0.001 P>B one 1234567 7654321
0.010 B>P two 1234567 7654321
0.011 P>C two 1234567 7654321
`))
	c := tracker.Publish().Calls[1]
	if got := c.Joined(); !slices.Equal(got, []int{1, 2}) || !slices.Contains(c.Legs[1].Reasons, "192.0.2.66 received one and sent the other") {
		t.Errorf("legs %+v", c.Legs)
	}
}

// sceneOf reads lines of "seconds FROM>TO Call-ID caller callee +header": one
// INVITE each.
func sceneOf(t *testing.T, text string) *b2bua.Scene {
	t.Helper()
	s := &b2bua.Scene{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		host := func(letter byte) string { return fmt.Sprintf("192.0.2.%d", letter) }
		from, to := host(fields[1][0]), host(fields[1][2])
		var extra strings.Builder
		for _, h := range fields[5:] {
			extra.WriteString(h[1:] + "\r\n")
		}
		s.Packets = append(s.Packets, b2bua.Packet{
			Nanos: at(number(t, fields[0])),
			Src:   netip.MustParseAddrPort(from + ":5060"), Dst: netip.MustParseAddrPort(to + ":5060"),
			Text: fmt.Sprintf("INVITE sip:%[5]s@%[2]s SIP/2.0\r\nVia: SIP/2.0/UDP %[1]s;branch=z9hG4bK%[3]s%[1]s\r\nFrom: <sip:%[4]s@%[1]s>;tag=f%[3]s\r\nTo: <sip:%[5]s@%[2]s>\r\nCall-ID: %[3]s\r\nCSeq: 1 INVITE\r\n%[6]sContent-Length: 0\r\n\r\n",
				from, to, fields[2], fields[3], fields[4], extra.String()),
		})
	}
	return s
}

// feedSome gives messages to a tracker and goes on.
func feedSome(t *testing.T, tracker *Tracker, s *b2bua.Scene) {
	t.Helper()
	for _, p := range s.Packets {
		m, err := sip.Parse(p.Text)
		if err != nil {
			t.Fatal(err)
		}
		packet := decode.Packet{Frame: int(p.Nanos), LastFrame: int(p.Nanos), Nanos: p.Nanos, LastNanos: p.Nanos, Src: p.Src, Dst: p.Dst}
		tracker.Message(&packet, m)
	}
}

// TestLegsByMedia joins calls by what their media have in common, however far
// apart they are.
func TestLegsByMedia(t *testing.T) {
	for name, ssrc := range map[string]uint32{"relayed": 0x1001, "other": 0x2002} {
		tracker := NewTracker(Config{})
		withSDP := func(at float64, from, to, id, media string) {
			s := sceneOf(t, fmt.Sprintf("%.3f %s>%s %s alice bob", at, from, to, id))
			body := "v=0\r\no=- 0 0 IN IP4 x\r\nc=IN IP4 " + media + "\r\nm=audio 4000 RTP/AVP 0\r\n"
			s.Packets[0].Text = strings.Replace(s.Packets[0].Text, "Content-Length: 0\r\n\r\n", fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body), 1)
			feedSome(t, tracker, s)
		}
		withSDP(0, "A", "B", "one", "192.0.2.101")
		withSDP(40, "C", "D", "two", "192.0.2.102")
		for i := range 60 {
			for leg, source := range [...]uint32{0x1001, ssrc} {
				octets := []byte{0x80, 0, byte((500 + i) >> 8), byte(500 + i), 0, 0, byte(i * 160 >> 8), byte(i * 160), byte(source >> 24), byte(source >> 16), byte(source >> 8), byte(source)}
				octets = append(octets, make([]byte, 160)...)
				nanos := at(50+float64(i)*0.02) + int64(leg)*2_000_000
				tracker.Datagram(&decode.Packet{Frame: 100 + i, Nanos: nanos, Src: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(111 + leg)}), 6000),
					Dst: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(101 + leg)}), 4000), Payload: octets, WireLength: len(octets)})
			}
		}
		tracker.Flush()
		s := tracker.Publish()
		if len(s.Streams) != 2 {
			t.Fatalf("%s: %d streams", name, len(s.Streams))
		}
		if got := s.Calls[1].LegCount() == 2; got != (name == "relayed") {
			t.Errorf("%s: legs %+v", name, s.Calls[1].Legs)
		}
	}
}

// TestLegsByCorrelation joins calls that an agent reports under one number.
func TestLegsByCorrelation(t *testing.T) {
	tracker := NewTracker(Config{})
	for i, p := range sceneOf(t, "0 A>B first@A alice bob\n40 C>D second@C carol dave\n80 E>F third@E eve frank").Packets {
		m, err := sip.Parse(p.Text)
		if err != nil {
			t.Fatal(err)
		}
		of := [...]string{"first@A", "first@A", "third@E"}[i]
		tracker.Message(&decode.Packet{Frame: i + 1, Nanos: p.Nanos, Src: p.Src, Dst: p.Dst, Correlation: []byte(of)}, m)
	}
	s := tracker.Publish()
	if got := s.Calls[1].Joined(); !slices.Equal(got, []int{1, 2}) || s.Calls[2].LegCount() != 1 {
		t.Errorf("legs %+v, %+v", s.Calls[1].Legs, s.Calls[2].Legs)
	}
}
