package extract

import (
	"context"
	"errors"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

func TestJoined(t *testing.T) {
	got := joined([]span{{50, 60}, {1, 3}, {4, 9}, {20, 30}, {22, 25}, {30, 31}})
	if want := []span{{1, 9}, {20, 31}, {50, 60}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestWithin compares with looking at every span.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []span
		for range rapid.IntRange(0, 8).Draw(t, "spans") {
			from := rapid.Int64Range(0, 60).Draw(t, "from")
			list = append(list, span{from, from + rapid.Int64Range(0, 9).Draw(t, "length")})
		}
		plain := slices.Clone(list)
		list = joined(list)
		for v := range int64(70) {
			want := slices.ContainsFunc(plain, func(s span) bool { return s.from <= v && v <= s.to })
			if within(list, v) != want {
				t.Fatalf("%d in %v: %v", v, plain, !want)
			}
		}
	})
}

func TestFrames(t *testing.T) {
	var s Frames
	for _, n := range []int{1, 64, 1, 1000, -1} {
		s.add(n)
	}
	if s.Len() != 3 || !s.Has(64) || s.Has(65) || s.Has(-1) || s.Has(1<<40) {
		t.Errorf("%d frames", s.Len())
	}
}

// What is selected of a call: by hand.
func TestSelect(t *testing.T) {
	a, b, m := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("192.0.2.2:5060"), netip.MustParseAddrPort("192.0.2.1:4000")
	n := netip.MustParseAddrPort("192.0.2.2:4002")
	const s = int64(1e9)
	call := (&correlate.Call{Index: 1, Started: 10 * s, StreamIDs: []int{1}, NetworkErrors: []correlate.NetworkError{{Src: a, Dst: b, Count: 1, Frames: []int{28}}}}).WithMessages([]*correlate.Message{
		{Frame: 5, LastFrame: 5, Nanos: 10 * s, LastNanos: 10 * s, Src: a, Dst: b, Transport: decode.UDP},
		{Frame: 7, LastFrame: 9, Nanos: 11 * s, LastNanos: 12 * s, Src: b, Dst: a, Transport: decode.TCP},
	})
	snap := &correlate.Snapshot{Streams: []*correlate.Stream{{ID: 1, Src: m, Dst: n, First: 13 * s, Last: 20 * s}, {ID: 2, Src: n, Dst: m, First: s, Last: 99 * s}}}
	x := Select(snap, []*correlate.Call{call})
	f := &finder{Selection: x}
	packet := func(frame int, src, dst netip.AddrPort, at int64) *decode.Packet {
		return &decode.Packet{Frame: frame, LastFrame: frame, Src: src, Dst: dst, Nanos: at}
	}
	f.Message(packet(5, a, b, 10*s))
	f.Message(packet(6, a, b, 10*s)) // of another call
	for frame := 6; frame <= 10; frame++ {
		f.segment(packet(frame, a, b, 11*s))
	}
	f.segment(packet(8, a, m, 11*s))                // another connection
	f.Datagram(packet(20, m, n, 13*s))              // RTP
	f.Datagram(packet(21, above(n), above(m), 9*s)) // RTCP, a second before
	f.Datagram(packet(22, m, n, 9*s-1))             // too early
	f.Datagram(packet(23, n, m, 21*s))
	f.Datagram(packet(24, n, m, 21*s+1)) // too late
	f.Datagram(packet(25, a, n, 13*s))   // not to it
	about := func(src, dst netip.AddrPort) *decode.ICMPError { return &decode.ICMPError{Src: src, Dst: dst} }
	f.ICMP(packet(26, netip.AddrPort{}, netip.AddrPort{}, 14*s), about(m, n)) // of its media
	f.ICMP(packet(27, netip.AddrPort{}, netip.AddrPort{}, 99*s), about(m, n)) // later
	f.ICMP(packet(28, netip.AddrPort{}, netip.AddrPort{}, 11*s), about(a, b)) // of its messages
	f.ICMP(packet(29, netip.AddrPort{}, netip.AddrPort{}, 11*s), about(a, b)) // of those of another call
	var got []int
	for i := range 40 {
		if f.found.Has(i) {
			got = append(got, i)
		}
	}
	if want := []int{5, 7, 8, 9, 20, 21, 23, 26, 28}; !slices.Equal(got, want) {
		t.Errorf("frames %v, want %v", got, want)
	}
}

// RTCP goes where a=rtcp says, or to the port of RTP.
func TestReportsElsewhere(t *testing.T) {
	at := netip.MustParseAddrPort
	m, n := at("192.0.2.1:4000"), at("192.0.2.2:4002")
	const s = int64(1e9)
	described := &sdp.Session{Media: []sdp.Media{
		{Address: m.Addr(), Port: m.Port(), RTCP: netip.AddrPortFrom(netip.Addr{}, 7000)},
		{Address: n.Addr(), Port: n.Port(), RTCP: at("192.0.2.3:7002")},
		{Address: n.Addr(), RTCP: at("192.0.2.3:9")}, {Port: 9, RTCP: at("192.0.2.3:9")},
	}}
	call := (&correlate.Call{Index: 1, Started: 10 * s, StreamIDs: []int{1}}).WithMessages([]*correlate.Message{{Frame: 5, Nanos: 10 * s, LastNanos: 10 * s, Src: m, Dst: n, SDP: described}})
	x := Select(&correlate.Snapshot{Streams: []*correlate.Stream{{ID: 1, Src: m, Dst: n, First: 13 * s, Last: 20 * s}}}, []*correlate.Call{call})
	for _, pair := range [][2]netip.AddrPort{{at("192.0.2.1:7000"), at("192.0.2.3:7002")}, {at("192.0.2.3:7002"), above(m)}, {m, at("192.0.2.3:7002")}, {above(m), above(n)}, {m, above(n)}} {
		if !within(x.media[endsOf(pair[0], pair[1])], 14*s) {
			t.Errorf("%v is left out", pair)
		}
	}
	if within(x.media[endsOf(m, at("192.0.2.3:9"))], 14*s) {
		t.Error("a line without a port has reports")
	}
}

