package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLiveFilter captures with a filter on the port: what comes in fragments,
// behind one VLAN tag and behind two is found all the same. The kernel takes
// the outermost tag off a frame before a filter sees it, which files cannot
// show.
func TestLiveFilter(t *testing.T) {
	wire := newWire(t)
	program := build(t)
	for _, exact := range []bool{false, true} {
		got := captureOptions(t, wire, program, exact)
		for _, id := range []string{"plain", "one", "two", "fragments-plain", "fragments-one", "fragments-two"} {
			// Of fragments the first passes every filter that sees its port.
			if want := !exact || !strings.Contains(id, "two"); got.calls[id] != want {
				t.Errorf("exact %v: %s is there %v, want %v", exact, id, got.calls[id], want)
			}
		}
		if len(got.calls) > 6 || got.cut && !exact || !got.cut && exact {
			t.Errorf("exact %v: found %v, cut messages %v", exact, got.calls, got.cut)
		}
	}
}

// An optionsFound is what a capture shows of the requests.
type optionsFound struct {
	calls map[string]bool // by Call-ID
	cut   bool            // some of them are not whole
}

// captureOptions captures two OPTIONS requests on each way, one of them in
// fragments.
func captureOptions(t *testing.T, wire *wire, program string, exact bool) optionsFound {
	record := filepath.Join(t.TempDir(), "record.pcap")
	args := []string{"report", "-i", "va", "-F", "json", "-v", "-w", record}
	if exact {
		args = append(args, "--exact-filter")
	}
	sniffer := wire.command("a", append([]string{program}, append(args, "udp", "port", "5060")...)...)
	var out, errOut bytes.Buffer
	sniffer.Stdout, sniffer.Stderr = &out, &errOut
	start(t, sniffer)
	wire.waitForCapture(t)
	// The filter is set after the capture has begun, and what came before it
	// is thrown away: so the requests are sent until they are seen.
	wire.wait(t, "the last word", func() bool {
		send := wire.command("b", os.Args[0], "-test.run=^TestSendRequests$")
		send.Env = append(os.Environ(), sendOn+"=vb")
		if text, err := send.CombinedOutput(); err != nil {
			t.Fatalf("sending: %v %s", err, text)
		}
		b, _ := os.ReadFile(record)
		return bytes.Contains(b, []byte("Call-ID: end"))
	})
	if err := sniffer.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := sniffer.Wait(); err != nil {
		t.Fatalf("sipsniff: %v\n%s", err, errOut.String())
	}
	if strings.Contains(errOut.String(), "vlan") == exact {
		t.Errorf("exact %v, but -v says %s", exact, errOut.String())
	}
	if strings.Contains(errOut.String(), "inside GRE, IP in IP, VXLAN") == exact {
		t.Errorf("exact %v, but the warning is %s", exact, errOut.String())
	}
	var doc struct {
		Calls []struct {
			CallID string `json:"call_id"`
		} `json:"calls"`
		Capture struct {
			Health struct {
				Cut map[string]int `json:"cut_sip_messages"`
			} `json:"health"`
		} `json:"capture"`
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errOut.String())
	}
	found := make(map[string]bool)
	for _, c := range doc.Calls {
		found[c.CallID] = true
	}
	if !found["end"] {
		t.Fatalf("the last request is not there: %v", found)
	}
	delete(found, "end")
	return optionsFound{calls: found, cut: len(doc.Capture.Health.Cut) > 0}
}

func optionsRequest(id string, body int) string {
	return fmt.Sprintf("OPTIONS sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK%[1]s\r\nFrom: <sip:b@192.0.2.2>;tag=1\r\n"+
		"To: <sip:a@192.0.2.1>\r\nCall-ID: %[1]s\r\nCSeq: 1 OPTIONS\r\nContent-Length: %[2]d\r\n\r\n%[3]s", id, body, strings.Repeat("x", body))
}

// sendOn names the interface when the test binary is run to send.
const sendOn = "SIPSNIFF_TEST_SEND_ON"

// TestSendRequests is no test but the sender of one, in a process of its own
// that runs in the network namespace.
func TestSendRequests(t *testing.T) {
	name := os.Getenv(sendOn)
	if name == "" {
		t.Skip("only for TestLiveFilter")
	}
	link, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(socket) }()
	for _, frame := range requestFrames() {
		if err := syscall.Sendto(socket, frame, 0, &syscall.SockaddrLinklayer{Ifindex: link.Index, Halen: 6}); err != nil {
			t.Fatal(err)
		}
	}
}

// requestFrames is the requests on each way, and the last word, which every
// filter lets pass.
func requestFrames() [][]byte {
	var frames [][]byte
	for i, way := range []string{"plain", "one", "two"} {
		tags := []uint16{0x88a8, 0x8100}[2-i:]
		frames = append(frames, etherFrame(tags, ipPacket(byte(i), 0, udpDatagram(optionsRequest(way, 0)))))
		long := udpDatagram(optionsRequest("fragments-"+way, 1600))
		frames = append(frames,
			etherFrame(tags, ipPacket(byte(10+i), 0x2000, long[:1200])),
			etherFrame(tags, ipPacket(byte(10+i), 1200/8, long[1200:])))
	}
	return append(frames, etherFrame(nil, ipPacket(99, 0, udpDatagram(optionsRequest("end", 0)))))
}

func etherFrame(tags []uint16, packet []byte) []byte {
	b := []byte{2, 0, 0, 0, 0, 10, 2, 0, 0, 0, 0, 11}
	for i, tag := range tags {
		b = binary.BigEndian.AppendUint16(b, tag)
		b = binary.BigEndian.AppendUint16(b, uint16(10+i))
	}
	return append(append(b, 8, 0), packet...)
}

func ipPacket(id byte, place uint16, payload []byte) []byte {
	b := []byte{0x45, 0, 0, 0, 0, id, 0, 0, 64, 17, 0, 0, 192, 0, 2, 2, 192, 0, 2, 1}
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(payload)))
	binary.BigEndian.PutUint16(b[6:], place)
	return append(b, payload...)
}

func udpDatagram(text string) []byte {
	b := []byte{0x13, 0xc4, 0x13, 0xc4, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(b[4:], uint16(8+len(text)))
	return append(b, text...)
}
