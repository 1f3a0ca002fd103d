package gen

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tshark runs tshark on a file, or skips the test where it is not installed.
func tshark(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	all := append([]string{"-n", "-r", name, "-o", "tcp.reassemble_out_of_order:TRUE"}, args...)
	out, err := exec.Command("tshark", all...).Output()
	if err != nil {
		t.Fatalf("tshark %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

func writeFile(t *testing.T, name string, b []byte) string {
	t.Helper()
	full := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(full, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return full
}

func TestTsharkCountsMessages(t *testing.T) {
	for _, ng := range []bool{false, true} {
		o := faults(t)
		o.PCAPNG = ng
		b, truth := generate(t, o)
		name := writeFile(t, "faults", b)
		got := map[string]int{}
		out := tshark(t, name, "-Y", "sip", "-T", "fields", "-E", "aggregator=,", "-e", "sip.Call-ID")
		for id := range strings.FieldsFuncSeq(out, func(r rune) bool { return r == ',' || r == '\n' }) {
			got[id]++
		}
		for _, c := range truth.Calls {
			if want := c.Messages + c.Duplicates; got[c.CallID] != want {
				t.Errorf("pcapng=%v %s over %s (%s): tshark sees %d messages, truth says %d", ng, c.CallID, c.Transport, c.State, got[c.CallID], want)
			}
			delete(got, c.CallID)
		}
		if len(got) != 0 {
			t.Errorf("tshark sees Call-IDs that were not made: %v", got)
		}
	}
}

// tshark counts a packet recorded twice as two and subtracts all packets from
// those expected; the truth is turned into its numbers.
func TestTsharkCountsStreams(t *testing.T) {
	b, truth := generate(t, faults(t))
	name := writeFile(t, "faults.pcap", b)
	got := rtpStreams(tshark(t, name, "-q", "-z", "rtp,streams"))
	for _, c := range truth.Calls {
		for _, s := range c.Streams {
			packets := s.Packets + s.Copies
			want := [2]int{packets, s.Expected - packets}
			if got[s.SSRC] != want {
				t.Errorf("stream %s of %s: tshark has packets and lost %v, truth %v", s.SSRC, c.CallID, got[s.SSRC], want)
			}
			delete(got, s.SSRC)
		}
	}
	if len(got) != 0 {
		t.Errorf("tshark sees streams that were not made: %v", got)
	}
}

// rtpStreams reads packets and lost by SSRC from tshark's table.
func rtpStreams(table string) map[string][2]int {
	streams := map[string][2]int{}
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 10 || !strings.HasPrefix(f[6], "0x") {
			continue
		}
		packets, err1 := strconv.Atoi(f[8])
		lost, err2 := strconv.Atoi(f[9])
		if err1 == nil && err2 == nil {
			streams["0x"+strings.ToUpper(f[6][2:])] = [2]int{packets, lost}
		}
	}
	return streams
}

func TestTsharkFindsNoBadChecksum(t *testing.T) {
	b, truth := generate(t, faults(t))
	name := writeFile(t, "faults.pcap", b)
	out := tshark(t, name, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
		"-T", "fields", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "tcp.checksum.status")
	if bytes.Count([]byte(out), []byte("\n")) != int(truth.Totals.Frames) {
		t.Errorf("tshark reads another number of frames than %d", truth.Totals.Frames)
	}
	if strings.Contains(out, "0") || !strings.Contains(out, "1") {
		t.Error("tshark finds bad checksums") // 0 is bad, 1 good
	}
}