// Around a call everything of its hosts is wanted, whoever it is with; without
// reports neither RTCP nor ICMP is.
func TestAround(t *testing.T) {
	a, b := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("192.0.2.2:5060")
	dns, far := netip.MustParseAddrPort("192.0.2.9:53"), netip.MustParseAddrPort("192.0.2.8:53")
	const s = int64(1e9)
	call := (&correlate.Call{Index: 1, Started: 20 * s}).WithMessages([]*correlate.Message{{Frame: 5, LastFrame: 5, Nanos: 20 * s, LastNanos: 20 * s, Src: a, Dst: b, Transport: decode.UDP}})
	snap := &correlate.Snapshot{}
	find := func(change func(x *Selection)) (got []int) {
		x := Select(snap, []*correlate.Call{call})
		change(x)
		f := &finder{Selection: x}
		packet := func(frame int, src, dst netip.AddrPort, at int64) *decode.Packet {
			return &decode.Packet{Frame: frame, LastFrame: frame, Src: src, Dst: dst, Nanos: at}
		}
		f.Message(packet(5, a, b, 20*s))
		f.Message(packet(6, b, a, 21*s)) // of another call
		f.Datagram(packet(7, a, dns, 15*s))
		f.Datagram(packet(8, a, dns, 15*s-1)) // too early
		f.Datagram(packet(9, dns, b, 25*s))
		f.Datagram(packet(10, dns, b, 25*s+1)) // too late
		f.Datagram(packet(11, dns, far, 20*s)) // of others
		f.segment(packet(12, far, a, 20*s))
		f.KeepAlive(packet(13, a, b, 20*s))
		f.ICMP(packet(14, netip.AddrPort{}, netip.AddrPort{}, 20*s), &decode.ICMPError{Src: a, Dst: far})
		f.ICMP(packet(15, netip.AddrPort{}, netip.AddrPort{}, 20*s), &decode.ICMPError{Src: dns, Dst: far})
		control := packet(16, a, b, 20*s)
		control.Payload = []byte{0x80, 201, 0, 1, 0, 0, 0, 1} // a receiver report
		f.Datagram(control)
		sound := packet(17, far, b, 20*s)
		sound.Payload = make([]byte, 172)
		sound.Payload[0] = 0x80
		f.Datagram(sound)
		for i := range 40 {
			if f.found.Has(i) {
				got = append(got, i)
			}
		}
		return got
	}
	for _, tt := range []struct {
		name   string
		change func(x *Selection)
		want   []int
	}{
		{"the call alone", func(*Selection) {}, []int{5}},
		{"around it", func(x *Selection) { x.Around(snap, []*correlate.Call{call}) }, []int{5, 6, 7, 9, 12, 13, 14, 16, 17}},
		{"without reports", func(x *Selection) { x.Around(snap, []*correlate.Call{call}); x.WithoutReports() }, []int{5, 6, 7, 9, 12, 13, 17}},
		{"without sound", func(x *Selection) { x.Around(snap, []*correlate.Call{call}); x.OnlySignalling() }, []int{5, 6, 7, 9, 12, 13, 14}},
		{"without messages", func(x *Selection) { x.Around(snap, []*correlate.Call{call}); x.OnlyMedia() }, []int{7, 9, 14, 16, 17}},
	} {
		if got := find(tt.change); !slices.Equal(got, tt.want) {
			t.Errorf("%s: frames %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Of several files, whose secrets come by turns, each secret is written once.
func TestSecretsOfSeveralFiles(t *testing.T) {
	folder := t.TempDir()
	create := func(name string, steps ...any) string {
		t.Helper()
		name = filepath.Join(folder, name)
		w, err := capture.Create(name, capture.WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			switch step := step.(type) {
			case string:
				err = w.WriteSecret(capture.Secret{Type: capture.SecretTLSKeyLog, Data: []byte(step)})
			case int:
				err = w.Write(&capture.Frame{Nanos: int64(step) * 1e9, Data: make([]byte, 60), Length: 60, LinkType: 1})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return name
	}
	first, second := create("a.pcapng", "a1", 1, "a2", 3), create("b.pcapng", "b1", 2, "b2", 4)
	source, err := capture.Open([]string{first, second}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var all Frames
	for frame := range 5 {
		all.add(frame)
	}
	name := filepath.Join(folder, "out.pcapng")
	w, err := capture.Create(name, capture.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(all.Write(context.Background(), source, w), w.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := capture.Each(context.Background(), out, func(*capture.Frame) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, secret := range out.(capture.SecretSource).Secrets() {
		got = append(got, string(secret.Data))
	}
	slices.Sort(got)
	if want := []string{"a1", "a2", "b1", "b2"}; !slices.Equal(got, want) {
		t.Errorf("secrets %q, want %q", got, want)
	}
}
