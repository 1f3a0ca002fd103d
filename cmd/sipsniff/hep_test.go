package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
)

// hepReport is what the tests about HEP look at in a report.
type hepReport struct {
	Capture struct {
		Sources []struct {
			Name, Format string
			Warnings     []string
		}
		Sent []struct {
			Name          string
			Sent, Dropped uint64
		}
		KernelDropped   *uint64 `json:"kernel_dropped"`
		DuplicateFrames uint64  `json:"duplicate_frames"`
	}
	Totals struct {
		Calls       int
		SIPMessages int `json:"sip_messages"`
		RTCPPackets int `json:"rtcp_packets"`
	}
	Methods, Responses map[string]int
	Calls              []hepCall
}

type hepCall struct {
	CallID          string `json:"call_id"`
	State           string
	From, To        string
	Source          string
	Destination     string
	Transport       string
	Started         string
	Answered        string
	Ended           string
	EndedBy         string `json:"ended_by"`
	Messages        int
	Retransmissions int
	Duplicates      int
	FinalStatus     int `json:"final_status"`
}

func readReport(t *testing.T, text []byte) hepReport {
	t.Helper()
	var r hepReport
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return r
}

// A hepCollector is sipsniff receiving HEP and recording it.
type hepCollector struct {
	*exec.Cmd
	out, errOut bytes.Buffer
	recording   string
}

func startCollector(t *testing.T, c *exec.Cmd, flags ...string) *hepCollector {
	t.Helper()
	h := &hepCollector{Cmd: c, recording: filepath.Join(t.TempDir(), "received.pcapng")}
	h.Args = append(append(h.Args, "report", "-F", "json", "-w", h.recording), flags...)
	h.Stdout, h.Stderr = &h.out, &h.errOut
	start(t, c)
	return h
}

// finish waits until n packets were recorded and returns the report.
func (h *hepCollector) finish(t *testing.T, n int) hepReport {
	t.Helper()
	got := 0
	for deadline := time.Now().Add(20 * time.Second); got < n && time.Now().Before(deadline); {
		got = recorded(t, h.recording)
	}
	if err := h.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := h.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, h.errOut.String())
	}
	if got < n {
		t.Errorf("%d packets recorded, want %d\n%s", got, n, h.errOut.String())
	}
	return readReport(t, h.out.Bytes())
}

// recorded counts the packets in a file that is being written.
func recorded(t *testing.T, name string) (n int) {
	t.Helper()
	s, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return 0 // not begun yet
	}
	defer s.Close()
	var f capture.Frame
	for {
		if err := s.Next(&f); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Log(err)
			}
			return n
		}
		n++
	}
}

// freePort is a port on which nobody listens at the moment.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// waitForListener returns when somebody listens on the port of this machine.
func waitForListener(t *testing.T, network, port string) {
	t.Helper()
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		text, _ := os.ReadFile("/proc/net/" + network)
		if bytes.Contains(text, fmt.Appendf(nil, "0100007F:%04X 00000000:0000", n)) {
			return
		}
	}
	t.Fatal("nobody listens")
}

// TestHEPRoundTrip sends a capture from one sipsniff to another: the calls are
// the same, and so they are in what the second recorded.
func TestHEPRoundTrip(t *testing.T) {
	if _, err := os.Stat("/proc/net/udp"); err != nil {
		t.Skip("no /proc/net to see a listener in")
	}
	program := build(t)
	for _, name := range []string{"call-audio", "call-ipv6", "calls-tcp", "forked"} {
		for _, network := range []string{"udp", "tcp"} {
			t.Run(name+"/"+network, func(t *testing.T) {
				file := filepath.Join("../../pcaps", name+".pcap")
				port := freePort(t)
				at := network + ":127.0.0.1:" + port
				collector := startCollector(t, exec.Command(program), "--hep-listen", at, "--hep-key", "open sesame")
				waitForListener(t, network, port)
				text, err := exec.Command(program, "report", "-F", "json", file, "--hep-send", at, "--hep-key", "open sesame").Output()
				if err != nil {
					t.Fatal(err)
				}
				want := readReport(t, text)
				sent := want.Capture.Sent[0]
				if sent.Name != at || sent.Dropped != 0 || int(sent.Sent) < want.Totals.SIPMessages+want.Totals.RTCPPackets {
					t.Errorf("%+v of %d messages and %d RTCP packets", sent, want.Totals.SIPMessages, want.Totals.RTCPPackets)
				}
				got := collector.finish(t, int(sent.Sent))
				compareCalls(t, "received", got, want)
				if s := got.Capture.Sources[0]; s.Name != at || s.Format != "hep" || s.Warnings != nil {
					t.Errorf("%+v", s)
				}
				if text, err = exec.Command(program, "report", "-F", "json", collector.recording).Output(); err != nil {
					t.Fatal(err)
				}
				compareCalls(t, "recorded", readReport(t, text), want)
			})
		}
	}
}

