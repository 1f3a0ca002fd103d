package ladder

import (
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/tui/glyph"
	"sipsniff/tui/internal/sample"
)

// FuzzLanes draws calls whose texts are anything at all: every line has its
// width, and nothing that could act on a terminal is left.
func FuzzLanes(f *testing.F) {
	f.Add("INVITE", "OK", "PCMA", "Phone (1.0", uint8(3), uint8(40))
	f.Add("[red]", "\x1b]0;x\a", "日本語", "\u202e\xff", uint8(9), uint8(0))
	f.Add("", "", "", "", uint8(0), uint8(255))
	f.Add(strings.Repeat("x", 500), "a\u0301\u0301", "👨\u200d👩", "(9", uint8(2), uint8(90))
	f.Fuzz(func(t *testing.T, method, reason, codec, agent string, hops, width uint8) {
		b := sample.New(1, agent, reason, codec, 0)
		hosts := []string{"192.0.2.1:5060", "192.0.2.2:5060", "[2001:db8::1]:5060", "192.0.2.1:5070"}
		for i := range int(hops % 12) {
			from, to := hosts[i%4], hosts[(i*i+1)%4]
			m := b.After(float64(i)*900).Request(from, to, method, "User-Agent: "+agent, "Reason: "+reason+";cause="+codec)
			sample.WithSDP(m, "192.0.2.1:4000", codec, reason)
			b.Again(m)
			b.Twin(m)
			b.Response(to, from, int(width)*3, reason, method, "Server: "+agent)
		}
		stream := b.Stream(1, "192.0.2.1:4000", "192.0.2.2:4000", codec, 1, uint64(width), uint64(hops))
		if len(b.Call.Messages()) == 0 {
			return
		}
		for _, set := range []glyph.Set{glyph.Unicode(), glyph.ASCII()} {
			for mode := SDPCodecs; mode < sdpModes; mode++ {
				l := Build([]Leg{{Call: &b.Call, Streams: []*correlate.Stream{stream}}}, Choice{ASCII: set.ASCII, SDP: mode, UnfoldAll: hops%2 == 0, SplitPorts: width%2 == 0})
				n := len(l.Participants)
				first := int(hops) % n
				g := Geometry{Edge: 12, Left: 20, Span: 18, Width: 30 + int(width), First: first, Count: min(n-first, 1+int(width)/18)}
				checkWidths(t, l, mode, g, set)
			}
		}
		var out strings.Builder
		if err := TextOfLegs(&out, []Leg{{Call: &b.Call, Streams: []*correlate.Stream{stream}}}, Options{Width: int(width)}); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			t.Fatalf("control character at %d of %q", i, out.String())
		}
	})
}
