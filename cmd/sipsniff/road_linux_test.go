package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A road is a wire with a place in the middle, namespace m, where packets are
// lost: no kernel module is needed for that. Like a router it takes one from the
// TTL of those that it passes on.
//
//	a va ── ma m mb ── vb b
type road struct {
	*wire
	carrier *exec.Cmd
	log     bytes.Buffer
}

// faults is what a road does to packets, both ways.
type faults struct {
	loss   float64       // probability that a packet is lost
	jitter time.Duration // it takes up to twice that, so that packets overtake each other
	media  bool          // only UDP that is neither to nor from port 5060 suffers
}

func (f faults) String() string {
	return fmt.Sprintf("%g %d %v", f.loss, f.jitter.Milliseconds(), f.media)
}

func parseFaults(text string) (f faults, err error) {
	var ms int64
	_, err = fmt.Sscanf(text, "%g %d %t", &f.loss, &ms, &f.media)
	f.jitter = time.Duration(ms) * time.Millisecond
	return f, err
}

// newRoad makes a road with faults.
func newRoad(t *testing.T, f faults) *road {
	t.Helper()
	return newRoadOf(t, t.Name(), f)
}

// newRoadOf makes one of several roads of a test, each with a name.
func newRoadOf(t *testing.T, name string, f faults) *road {
	t.Helper()
	w := newWireOf(t, name)
	needs(t, "ethtool")
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", w.prefix+"m").Run() })
	for _, line := range []string{
		"-n Pa link del va", "netns add Pm",
		"link add va netns Pa address 02:00:00:00:00:0a type veth peer name ma netns Pm",
		"link add vb netns Pb address 02:00:00:00:00:0b type veth peer name mb netns Pm",
		"-n Pa addr add 192.0.2.1/24 dev va", "-n Pb addr add 192.0.2.2/24 dev vb",
		"-n Pa link set va up", "-n Pb link set vb up", "-n Pm link set dev ma up", "-n Pm link set dev mb up",
		// Nobody has to ask for link addresses, so no question can be lost.
		"-n Pa neigh replace 192.0.2.2 lladdr 02:00:00:00:00:0b dev va", "-n Pb neigh replace 192.0.2.1 lladdr 02:00:00:00:00:0a dev vb",
	} {
		words := strings.Fields(line)
		for i, word := range words {
			if len(word) == 2 && word[0] == 'P' {
				words[i] = w.prefix + word[1:]
			}
		}
		if out, err := exec.Command("ip", words...).CombinedOutput(); err != nil {
			t.Skipf("no road here: ip %s: %v %s", line, err, out)
		}
	}
	for end, name := range map[string]string{"a": "va", "b": "vb"} { // whole checksums, since packets are copied
		if out, err := w.command(end, "ethtool", "-K", name, "tx", "off").CombinedOutput(); err != nil {
			t.Fatalf("ethtool: %v %s", err, out)
		}
	}
	r := &road{wire: w}
	r.carrier = w.command("m", "env", "SIPSNIFF_ROAD="+f.String(), os.Args[0], "-test.run=^TestRoadCarrier$", "-test.v")
	r.carrier.Stdout, r.carrier.Stderr = &r.log, &r.log
	start(t, r.carrier)
	r.wait(t, "the carrier", func() bool {
		text, _ := w.command("m", "cat", "/proc/net/packet").Output()
		return bytes.Count(text, []byte("\n")) > 2
	})
	return r
}

// end stops the carrier and returns how many packets it passed on and lost.
func (r *road) end(t *testing.T) (passed, lost int) {
	t.Helper()
	_ = r.carrier.Process.Signal(os.Interrupt)
	if err := r.carrier.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, r.log.String())
	}
	_, line, _ := strings.Cut(r.log.String(), "carried ")
	if _, err := fmt.Sscanf(line, "%d lost %d", &passed, &lost); err != nil {
		t.Fatalf("%v in %s", err, r.log.String())
	}
	return passed, lost
}

// TestRoadCarrier is not a test: newRoad runs it in namespace m, where it
// passes on what comes between the two interfaces.
func TestRoadCarrier(t *testing.T) {
	f, err := parseFaults(os.Getenv("SIPSNIFF_ROAD"))
	if err != nil {
		t.Skip("run by other tests")
	}
	a, b := packetSocket(t, "ma"), packetSocket(t, "mb")
	var passed, lost atomic.Int64
	carry := func(from, to int, seed uint64) {
		dice := rand.New(rand.NewPCG(seed, 2))
		packet := make([]byte, 65536)
		for {
			n, sender, err := syscall.Recvfrom(from, packet, 0)
			if err != nil {
				return
			}
			if s, ok := sender.(*syscall.SockaddrLinklayer); !ok || s.Pkttype == syscall.PACKET_OUTGOING || n < 34 || packet[12] != 8 || packet[13] != 0 {
				continue // our own, or no IPv4
			}
			suffers := !f.media || media(packet[14:n])
			if suffers && dice.Float64() < f.loss {
				lost.Add(1)
				continue
			}
			routed(packet[14:n])
			if suffers && f.jitter > 0 {
				late := bytes.Clone(packet[:n])
				time.AfterFunc(time.Duration(dice.Int64N(int64(2*f.jitter))), func() { _, _ = syscall.Write(to, late) })
				passed.Add(1)
			} else if _, err := syscall.Write(to, packet[:n]); err == nil {
				passed.Add(1)
			}
		}
	}
	go carry(a, b, 1)
	go carry(b, a, 2)
	done := make(chan os.Signal, 1)
	signal.Notify(done, os.Interrupt)
	<-done
	fmt.Printf("carried %d lost %d\n", passed.Load(), lost.Load())
}

// media reports whether an IPv4 packet without options is UDP and by its ports
// not SIP.
func media(ip []byte) bool {
	const sip = 5060
	return ip[9] == syscall.IPPROTO_UDP && len(ip) >= 28 && binary.BigEndian.Uint16(ip[20:]) != sip && binary.BigEndian.Uint16(ip[22:]) != sip
}

// routed takes one hop off the life of an IPv4 packet.
func routed(ip []byte) {
	ip[8]--
	sum := uint32(binary.BigEndian.Uint16(ip[10:])) + 0x100 // RFC 1624: the word of the TTL is less by that
	binary.BigEndian.PutUint16(ip[10:], uint16(sum+sum>>16))
}

// packetSocket is a socket for whole frames of one interface.
func packetSocket(t *testing.T, name string) int {
	t.Helper()
	link, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	const all = syscall.ETH_P_ALL>>8 | syscall.ETH_P_ALL&0xff<<8 // network order
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, all)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, 8<<20); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrLinklayer{Protocol: all, Ifindex: link.Index}); err != nil {
		t.Fatal(err)
	}
	return fd
}
