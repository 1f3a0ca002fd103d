package correlate

import (
	"math"
	"testing"

	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
)

// spoken is a stream of PCMA that begins at a second and loses what lost says.
func spoken(id int, first int64, packets int, lost func(i int) bool) *Stream {
	var a quality.Account
	for i := range packets {
		if !lost(i) {
			a.Add(&quality.Packet{Arrival: first*second + int64(i)*20*millisecond, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)})
		}
	}
	s := &Stream{ID: id, Media: "audio", Codec: "PCMA", First: first * second, Last: first*second + int64(packets)*20*millisecond, Quality: a.Report(),
		Format: emodel.Format{Encoding: "PCMA", Clock: 8000, PTime: 20, Mode: -1}}
	var scorer mos.Scorer
	s.Score = scorer.Score(s.ScoreInput())
	return s
}

func TestCallScore(t *testing.T) {
	var scorer mos.Scorer
	whole := func(int) bool { return false }
	tenth := func(i int) bool { return i%10 == 5 }
	call := &Call{Answered: 20 * second, Ended: 40 * second}
	for _, v := range []struct {
		name    string
		streams []*Stream
		want    float64 // 0: none
		stream  int
	}{
		{"the worse of two", []*Stream{spoken(1, 20, 1000, whole), spoken(2, 20, 1000, tenth)}, 3.411, 2},
		{"lossy before the answer only", []*Stream{spoken(1, 10, 1500, func(i int) bool { return i < 500 && tenth(i) })}, 4.409, 1},
		{"early media by itself", []*Stream{spoken(1, 5, 700, tenth), spoken(2, 20, 900, whole)}, 4.409, 2},
		{"after the end", []*Stream{spoken(1, 41, 700, tenth)}, 0, 0},
		{"too short for an interval", []*Stream{spoken(3, 39, 40, whole)}, 4.409, 3},
		{"lossy on hold", []*Stream{spoken(1, 20, 1000, func(i int) bool { return i >= 250 && i < 500 && tenth(i) })}, 4.409, 1},
		{"nothing", nil, 0, 0},
	} {
		got := scoreCall(&scorer, call, v.streams)
		if v.name == "lossy on hold" {
			held := *call
			held.Holds = []Hold{{From: 24 * second, To: 31 * second}}
			got = scoreCall(&scorer, &held, v.streams)
		}
		if v.want == 0 {
			if got != nil {
				t.Errorf("%s: %+v, want none", v.name, got)
			}
			continue
		}
		if got == nil || math.Abs(got.MOS-v.want) > 0.001 || got.Stream != v.stream || got.Scale != "NB" {
			t.Errorf("%s: %+v, want %g of stream %d", v.name, got, v.want, v.stream)
		}
	}
}

// What is left of the audio beside a fax, and music on hold, is not heard as
// the quality of the call.
func TestCallScoreWithoutTalk(t *testing.T) {
	var scorer mos.Scorer
	lossy := func(i int) bool { return i%3 == 1 }
	fax := []Step{{Kind: StepFaxStarted, Nanos: 25 * second}}
	back := append(fax[:1:1], Step{Kind: StepFaxEnded, Nanos: 35 * second})
	hold := []Hold{{From: 25 * second, To: 35 * second}}
	clean, beside := spoken(1, 20, 240, func(int) bool { return false }), spoken(2, 26, 400, lossy)
	for name, v := range map[string]struct {
		told Told
		want int // stream
	}{
		"no pause":       {Told{}, 2},
		"fax to the end": {Told{Story: fax}, 1},
		"fax and back":   {Told{Story: back}, 1},
		"on hold":        {Told{Holds: hold}, 1},
	} {
		c := &Call{Answered: 20 * second, Ended: 40 * second, Told: v.told}
		if got := scoreCall(&scorer, c, []*Stream{clean, beside}); got == nil || got.Stream != v.want {
			t.Errorf("%s: %+v, want stream %d", name, got, v.want)
		}
		if got := scoreCall(&scorer, c, []*Stream{beside}); (got == nil) != (v.want == 1) {
			t.Errorf("%s, beside alone: %+v", name, got)
		}
	}
}