// compareCalls compares what HEP carries: signalling and RTCP.
func compareCalls(t *testing.T, what string, got, want hepReport) {
	t.Helper()
	if got.Totals != want.Totals {
		t.Errorf("%s: totals %+v, want %+v", what, got.Totals, want.Totals)
	}
	if diff := cmp.Diff(want.Calls, got.Calls); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
	if diff := cmp.Diff(want.Methods, got.Methods) + cmp.Diff(want.Responses, got.Responses); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

// TestHEPSendInCapture records on the loopback interface what is sent and
// lets tshark compare it with the original.
func TestHEPSendInCapture(t *testing.T) {
	wire := newWire(t)
	needs(t, "tshark", "tcpdump")
	dir := t.TempDir()
	recording := filepath.Join(dir, "sent.pcap")
	original, err := filepath.Abs("../../pcaps/call-audio.pcap")
	if err != nil {
		t.Fatal(err)
	}
	tcpdump := wire.command("a", "tcpdump", "-i", "lo", "-U", "-w", recording, "-Z", "root", "udp port 9060")
	start(t, tcpdump)
	wire.waitForCapture(t)
	text, err := wire.command("a", build(t), "report", "-F", "json", original, "--hep-send", "udp:127.0.0.1:9060", "--hep-id", "4711", "--hep-key", "k").Output()
	if err != nil {
		t.Fatal(err)
	}
	sent := readReport(t, text)
	wire.wait(t, "tcpdump", func() bool { return recorded(t, recording) >= int(sent.Capture.Sent[0].Sent) })

	sip := hepShark(t, original, "sip", "frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport", "udp.payload")
	rtcp := hepShark(t, original, "rtcp", "frame.time_epoch", "ip.src", "udp.srcport", "ip.dst", "udp.dstport", "udp.payload")
	if len(sip) != 6 || len(rtcp) == 0 {
		t.Fatalf("tshark sees %d messages and %d RTCP packets in the original", len(sip), len(rtcp))
	}
	for kind, want := range map[string][]string{"1": sip, "5": rtcp} {
		var got []string
		for _, line := range hepShark(t, recording, "hep.kind=="+kind, "hep.seconds", "hep.micros", "hep.src4", "hep.srcport", "hep.dst4", "hep.dstport", "hep.payload") {
			seconds, rest, _ := strings.Cut(line, "\t")
			micros, rest, _ := strings.Cut(rest, "\t")
			n, err := strconv.Atoi(micros)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s.%06d000\t%s", seconds, n, rest))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("kind %s: %s", kind, diff)
		}
	}
	// tshark dissects what is inside as it does the original.
	if got, want := hepShark(t, recording, "sip && hep", "sip.Method", "sip.Status-Code", "sip.Call-ID"), hepShark(t, original, "sip", "sip.Method", "sip.Status-Code", "sip.Call-ID"); !cmp.Equal(got, want) {
		t.Errorf("inside: %s", cmp.Diff(want, got))
	}
	for _, line := range hepShark(t, recording, "hep", "hep.kind", "hep.agent", "hep.key", "hep.name", "hep.protocol", "hep.order") {
		if f := strings.Split(line, "\t"); f[1] != "4711" || f[2] != "k" || f[3] != "sipsniff" || f[4] != "17" ||
			f[0] == "1" && f[5] != "1 2 3 4 7 8 9 a b c e 13 f" || f[0] == "34" && f[5] != "1 2 3 4 7 8 9 a b c e 11 13 f" {
			t.Errorf("packet %q", line)
		}
	}
	checkQuality(t, hepShark(t, recording, "hep.kind==34", "hep.correlation", "hep.payload"), sent.Calls[0].CallID)
}

// checkQuality compares the quality reports of call-audio with what is known
// of it: 310 packets each way, none lost.
func checkQuality(t *testing.T, lines []string, callID string) {
	t.Helper()
	if len(lines) != 2 {
		t.Fatalf("%d quality reports", len(lines))
	}
	for _, line := range lines {
		correlation, text, _ := strings.Cut(line, "\t")
		var r struct {
			CallID   string `json:"RTP_SIP_CALL_ID"`
			Packets  int    `json:"TOTAL_PK"`
			Expected int    `json:"EXPECTED_PK"`
			Lost     int    `json:"PACKET_LOSS"`
			Codec    string `json:"CODEC_NAME"`
			Type     string `json:"TYPE"`
			MOS      *float64
		}
		var octets []byte
		if _, err := fmt.Sscanf(text, "%x", &octets); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(octets, &r); err != nil {
			t.Fatal(err)
		}
		if correlation != callID || r.CallID != callID || r.Packets != 310 || r.Expected != 310 || r.Lost != 0 || r.Codec != "PCMA" || r.Type != "HANGUP" {
			t.Errorf("%s", octets)
		}
	}
}

// hepShark prints fields of the packets that a display filter lets pass, with
// the dissector of testdata.
func hepShark(t *testing.T, file, filter string, fields ...string) []string {
	t.Helper()
	args := []string{"-X", "lua_script:testdata/hep/hep.lua", "-r", file, "-Y", filter, "-T", "fields"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Skipf("tshark does not run the dissector: %v", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
}

// TestKamailioHEP makes calls with SIPp through a Kamailio that sends a copy
// of every message in HEP: the calls come out as SIPp says they were.
func TestKamailioHEP(t *testing.T) {
	const calls, hops, messages = 25, 2, 6 // INVITE 180 200 ACK BYE 200
	wire := newWire(t)
	needs(t, "kamailio", "sipp")
	program := build(t)
	for _, c := range []struct {
		version int
		key     string // that we want
		admits  bool
		wire    bool // capture on the interface too
	}{{3, "", true, false}, {3, "open sesame", true, false}, {3, "another", false, false}, {2, "", true, false}, {1, "", true, false}, {3, "", true, true}} {
		t.Run(fmt.Sprintf("version %d key %q wire %v", c.version, c.key, c.wire), func(t *testing.T) {
			flags := []string{"--hep-listen", "udp:192.0.2.1:9060"}
			if c.key != "" {
				flags = append(flags, "--hep-key", c.key)
			}
			if c.wire {
				flags = append(flags, "-i", "va", "udp")
			}
			collector := startCollector(t, wire.command("a", program), flags...)
			wire.waitForPort(t, "a", 9060)
			wire.wait(t, "the recording", func() bool { // it is made when all sources and filters stand
				_, err := os.Stat(collector.recording)
				return err == nil
			})
			proxy := startKamailio(t, wire, c.version)
			uas := wire.command("b", "sipp", "-sn", "uas", "-i", "192.0.2.2", "-p", "5070", "-nostdin", "-timeout", "60")
			uas.Dir = t.TempDir()
			start(t, uas)
			wire.waitForPort(t, "b", 5070)
			wire.waitForPort(t, "b", 5060)
			uac := wire.command("a", "sipp", "-sn", "uac", "-i", "192.0.2.1", "-p", "5080", "192.0.2.2:5060", "-m", strconv.Itoa(calls), "-r", "100",
				"-d", "10", "-nostdin", "-timeout", "60", "-trace_stat", "-stf", "stat.csv")
			uac.Dir = t.TempDir()
			if text, err := uac.CombinedOutput(); err != nil {
				t.Fatalf("sipp: %v\n%s\n%s", err, text, proxy.String())
			}
			stat := sippStatistics(t, filepath.Join(uac.Dir, "stat.csv"))
			equal(t, "calls made", stat["SuccessfulCall(C)"], calls)
			_ = uas.Process.Kill()
			want := calls * hops * messages
			if !c.admits {
				refusedCalls(t, wire, collector, want)
				return
			}
			if c.wire {
				// Besides, the first hop is on the wire, and so is all HEP.
				checkJoined(t, collector.finish(t, 2*want+want/hops), calls, want)
				return
			}
			checkKamailio(t, collector.finish(t, want), calls, want, stat["Retransmissions(C)"])
		})
	}
}

func startKamailio(t *testing.T, wire *wire, version int) *bytes.Buffer {
	t.Helper()
	text, err := os.ReadFile("testdata/hep/kamailio.cfg")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "kamailio.cfg")
	filled := strings.NewReplacer("HEPVERSION", strconv.Itoa(version), "AUTHKEY", "open sesame").Replace(string(text))
	if err := os.WriteFile(config, []byte(filled), 0o644); err != nil {
		t.Fatal(err)
	}
	// -DD keeps it in the foreground, so that it ends with the test.
	c := wire.command("b", "kamailio", "-DD", "-E", "-f", config, "-m", "64", "-M", "8", "-Y", t.TempDir(), "-P", filepath.Join(t.TempDir(), "pid"))
	log := new(bytes.Buffer)
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt) // it ends its children
		_ = c.Wait()
	})
	return log
}

