package ladder

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// dialled is a call in which the caller pressed keys by two ways, and a fax
// machine of the callee answered.
func dialled() (*correlate.Call, []*correlate.Stream) {
	const second = int64(1e9)
	a, b := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("198.51.100.2:5060")
	media := func(at netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(at.Addr(), 4000) }
	digit := func(at int64, source, key string, fromCaller bool, stream int) correlate.Digit {
		return correlate.Digit{Source: source, Key: key, Machine: len(key) > 1, At: at, Last: at, Duration: -1, FromCaller: fromCaller, Frame: int(at / second), Stream: stream, Ended: true}
	}
	c := &correlate.Call{Index: 1, CallID: "x", HasCallID: true, Source: a, Destination: b, DTMF: []correlate.Digit{
		digit(10*second, correlate.DigitEvent, "1", true, 1), digit(11*second, correlate.DigitEvent, "#", true, 1),
		digit(30*second, correlate.DigitInfo, "5", true, 0), digit(40*second, correlate.DigitEvent, "ANS", false, 2),
		digit(50*second, correlate.DigitInband, "7", true, 1),
	}}
	streams := []*correlate.Stream{
		{ID: 1, Src: media(a), Dst: media(b), First: 5 * second, Last: 60 * second, Codec: "PCMU", FromCaller: true},
		{ID: 2, Src: media(b), Dst: media(a), First: 5 * second, Last: 60 * second, Codec: "PCMU"},
	}
	return c, streams
}

func TestDigitRows(t *testing.T) {
	c, streams := dialled()
	for _, tt := range []struct {
		choice Choice
		want   []string
	}{
		{Choice{}, []string{"10 DTMF **", "30 DTMF * INFO", "40 ANS", "50 DTMF * in-band"}},
		{Choice{ShowKeys: true}, []string{"10 DTMF 1#", "30 DTMF 5 INFO", "40 ANS", "50 DTMF 7 in-band"}},
		{Choice{NoStreams: true}, nil},
		{Choice{OnlySDP: true}, nil},
		{Choice{ActiveSince: 45e9}, []string{"50 DTMF * in-band"}},
	} {
		l := Build([]Leg{{Call: c, Streams: streams}}, tt.choice)
		var got []string
		for _, r := range l.Rows {
			if r.Kind != DigitRow {
				continue
			}
			got = append(got, strings.Join([]string{strconv.FormatInt(r.Nanos/1e9, 10), r.Labels[0].Text}, " "))
			if right := r.To > r.From; right != r.Digits[0].FromCaller {
				t.Errorf("%s goes the wrong way", r.Labels[0].Text)
			}
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%+v: %q, want %q", tt.choice, got, tt.want)
		}
	}
	if drawn := text(t, c, streams, Options{}); !strings.Contains(drawn, "══ DTMF ** ══") || !strings.Contains(drawn, "◀═ ANS ══") || strings.Contains(drawn, "1#") {
		t.Errorf("drawn:\n%s", drawn)
	}
}
