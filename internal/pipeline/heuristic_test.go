package pipeline_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/allowance"
)

// fewPackets is below what a stream without SDP needs (spec §5.4).
const fewPackets = 5

// TestHeuristic compares the streams that no SIP sets up with those that
// tshark's heuristic finds in every shared capture. What tshark finds in five
// packets or more and we do not, and what we find and tshark does not, stands
// in the table, judged by the packets. Captures in which nothing is RTP hold
// no stream, but for those that the table names.
func TestHeuristic(t *testing.T) {
	dir := shared(t, "pcaps")
	if allowance.RaceDetector {
		t.Skip("the table holds for all captures at once: make test reads them without the race detector")
	}
	known := readDifferences(t)
	explained := ofFields(known, "heuristic")
	maps.Copy(explained, ofFields(known, "detected"))
	counts := make(map[string]int)
	check := func(field, what string) {
		if explained[field] == "" {
			t.Errorf("%s: %s: not explained in %s", field, what, differences)
		}
		delete(explained, field)
	}
	for _, row := range readTable(t, filepath.Join(dir, "catalog.tsv")) {
		r, err := read(filepath.Join(dir, row["file"]))
		if err != nil && r.Snapshot == nil {
			continue
		}
		none := row["class"] == "fp-heur" || row["class"] == "negative"
		if none {
			counts["captures without RTP"]++
		}
		guessed := tsharkRows(filepath.Join(dir, "oracle", row["id"]+".rtpstreams-heur.txt"))
		described := tsharkRows(filepath.Join(dir, "oracle", row["id"]+".taps.txt"))
		ours := make(map[string]*correlate.Stream)
		for _, s := range r.Snapshot.Streams {
			ours[streamKey(s.Src, s.Dst, s.SSRC)] = s
		}
		for n, key := range slices.Sorted(maps.Keys(guessed)) {
			switch s := ours[key]; {
			case s != nil && s.Call == nil:
				counts["both, without a call"]++
				if s.Packets+s.CaptureDuplicates == uint64(guessed[key].packets) {
					counts["both, without a call, with the same packets"]++
				}
			case s != nil:
				counts["both, of a call"]++
			case guessed[key].packets < fewPackets:
				counts["tshark only, of less than five packets"]++
			case none:
				counts["tshark only, where nothing is RTP"]++
			default:
				counts["tshark only, in "+filepath.Base(differences)]++
				check(fmt.Sprintf("%s heuristic %d", row["id"], n+1), fmt.Sprintf("tshark only, %d packets", guessed[key].packets))
			}
		}
		n := 0
		for _, key := range slices.Sorted(maps.Keys(ours)) {
			if s := ours[key]; s.Call == nil {
				n++
				if _, both := guessed[key]; both && !none || described[key].rows > 0 {
					continue
				}
				counts["ours only, or where nothing should be, in "+filepath.Base(differences)]++
				check(fmt.Sprintf("%s detected %d", row["id"], n), fmt.Sprintf("a stream of %d packets of %s (%s)", s.Packets, s.Codec, s.Detected))
			}
		}
		if r.Snapshot.Mistaken > 0 {
			counts["taken back"] += int(r.Snapshot.Mistaken)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(explained)) {
		t.Errorf("%s stands in %s but there is no such difference", field, differences)
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%5d %s", counts[what], what)
	}
}