// checkKamailio compares the report with what SIPp counted. Of the messages
// that the caller sent again on a busy machine the proxy passes some on and
// answers others itself, and it and the phone send their own again.
func checkKamailio(t *testing.T, got hepReport, calls, messages, sentAgain int) {
	t.Helper()
	again := 0
	for _, c := range got.Calls {
		again += c.Retransmissions
	}
	equal(t, "calls", got.Totals.Calls, calls)
	equal(t, "SIP messages but for those sent again", got.Totals.SIPMessages-again, messages)
	if again < sentAgain {
		t.Errorf("%d messages sent again, SIPp says %d at least", again, sentAgain)
	}
	if got.Capture.KernelDropped == nil || *got.Capture.KernelDropped != 0 || len(got.Capture.Sources[0].Warnings) != 0 {
		t.Errorf("dropped %v, %v", deref(got.Capture.KernelDropped), got.Capture.Sources)
	}
	for _, c := range got.Calls {
		if c.State != "completed" || c.FinalStatus != 200 || c.EndedBy != "caller" || c.Duplicates != 0 || c.Transport != "udp" {
			t.Errorf("%+v", c)
		}
		if c.Source != "192.0.2.1:5080" || c.Destination != "192.0.2.2:5060" {
			t.Errorf("from %s to %s", c.Source, c.Destination)
		}
		started, err := time.Parse(time.RFC3339Nano, c.Started)
		if err != nil || time.Since(started) > time.Minute || time.Since(started) < 0 {
			t.Errorf("started %s", c.Started)
		}
	}
}

