package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	packets "sipsniff/internal/wire"
)

// legsFile records three calls: the first two are one, but for a header that
// only a user knows; the third has nothing to do with them.
func legsFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "legs.pcap")
	w, err := capture.Create(path, capture.WriterOptions{LinkTypes: []capture.LinkType{101}})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ from, to, id, extra string }{
		{"192.0.2.1", "192.0.2.2", "one", ""},
		{"192.0.2.3", "192.0.2.4", "two", "X-Trace: leg=one;hop=2\r\n"},
		{"192.0.2.5", "192.0.2.6", "three", ""},
	} {
		text := fmt.Sprintf("INVITE sip:b@%[2]s SIP/2.0\r\nVia: SIP/2.0/UDP %[1]s;branch=z9hG4bK%[3]s\r\nFrom: <sip:a@%[1]s>;tag=%[3]s\r\nTo: <sip:b@%[2]s>\r\nCall-ID: %[3]s\r\nCSeq: 1 INVITE\r\n%[4]sContent-Length: 0\r\n\r\n", c.from, c.to, c.id, c.extra)
		udp := packets.Join(uint16(5060), uint16(5060), uint16(8+len(text)), uint16(0), text)
		packet := packets.IP{Src: netip.MustParseAddr(c.from), Dst: netip.MustParseAddr(c.to), ID: uint32(i), Protocol: 17}.Packet(udp)
		if err := w.Write(&capture.Frame{Number: i + 1, Nanos: 1_700_000_000_000_000_000 + int64(i)*1e9, LinkType: 101, Length: len(packet), Data: packet}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLegHeader(t *testing.T) {
	path := legsFile(t)
	runs := func(args ...string) (out, errOut string, code int) {
		var o, e bytes.Buffer
		code = run(t.Context(), args, terminal{in: strings.NewReader(""), out: &o, err: &e})
		return o.String(), e.String(), code
	}
	legsOf := func(args ...string) (all [][]string) {
		out, errOut, code := runs(append([]string{"report", "-F", "json", path}, args...)...)
		var doc struct {
			Calls []struct {
				Legs []string `json:"legs"`
			} `json:"calls"`
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil || code != exitDone {
			t.Fatal(err, code, errOut)
		}
		for _, c := range doc.Calls {
			all = append(all, c.Legs)
		}
		return all
	}
	if got := legsOf(); fmt.Sprint(got) != "[[] [] []]" {
		t.Errorf("without the header: %v", got)
	}
	const header = `x-trace=leg=(\w+)`
	if got := legsOf("--leg-header", header); fmt.Sprint(got) != "[[two] [one] []]" {
		t.Errorf("with it: %v", got)
	}

	// One ladder for both, whichever is asked for, and another for the third.
	for _, call := range []string{"1", "two"} {
		out, errOut, code := runs("ladder", path, "--leg-header", header, "--call", call)
		if code != exitDone || !strings.HasPrefix(out, "Calls 1+2  a → b   ") || strings.Count(out, "INVITE") != 2 {
			t.Errorf("--call %s: status %d\n%s%s", call, code, out, errOut)
		}
	}
	out, _, _ := runs("ladder", path, "--leg-header", header)
	var titles []string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "Call") {
			titles = append(titles, strings.Join(strings.Fields(line)[:2], " "))
		}
	}
	if !slices.Equal(titles, []string{"Calls 1+2", "Call 3"}) {
		t.Errorf("ladders %q\n%s", titles, out)
	}
	text, _, _ := runs("report", path, "--leg-header", header)
	if !strings.Contains(text, "\nCalls 1, 2 are one call\n  2 with 1 (100): x-trace names the other Call-ID, ") {
		t.Errorf("text report:\n%s", text)
	}

	for _, bad := range []string{"X=(", "X=abc", "=x"} {
		if _, errOut, code := runs("report", path, "--leg-header", bad); code != exitMisused || !strings.Contains(errOut, "--leg-header: ") || !strings.Contains(errOut, "hint: ") {
			t.Errorf("%q: status %d, %s", bad, code, errOut)
		}
	}
}
