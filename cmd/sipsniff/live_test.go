package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// SIPp's bundled recording, played once in each call: its packets are
// counted with capinfos.
const (
	sippAudio        = "/usr/share/sip-tester/g711a.pcap"
	sippAudioPackets = 236
	sippMessages     = 6 // INVITE 180 200 ACK BYE 200
	sippCallsPerSec  = 20
)

// TestLiveSIPp captures real calls between two network namespaces and
// compares what was seen with what SIPp says it did and with what the kernels of
// both ends received: on a loaded machine SIPp is late, sends messages again, and
// ends a call before its audio was played. SIPSNIFF_LIVE_CALLS sets the number of
// calls.
func TestLiveSIPp(t *testing.T) {
	calls := 20
	if n, err := strconv.Atoi(os.Getenv("SIPSNIFF_LIVE_CALLS")); err == nil {
		calls = n
	}
	wire := newWire(t)
	needs(t, "sipp")
	if _, err := os.Stat(sippAudio); err != nil {
		t.Skipf("no recording to play: %v", err)
	}
	scenarios, err := filepath.Abs("testdata/sipp")
	if err != nil {
		t.Fatal(err)
	}
	program := build(t)

	sniffer := wire.command("a", program, "report", "-i", "va", "-F", "json")
	var out, errOut bytes.Buffer
	sniffer.Stdout, sniffer.Stderr = &out, &errOut
	start(t, sniffer)
	wire.waitForCapture(t)

	uas := wire.command("b", "sipp", "-sf", filepath.Join(scenarios, "uas.xml"), "-i", "192.0.2.2", "-mi", "192.0.2.2",
		"-m", strconv.Itoa(calls), "-nostdin", "-timeout", "120")
	uas.Dir = t.TempDir()
	start(t, uas)
	wire.waitForPort(t, "b", 5060)
	uac := wire.command("a", "sipp", "-sf", filepath.Join(scenarios, "uac.xml"), "-i", "192.0.2.1", "-mi", "192.0.2.1", "192.0.2.2",
		"-m", strconv.Itoa(calls), "-r", strconv.Itoa(sippCallsPerSec), "-nostdin", "-timeout", "120", "-trace_stat", "-stf", "stat.csv")
	uac.Dir = t.TempDir()
	if text, err := uac.CombinedOutput(); err != nil {
		t.Fatalf("sipp: %v\n%s", err, text)
	}
	if err := uas.Wait(); err != nil {
		t.Logf("sipp server: %v", err)
	}
	passed := wire.delivered(t, "a") + wire.delivered(t, "b")
	if err := sniffer.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := sniffer.Wait(); err != nil {
		t.Fatalf("sipsniff: %v\n%s", err, errOut.String())
	}

	stat := sippStatistics(t, filepath.Join(uac.Dir, "stat.csv"))
	if stat["SuccessfulCall(C)"] != calls {
		t.Fatalf("SIPp made %d calls, wanted %d", stat["SuccessfulCall(C)"], calls)
	}
	var got struct {
		Capture struct {
			KernelDropped *uint64 `json:"kernel_dropped"`
		}
		Totals struct {
			Calls, Streams int
			SIPMessages    int `json:"sip_messages"`
			RTPPackets     int `json:"rtp_packets"`
		}
		Calls []struct {
			State           string
			Retransmissions int
		}
		Streams []struct{ Packets, Lost int }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	retransmissions := 0
	for _, c := range got.Calls {
		retransmissions += c.Retransmissions
		if c.State != "completed" {
			t.Errorf("a call ended %s", c.State)
		}
	}
	t.Logf("calls %d, SIP messages %d (%d retransmissions), RTP packets %d in %d streams, kernel dropped %v, the ends received %d",
		got.Totals.Calls, got.Totals.SIPMessages, retransmissions, got.Totals.RTPPackets, got.Totals.Streams, deref(got.Capture.KernelDropped), passed)
	equal(t, "calls", got.Totals.Calls, stat["SuccessfulCall(C)"])
	equal(t, "SIP messages without those sent again", got.Totals.SIPMessages-retransmissions, calls*sippMessages)
	if sum := got.Totals.SIPMessages + got.Totals.RTPPackets; sum != passed {
		t.Errorf("%d SIP messages and RTP packets, the ends received %d", sum, passed)
	}
	if all := calls * sippAudioPackets; got.Totals.RTPPackets > all || got.Totals.RTPPackets < all*9/10 {
		t.Errorf("%d RTP packets, the recording has %d", got.Totals.RTPPackets, all)
	}
	equal(t, "streams", got.Totals.Streams, calls)
	if got.Capture.KernelDropped == nil || *got.Capture.KernelDropped != 0 {
		t.Errorf("kernel dropped %v, want 0", deref(got.Capture.KernelDropped))
	}
}

// TestLiveRights runs the program as nobody, without and with the one
// capability it needs.
func TestLiveRights(t *testing.T) {
	wire := newWire(t)
	needs(t, "setcap", "setpriv")
	// Nobody must be able to reach the program.
	dir, err := os.MkdirTemp("/var/tmp", "sipsniff-rights")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "sipsniff")
	copyFile(t, build(t), program)
	nobody := []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", program, "report", "-i", "va", "--for", "200ms"}

	text, err := wire.command("a", nobody...).CombinedOutput()
	if code := exitCode(err); code != exitFailed {
		t.Errorf("without rights: status %d, want %d\n%s", code, exitFailed, text)
	}
	want := "sudo setcap cap_net_raw=ep " + program
	if !strings.Contains(strings.NewReplacer("'", "", `"`, "").Replace(string(text)), want) {
		t.Errorf("without rights: no %q in\n%s", want, text)
	}

	if out, err := exec.Command("setcap", "cap_net_raw=ep", program).CombinedOutput(); err != nil {
		t.Skipf("setcap does not work here: %v %s", err, out)
	}
	if text, err := wire.command("a", nobody...).CombinedOutput(); err != nil {
		t.Errorf("with cap_net_raw: %v\n%s", err, text)
	}
}