// checkJoined: seen on the wire, reported in HEP, and HEP seen on the wire, each
// message happened once.
func checkJoined(t *testing.T, got hepReport, calls, messages int) {
	t.Helper()
	equal(t, "calls", got.Totals.Calls, calls)
	equal(t, "SIP messages, every copy", got.Totals.SIPMessages, 2*messages+messages/2)
	for _, c := range got.Calls {
		if c.State != "completed" || c.Retransmissions != 0 || c.Messages != messages/calls || c.Duplicates != messages/calls+messages/calls/2 {
			t.Errorf("%+v", c)
		}
	}
}

// refusedCalls asserts that nothing got in and that the sender is named.
func refusedCalls(t *testing.T, wire *wire, h *hepCollector, want int) {
	t.Helper()
	text := fmt.Sprintf("%d packets refused for lack of the right key, the latest from 192.0.2.2:", want)
	wire.wait(t, "the last packet", func() bool {
		queue, _ := wire.command("a", "cat", "/proc/net/udp").Output()
		return bytes.Contains(queue, []byte(":2364 00000000:0000 07 00000000:00000000"))
	})
	got := h.finish(t, 0)
	w := got.Capture.Sources[0].Warnings
	if got.Totals.SIPMessages != 0 || len(w) != 1 || !strings.HasPrefix(w[0], text) {
		t.Errorf("%d messages, warnings %q, want %q", got.Totals.SIPMessages, w, text)
	}
}
