package quality

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate/quality/emodel"
)

// How a sender keeps silent (spec §5.9).
type pauseKind int

const (
	speaks pauseKind = iota // it sends all the time
	hushes                  // it sends nothing, as Opus and Speex do
	noise                   // comfort noise of its own payload type (RFC 3389), 8 kHz only
	frames                  // silence descriptors of its own codec now and then
)

func (k pauseKind) String() string {
	return [...]string{"-", "nothing", "CN", "SID"}[k]
}

// A codecShape is a codec of spec §6.7, by what it does to clock and packets.
// Clocks and packet times are those of its RTP payload format; the mobile
// codecs that never got one have their frames at 8 kHz.
type codecShape struct {
	name  string
	clock uint32
	pause pauseKind
	ticks []uint32 // of a packet
}

// codecShapes is every codec of spec §6.7, in its order.
var codecShapes = []codecShape{
	{"PCMU", 8000, noise, []uint32{160, 80, 240, 480}},
	{"PCMA", 8000, noise, []uint32{160, 80, 320}},
	{"G726-40", 8000, noise, []uint32{160}},
	{"AAL2-G726-40", 8000, noise, []uint32{240}},
	{"G726-32", 8000, noise, []uint32{160, 80}},
	{"G721", 8000, speaks, []uint32{160}},
	{"G726-24", 8000, noise, []uint32{160}},
	{"G726-16", 8000, noise, []uint32{320}},
	{"G728", 8000, noise, []uint32{160, 20}},
	{"G729", 8000, frames, []uint32{160, 80, 320}},
	{"G729D", 8000, frames, []uint32{160}},
	{"G729E", 8000, frames, []uint32{240}},
	{"G723", 8000, frames, []uint32{240, 480}},
	{"GSM", 8000, frames, []uint32{160, 320}},
	{"GSM-HR-08", 8000, frames, []uint32{160}},
	{"GSM-EFR", 8000, frames, []uint32{160}},
	{"VSELP", 8000, speaks, []uint32{160}},
	{"IS-641", 8000, speaks, []uint32{160}},
	{"QCELP", 8000, speaks, []uint32{160, 400}},
	{"PDC", 8000, speaks, []uint32{160}},
	{"EVRC", 8000, hushes, []uint32{160, 320}},
	{"EVRCB", 8000, hushes, []uint32{160}},
	{"AMR", 8000, frames, []uint32{160, 320, 640}},
	{"iLBC", 8000, speaks, []uint32{160, 240}},
	{"speex", 8000, hushes, []uint32{160}},
	{"SILK", 8000, hushes, []uint32{160}},
	{"L16", 8000, speaks, []uint32{80, 160}},
	{"DVI4", 8000, speaks, []uint32{160}},
	{"G722", 8000, speaks, []uint32{160, 80}}, // 16 kHz in truth (RFC 3551 §4.5.2)
	{"G7221", 16000, speaks, []uint32{320}},
	{"AMR-WB", 16000, frames, []uint32{320, 640}},
	{"speex", 16000, hushes, []uint32{320}},
	{"SILK", 16000, hushes, []uint32{960}},
	{"L16", 16000, speaks, []uint32{160}},
	{"EVS", 16000, frames, []uint32{320}},
	{"opus", 48000, hushes, []uint32{960, 120, 480, 1920, 2880}},
	{"L16", 44100, speaks, []uint32{441}},
	{"L16", 48000, speaks, []uint32{240}},
	{"G7221", 32000, speaks, []uint32{640}},
	{"SILK", 24000, hushes, []uint32{480}},
	{"MPEG4-GENERIC", 44100, speaks, []uint32{512}}, // AAC-LD
	{"MPEG4-GENERIC", 48000, speaks, []uint32{480}}, // AAC-ELD
}

// The truth set leaves out no codec that a MOS is computed of.
func TestTruthSetMeetsEveryCodec(t *testing.T) {
	for _, e := range (&emodel.Table{}).Entries() {
		name, _, _ := strings.Cut(e.Encoding, " ") // "OPUS NB" is Opus that plays no more than narrow band
		if !slices.ContainsFunc(codecShapes, func(s codecShape) bool {
			return strings.EqualFold(s.name, name) && (e.Clock == 0 || e.Clock == s.clock)
		}) {
			t.Errorf("no shape for %s at %d Hz", name, e.Clock)
		}
	}
}