// A wire is two network namespaces of the test, a and b, joined by a cable.
type wire struct{ prefix string }

func newWire(t *testing.T) *wire {
	t.Helper()
	return newWireOf(t, t.Name())
}

// newWireOf makes one of several wires of a test, each with a name.
func newWireOf(t *testing.T, name string) *wire {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("network namespaces need root")
	}
	needs(t, "ip")
	w := &wire{prefix: fmt.Sprintf("sipsniff%d-%08x-", os.Getpid(), crc32.ChecksumIEEE([]byte(name)))} // tests may run side by side
	t.Cleanup(func() {
		for _, end := range []string{"a", "b"} {
			_ = exec.Command("ip", "netns", "del", w.prefix+end).Run()
		}
	})
	for _, line := range []string{
		"netns add Pa", "netns add Pb",
		"link add va netns Pa address 02:00:00:00:00:0a type veth peer name vb netns Pb address 02:00:00:00:00:0b",
		"-n Pa addr add 192.0.2.1/24 dev va", "-n Pb addr add 192.0.2.2/24 dev vb",
		"-n Pa link set va up", "-n Pb link set vb up", "-n Pa link set lo up", "-n Pb link set lo up",
	} {
		words := strings.Fields(line)
		for i, word := range words {
			if word == "Pa" || word == "Pb" {
				words[i] = w.prefix + word[1:]
			}
		}
		if out, err := exec.Command("ip", words...).CombinedOutput(); err != nil {
			t.Skipf("no network namespaces here: ip %s: %v %s", line, err, out)
		}
	}
	return w
}

// command runs words inside one end of the wire.
func (w *wire) command(end string, words ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", w.prefix + end}, words...)...)
}

// waitForCapture returns when a packet socket is bound to the wire and gets
// packets: its state, the sixth field, is 1. libpcap opens it before that.
func (w *wire) waitForCapture(t *testing.T) { w.waitForCaptures(t, 1) }

func (w *wire) waitForCaptures(t *testing.T, n int) {
	w.wait(t, "the capture to begin", func() bool {
		text, _ := w.command("a", "cat", "/proc/net/packet").Output()
		running := 0
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > 5 && f[5] == "1" {
				running++
			}
		}
		return running >= n
	})
}

// delivered is how many IPv4 packets an end received, without ICMP: that of a
// port at which nobody listens to the audio.
func (w *wire) delivered(t *testing.T, end string) int {
	t.Helper()
	text, err := w.command(end, "cat", "/proc/net/snmp").Output()
	if err != nil {
		t.Fatal(err)
	}
	return counter(t, string(text), "Ip:", "InDelivers") - counter(t, string(text), "Icmp:", "InMsgs")
}

// counter reads one figure of /proc/net/snmp: a line of names, and one of values.
func counter(t *testing.T, text, group, name string) int {
	t.Helper()
	var names []string
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] != group {
			continue
		}
		if names == nil {
			names = f
			continue
		}
		if i := slices.Index(names, name); i > 0 && i < len(f) {
			if n, err := strconv.Atoi(f[i]); err == nil {
				return n
			}
		}
	}
	t.Fatalf("no %s of %s in %q", name, group, text)
	return 0
}

// waitForPort returns when somebody listens on the UDP port.
func (w *wire) waitForPort(t *testing.T, end string, port int) {
	w.wait(t, "a listener", func() bool {
		text, _ := w.command(end, "cat", "/proc/net/udp").Output()
		return bytes.Contains(text, fmt.Appendf(nil, ":%04X ", port))
	})
}

func (w *wire) wait(t *testing.T, what string, ready func() bool) {
	t.Helper()
	within(t, 30*time.Second, ready, func() string { return "waited in vain for " + what })
}

func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed", p)
		}
	}
}

func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
}

// sippStatistics returns the last line of SIPp's statistics file by column.
func sippStatistics(t *testing.T, path string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	names, values := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	stat := make(map[string]int)
	for i := range min(len(names), len(values)) {
		if n, err := strconv.Atoi(values[i]); err == nil {
			stat[names[i]] = n
		}
	}
	return stat
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o755); err != nil {
		t.Fatal(err)
	}
}

func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

func equal(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, SIPp says %d", what, got, want)
	}
}

func deref[T any](n *T) any {
	if n == nil {
		return "unknown"
	}
	return *n
}
