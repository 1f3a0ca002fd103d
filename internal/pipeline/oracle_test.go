package pipeline_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
)

// differences is the table of what we and tshark see differently in the
// shared captures, with the frames that show who is right.
const differences = "../../pcaps/differences.tsv"

// TestOracle reads every shared capture and compares SIP messages, Call-IDs,
// methods, responses, transports and the RTP streams set up by SDP with what
// tshark found. A difference must stand in the table with its explanation,
// and the table must hold nothing that is no difference.
func TestOracle(t *testing.T) {
	dir := shared(t, "pcaps")
	explained := ofFields(readDifferences(t), "")
	agree, withSIP, streams, streamsAgree := 0, 0, 0, 0
	if allowance.RaceDetector {
		t.Skip("the table holds for all captures at once: make test reads them without the race detector")
	}
	for _, row := range readTable(t, filepath.Join(dir, "catalog.tsv")) {
		found := make(map[string]string) // field -> "tshark … ours …"
		r, err := read(filepath.Join(dir, row["file"]))
		if err != nil && r.Snapshot == nil {
			if row["sip_msgs"] != "0" {
				found["file"] = "tshark " + row["sip_msgs"] + " messages, ours " + err.Error()
			}
		} else {
			want, got := expectedCounts(row), countsOf(r)
			for field := range want {
				if want[field] != got[field] {
					found[field] = fmt.Sprintf("tshark %s, ours %s", want[field], got[field])
				}
			}
			if row["sip_msgs"] != "0" || r.Snapshot.Totals.SIPMessages > 0 {
				withSIP++
				if len(found) == 0 {
					agree++
				}
			}
			n, different := compareStreams(t, dir, row["id"], r)
			streams += n
			streamsAgree += n - len(different)
			maps.Copy(found, different)
		}
		for field, what := range found {
			key := row["id"] + " " + field
			if explained[key] == "" {
				t.Errorf("%s: %s: not explained in %s", key, what, differences)
			}
			delete(explained, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(explained)) {
		t.Errorf("%s stands in %s but there is no such difference", key, differences)
	}
	t.Logf("SIP files that agree untouched: %d of %d; streams that agree: %d of %d", agree, withSIP, streamsAgree, streams)
}

func read(name string) (report.Result, error) {
	src, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return report.Result{}, err
	}
	p := pipeline.New(pipeline.Config{Source: src})
	err = errors.Join(p.Run(context.Background()), src.Close())
	return report.Result{Status: p.Status(), Snapshot: p.Snapshot()}, err
}

func expectedCounts(row map[string]string) map[string]string {
	return map[string]string{
		"sip_msgs":   row["sip_msgs"],
		"call_ids":   row["call_ids"],
		"methods":    sorted(row["methods"]),
		"responses":  sorted(row["responses"]),
		"transports": strings.ReplaceAll(sorted(row["sip_transports"]), "websocket:", "ws:"),
	}
}

func countsOf(r report.Result) map[string]string {
	s := r.Snapshot
	ids := make(map[string]bool)
	for _, c := range s.Calls {
		if c.HasCallID && c.CallID != "" {
			ids[c.CallID] = true
		}
	}
	var methods, responses, transports []string
	for name, n := range s.Methods {
		methods = append(methods, fmt.Sprintf("%s:%d", name, n))
	}
	for status, n := range s.Responses {
		responses = append(responses, fmt.Sprintf("%d:%d", status, n))
	}
	for transport, n := range s.Transports {
		if n > 0 {
			transports = append(transports, fmt.Sprintf("%s:%d", transport, n))
		}
	}
	return map[string]string{
		"sip_msgs":   strconv.FormatUint(s.Totals.SIPMessages, 10),
		"call_ids":   strconv.Itoa(len(ids)),
		"methods":    sorted(strings.Join(methods, " ")),
		"responses":  sorted(strings.Join(responses, " ")),
		"transports": sorted(strings.Join(transports, " ")),
	}
}

// sorted orders the words of a count list and adds up equal names.
func sorted(list string) string {
	sum := make(map[string]int)
	for _, word := range strings.Fields(list) {
		if i := strings.LastIndexByte(word, ':'); i > 0 {
			n, _ := strconv.Atoi(word[i+1:])
			sum[word[:i]] += n
		}
	}
	words := make([]string, 0, len(sum))
	for _, name := range slices.Sorted(maps.Keys(sum)) {
		words = append(words, fmt.Sprintf("%s:%d", name, sum[name]))
	}
	return strings.Join(words, " ")
}

// tsharkStream is a line of tshark's table of RTP streams.
var tsharkStream = regexp.MustCompile(`^\s*[\d.]+\s+[\d.]+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s+0x([0-9A-Fa-f]{8})\s+.*?\s+(\d+)\s+(-?\d+) \(`)

type streamCount struct{ packets, lost int64 }

func compareStreams(t *testing.T, dir, id string, r report.Result) (total int, different map[string]string) {
	t.Helper()
	want := tsharkStreams(t, filepath.Join(dir, "oracle", id+".taps.txt"))
	got := make(map[string]streamCount)
	for _, s := range r.Snapshot.Streams {
		key := streamKey(s.Src, s.Dst, s.SSRC)
		c := got[key]
		got[key] = streamCount{c.packets + int64(s.Packets), c.lost + int64(s.Quality.Lost)}
	}
	different = make(map[string]string)
	n := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		n++ // streams are numbered in the table, their addresses are not ours to print
		if got[key] != want[key] {
			different[fmt.Sprintf("stream %d", n)] = fmt.Sprintf("tshark %v packets and lost, ours %v", want[key], got[key])
		}
	}
	return len(want), different
}

func streamKey(src, dst netip.AddrPort, ssrc uint32) string {
	return fmt.Sprintf("%s %s %08X", src, dst, ssrc)
}

func tsharkStreams(t *testing.T, path string) map[string]streamCount {
	t.Helper()
	streams := make(map[string]streamCount)
	f, err := os.Open(path)
	if err != nil {
		return streams
	}
	defer f.Close()
	inTable := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.Contains(lines.Text(), "RTP Streams") {
			inTable = true
			continue
		}
		m := tsharkStream.FindStringSubmatch(lines.Text())
		if !inTable || m == nil {
			continue
		}
		ssrc, _ := strconv.ParseUint(m[5], 16, 32)
		packets, _ := strconv.ParseInt(m[6], 10, 64)
		lost, _ := strconv.ParseInt(m[7], 10, 64)
		key := streamKey(addrPort(m[1], m[2]), addrPort(m[3], m[4]), uint32(ssrc))
		c := streams[key]
		streams[key] = streamCount{c.packets + packets, c.lost + lost}
	}
	return streams
}

func addrPort(host, port string) netip.AddrPort {
	ip, _ := netip.ParseAddr(host)
	n, _ := strconv.ParseUint(port, 10, 16)
	return netip.AddrPortFrom(ip, uint16(n))
}

// readDifferences returns the explanation of each "id field".
func readDifferences(t *testing.T) map[string]string {
	t.Helper()
	explained := make(map[string]string)
	for _, row := range readTable(t, differences) {
		if row["right"] == "" || row["why"] == "" || row["frames"] == "" {
			t.Errorf("%s: %s %s is without frames, who is right or why", differences, row["id"], row["field"])
		}
		explained[row["id"]+" "+row["field"]] = row["why"]
	}
	return explained
}

// readTable reads tab separated values with a heading.
func readTable(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := make(map[string]string)
		for i, name := range records[0] {
			if i < len(record) {
				row[name] = record[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}
