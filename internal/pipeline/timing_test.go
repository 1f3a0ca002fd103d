package pipeline_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
)

// tsharkTimes is a line of tshark's table of RTP streams with its times.
var tsharkTimes = regexp.MustCompile(`^\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+0x([0-9A-Fa-f]{8})\s+.*?\s+(\d+)\s+(-?\d+) \(` +
	`[^)]*\)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)`)

// A tsharkRow is one stream as tshark sees it.
type tsharkRow struct {
	streamCount
	wireTiming
	rows int // that the stream is spread over
}

// tsharkRows reads a table of RTP streams, by source, destination and SSRC.
func tsharkRows(path string) map[string]tsharkRow {
	rows := make(map[string]tsharkRow)
	f, err := os.Open(path)
	if err != nil {
		return rows
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		m := tsharkTimes.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		number := func(i int) float64 { v, _ := strconv.ParseFloat(m[i], 64); return v }
		ssrc, _ := strconv.ParseUint(m[5], 16, 32)
		key := streamKey(addrPort(m[1], m[2]), addrPort(m[3], m[4]), uint32(ssrc))
		r := rows[key]
		r.packets, r.lost, r.rows = r.packets+int64(number(6)), r.lost+int64(number(7)), r.rows+1
		r.wireTiming = wireTiming{maxDelta: number(10), meanJitter: number(12), maxJitter: number(13)}
		rows[key] = r
	}
	return rows
}

// recorded reads a capture and keeps the headers that Wireshark counts.
func recorded(name string) (*correlate.Snapshot, *wireRecorder) {
	src, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return nil, nil
	}
	w := &wireRecorder{packets: make(map[string][]wirePacket)}
	p := pipeline.New(pipeline.Config{Source: src, Tap: w})
	if p.Run(context.Background()) != nil {
		return nil, nil
	}
	return p.Snapshot(), w
}

// near reports whether two times in ms are the same but for what rounding and
// floating point make of them.
func near(a, b float64) bool { return math.Abs(a-b) <= max(0.002, 0.001*max(math.Abs(a), math.Abs(b))) }

// TestTiming compares the maximum of the spacing and the mean and maximum of
// the jitter of every RTP stream in the shared captures with tshark's. Where
// they differ, Wireshark's rules on the same packets have to give tshark's
// numbers, or the difference stands in the table with its explanation.
func TestTiming(t *testing.T) {
	dir := shared(t, "pcaps")
	explained := ofFields(readDifferences(t), "timing")
	counts := make(map[string]int)
	for _, row := range readTable(t, filepath.Join(dir, "catalog.tsv")) {
		want := tsharkRows(filepath.Join(dir, "oracle", row["id"]+".rtpstreams-heur.txt"))
		maps.Copy(want, tsharkRows(filepath.Join(dir, "oracle", row["id"]+".taps.txt")))
		if len(want) == 0 {
			continue
		}
		snapshot, wire := recorded(filepath.Join(dir, row["file"]))
		if snapshot == nil {
			continue
		}
		got := make(map[string][]*correlate.Stream)
		for _, s := range snapshot.Streams {
			key := streamKey(s.Src, s.Dst, s.SSRC)
			got[key] = append(got[key], s)
		}
		for n, key := range slices.Sorted(maps.Keys(want)) {
			if len(got[key]) != 1 {
				continue // who sees which stream is compared elsewhere
			}
			counts["streams that both see"]++
			why := compareTiming(got[key][0], want[key], wire.packets[key], counts)
			if field := fmt.Sprintf("%s timing %d", row["id"], n+1); why != "" {
				if explained[field] == "" {
					t.Errorf("%s: %s: not explained in %s", field, why, differences)
				}
				counts["times in "+filepath.Base(differences)]++
				delete(explained, field)
			}
		}
	}
	for _, field := range slices.Sorted(maps.Keys(explained)) {
		t.Errorf("%s stands in %s but there is no such difference", field, differences)
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%5d %s", counts[what], what)
	}
}

// compareTiming counts whether the times of a stream agree, and says how they
// differ where nothing explains it.
func compareTiming(s *correlate.Stream, want tsharkRow, packets []wirePacket, counts map[string]int) string {
	q := &s.Quality
	if want.packets != int64(s.Packets+s.CaptureDuplicates) {
		counts["packets: not the same, see the other fields"]++
		return ""
	}
	counts["packets: the same"]++
	if want.lost == int64(q.Lost) {
		counts["lost: the same"]++
	}
	same := map[string]bool{
		"max delta":   near(want.maxDelta, q.DeltaMax),
		"mean jitter": near(want.meanJitter, q.JitterMean),
		"max jitter":  near(want.maxJitter, q.JitterMax),
	}
	all := true
	for what, ok := range same {
		if ok {
			counts[what+": the same"]++
		}
		all = all && ok
	}
	if all {
		return ""
	}
	if want.rows == 1 && want.packets == int64(len(packets)) {
		described := uint32(0)
		if s.CodecFrom == "sdp" {
			described = s.ClockRate
		}
		for _, known := range []clocks{{s.PayloadType, described, 0}, {s.PayloadType, 0, 0}, {s.PayloadType, described, s.ClockRate}} {
			clock := known.described
			m := wireshark(packets, known.of)
			if near(m.maxDelta, want.maxDelta) && near(m.meanJitter, want.meanJitter) && near(m.maxJitter, want.maxJitter) {
				for what, ok := range same {
					if !ok {
						counts[what+": by Wireshark's rules, "+ruleOf(s, packets, clock, what)]++
					}
				}
				return ""
			}
		}
	}
	return fmt.Sprintf("tshark %+v, ours delta %.3f jitter %.3f max %.3f; %d packets, recorded %d", want, q.DeltaMax, q.JitterMean, q.JitterMax, s.Packets, len(packets))
}

// ruleOf names what about a stream makes Wireshark's rules differ from ours.
func ruleOf(s *correlate.Stream, packets []wirePacket, clock uint32, what string) string {
	marked, noise, past := false, false, false
	for i, p := range packets[1:] {
		marked = marked || p.marker
		noise = noise || comfortNoise(p.payloadType)
		past = past || int32(p.timestamp-packets[i].timestamp) < 0
	}
	switch {
	case clock == 0 && s.PayloadType >= 96 && strings.Contains(what, "jitter"):
		return "which knows no clock"
	case s.CaptureDuplicates > 0 || s.Quality.Duplicates > 0:
		return "copies count"
	case past:
		return "late packets do not count"
	case noise:
		return "comfort noise and what follows does not count"
	case marked && what != "mean jitter":
		return "marked packets do not count"
	case marked:
		return "marked packets are in the divisor only"
	case s.ClockRate%1000 != 0:
		return "the clock is rounded"
	case s.Quality.TimestampJumps > 0:
		return "timestamp jumps count"
	}
	return "the rest"
}

// ofFields picks the rows of the table whose field begins with a word, or with
// none of those that tests of their own look at.
func ofFields(explained map[string]string, word string) map[string]string {
	picked := make(map[string]string)
	for key, why := range explained {
		_, field, _ := strings.Cut(key, " ")
		first, _, _ := strings.Cut(field, " ")
		own := first == "timing" || first == "heuristic" || first == "detected"
		if first == word || word == "" && !own {
			picked[key] = why
		}
	}
	return picked
}
