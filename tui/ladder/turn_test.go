package ladder

import (
	"strings"
	"testing"

	"sipsniff/correlate"
)

// A stream that went over from PCMU to GSM after 20 s and back after 40 s has a
// row for each; the numbers stand at the first. 20 ms of something else are no
// codec.
func TestCodecTurnRows(t *testing.T) {
	c, streams := dialled()
	c.DTMF = nil
	s := streams[0]
	s.Packets = 2750
	s.Turns = []correlate.CodecTurn{{Since: 5e9, PayloadType: 0, Codec: "PCMU"}, {Since: 25e9, PayloadType: 3, Codec: "GSM"}, {Since: 45e9, PayloadType: 0, Codec: "PCMU"},
		{Since: 50e9, PayloadType: 100}, {Since: 50_020_000_000, PayloadType: 0, Codec: "PCMU"}}
	l := Build([]Leg{{Call: c, Streams: streams}}, Choice{})
	var got []string
	for _, r := range l.Rows {
		if r.Kind == StreamRow && r.Stream == s {
			got = append(got, r.Labels[0].Text)
			if r.From >= r.To || r.Nanos != s.Turns[r.Turn].Since {
				t.Errorf("%s: from %d to %d at %d", r.Labels[0].Text, r.From, r.To, r.Nanos)
			}
		}
	}
	want := "PCMU+1 2,750 pk|now GSM (payload type 3)|now PCMU (payload type 0)"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
	drawn := text(t, c, streams, Options{})
	if !strings.Contains(drawn, "══ now GSM (payload type 3) ══") || strings.Contains(drawn, " f0 ") {
		t.Errorf("drawn:\n%s", drawn)
	}
	if l := Build([]Leg{{Call: c, Streams: streams}}, Choice{NoStreams: true}); len(l.Rows) != 0 {
		t.Errorf("%d rows without streams", len(l.Rows))
	}
}
