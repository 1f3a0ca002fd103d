package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
)

// heard is example with a stream of a codec whose every fiftieth packet is
// lost, for half a minute.
func heard(codec string) Result {
	r := example()
	var a quality.Account
	for i := range 1500 {
		if i%50 != 25 {
			a.Add(&quality.Packet{Arrival: start + int64(i)*20e6, Frame: i, Timestamp: uint32(i * 160), ClockRate: 8000, SequenceNumber: uint16(i)})
		}
	}
	s := *r.Snapshot.Streams[0]
	s.Codec, s.Quality = codec, a.Report()
	s.Format = emodel.Format{Encoding: strings.ToUpper(codec), Clock: 8000, PTime: 20, Mode: -1}
	s.Score = r.Scorer.Score(s.ScoreInput())
	r.Snapshot.Streams[0] = &s
	if s.Score.Known {
		c := *r.Snapshot.Calls[0]
		c.Score = &correlate.CallScore{MOS: s.Score.MOS, Scale: "NB", Stream: 1, Assumed: s.Score.Entry.Assumed()}
		r.Snapshot.Calls[0] = &c
	}
	return r
}

func documentOf(t *testing.T, r Result) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// G.711 with 2 %: R 86.189 and MOS 4.235 (spec §6.9 V3, row 4); on the
// full-band scale Ie is 54.8, so 54.8 + (132-54.8)*2/(2+25.1) = 60.497 and R 87.503.
func TestQualityJSON(t *testing.T) {
	doc := documentOf(t, heard("PCMA"))
	stream := doc["streams"].([]any)[0].(map[string]any)
	for name, want := range map[string]float64{"r_factor": 86.189, "mos": 4.235, "mos_min": 4.235, "mos_p10": 4.235,
		"mos_common": emodel.MOS(87.503 / 1.48), "late_discarded": 0, "seconds_below_3_6": 0} {
		if got, ok := stream[name].(float64); !ok || math.Abs(got-want) > 0.001 {
			t.Errorf("%s is %v, want %g", name, stream[name], want)
		}
	}
	if stream["mos_basis"] != "G.107 PCMA Ie=0 Bpl=25.1" || stream["mos_scale"] != "NB" || stream["conversation"] != nil {
		t.Errorf("%v", stream)
	}
	intervals := stream["mos_intervals"].([]any)
	if first := intervals[0].(map[string]any); len(intervals) != 6 || first["at"] != "2026-01-02T03:04:05.000000006Z" || math.Abs(first["mos"].(float64)-4.235) > 0.001 {
		t.Errorf("%v", intervals)
	}
	// Losses 49 received packets apart are no burst.
	if b := stream["burst"].(map[string]any); b["burst_r"] != 1.0 || b["density"] != 0.0 || b["gap_density"] != 0.02 || b["gap_duration_ms"] != 30000.0 {
		t.Errorf("%v", b)
	}
	if buffers := stream["buffers"].([]any); len(buffers) != 3 || buffers[0].(map[string]any)["name"] != "f60" || buffers[2].(map[string]any)["unplayed_percent"] != 2.0 {
		t.Errorf("%v", buffers)
	}
	if call := doc["calls"].([]any)[0].(map[string]any); math.Abs(call["mos_min"].(float64)-4.235) > 0.001 || call["mos_stream"] != 1.0 {
		t.Errorf("%v", call)
	}
}

// What nothing is known of has no score, and says why.
func TestNoQualityWithoutBasis(t *testing.T) {
	doc := documentOf(t, heard("BV32"))
	stream := doc["streams"].([]any)[0].(map[string]any)
	if stream["mos"] != nil || stream["r_factor"] != nil || stream["mos_intervals"] != nil || stream["mos_reason"] != "unknown_codec" {
		t.Errorf("%v", stream)
	}
	if call := doc["calls"].([]any)[0].(map[string]any); call["mos_min"] != nil {
		t.Errorf("%v", call)
	}
}

func TestQualityText(t *testing.T) {
	for codec, want := range map[string]string{"PCMA": "4.23", "G726-32": "~3.67", "BV32": "-"} {
		var b bytes.Buffer
		if err := Text(&b, heard(codec)); err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(b.String(), "\n")
		if fields := strings.Fields(rows[1]); fields[9] != want {
			t.Errorf("%s: the call has MOS %q, want %q", codec, fields[9], want)
		}
	}
}

func TestCodecRowsAreListedOnce(t *testing.T) {
	seen := make(map[string]bool)
	for _, row := range CodecRows(&emodel.Table{}) {
		key := strings.Join(row, "|")
		if seen[key] {
			t.Errorf("twice: %s", key)
		}
		seen[key] = true
	}
	if len(seen) < 50 {
		t.Errorf("%d rows", len(seen))
	}
}
