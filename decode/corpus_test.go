package decode

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sipsniff/capture"
)

// corpusFolder is where captures from elsewhere are, beside the repository.
const corpusFolder = "../../shared/pcaps"

// corpus lists the captures by id; it skips the test when they are not there.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(corpusFolder, "files", "*"))
	if len(names) == 0 {
		t.Skip("no captures in " + corpusFolder)
	}
	byID := make(map[string]string)
	for _, name := range names {
		id, _, _ := strings.Cut(filepath.Base(name), ".")
		byID[id] = name
	}
	return byID
}

// eachCapturedFrame calls f for the first frames of every capture, and for
// none when there are no captures.
func eachCapturedFrame(t testing.TB, most int, f func(id string, c *capture.Frame)) {
	names, _ := filepath.Glob(filepath.Join(corpusFolder, "files", "*"))
	for _, name := range names {
		id, _, _ := strings.Cut(filepath.Base(name), ".")
		readFrames(t, name, most, func(c *capture.Frame) { f(id, c) })
	}
}

// readFrames calls f for the first frames of a capture as far as it can be read.
func readFrames(t testing.TB, name string, most int, f func(c *capture.Frame)) {
	t.Helper()
	source, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return // a format that is not read
	}
	defer source.Close()
	var frame capture.Frame
	for range most {
		var damaged *capture.FormatError
		switch err := source.Next(&frame); {
		case err == io.EOF, errors.As(err, &damaged):
			return
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		}
		f(&frame)
	}
}

const allFrames = 1 << 30

// phsLine is a line of tshark's protocol hierarchy: indentation by two.
var phsLine = regexp.MustCompile(`^( *)(\S+) +frames:(\d+)`)

// hierarchyCount derives from tshark's hierarchy how many frames ended in a
// transport: those of a transport under no ICMP error, less those in which it
// carried a further IP packet.
func hierarchyCount(t *testing.T, id string, names ...string) (n int, ok bool) {
	b, err := os.ReadFile(filepath.Join(corpusFolder, "oracle", id+".taps.txt"))
	if err != nil {
		return 0, false
	}
	var path []string
	for _, line := range strings.Split(string(b), "\n") {
		m := phsLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		ok = true
		frames, err := strconv.Atoi(m[3])
		if err != nil {
			t.Fatal(err)
		}
		depth := min(len(m[1])/2, len(path))
		path = append(path[:depth], m[2])
		n += frames * share(path, names)
	}
	return n, ok
}

// share is 1 for a node that is one of the names, -1 for an IP packet whose
// nearest transport above is one, 0 otherwise.
func share(path, names []string) int {
	node := path[len(path)-1]
	above := ""
	for _, p := range path[:len(path)-1] {
		switch p {
		case "icmp", "icmpv6":
			return 0
		case "udp", "udplite", "tcp", "sctp", "ip", "ipv6":
			above = p
		}
	}
	isOne := func(s string) bool {
		for _, name := range names {
			if s == name {
				return true
			}
		}
		return false
	}
	switch {
	case isOne(node) && above != node:
		return 1
	case (node == "ip" || node == "ipv6") && isOne(above):
		return -1
	}
	return 0
}

// corpusDifferences are the captures in which tshark counts another number of
// packets, and why.
var corpusDifferences = map[string]string{
	"c0050": "PPP control frames in L2TP count as UDP there and as not_ip here",
	"c0051": "PPP control frames in L2TP count as UDP there and as not_ip here",
	"c0092": "frame 86: the TCP header is cut by the IP length",
	"c0211": "what HEP carries counts as what it was, not as UDP",
}

// TestCorpusTransports walks every frame of every capture and compares how
// many packets of UDP and of TCP tshark found.
func TestCorpusTransports(t *testing.T) {
	compared := 0
	for id, name := range corpus(t) {
		d := New(Config{}, &checker{t: t})
		readFrames(t, name, allFrames, d.Frame)
		d.Flush()
		s := d.Stats()
		udp, ok := hierarchyCount(t, id, "udp", "udplite")
		tcp, _ := hierarchyCount(t, id, "tcp")
		if !ok || s.Frames == 0 {
			continue
		}
		compared++
		same := int(s.UDP) == udp && int(s.TCP) == tcp
		if why, known := corpusDifferences[id]; same == known {
			t.Errorf("%s: udp %d, tshark %d; tcp %d, tshark %d; known difference %q; stats %+v", id, s.UDP, udp, s.TCP, tcp, why, s)
		}
	}
	t.Logf("%d captures compared, %d known differences", compared, len(corpusDifferences))
}
