package ring

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// unplug puts the goroutine of a test into a network of its own, with the two
// ends of a wire, va and vb.
func unplug(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a network of its own needs root")
	}
	runtime.LockOSThread() // for good: the thread ends with the test
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skip("no network of its own: ", err)
	}
	ip(t, "link set lo up")
	plug(t)
}

func plug(t *testing.T) {
	t.Helper()
	ip(t, "link add va type veth peer name vb")
	for _, end := range []string{"va", "vb"} {
		ip(t, "link set "+end+" addrgenmode none up")
	}
}

func ip(t *testing.T, line string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		t.Skip(err)
	} else if err != nil {
		t.Fatalf("ip %s: %v: %s", line, err, out)
	}
}

// A sender puts frames on an interface as they are.
type sender struct{ fd int }

func newSender(t *testing.T, name string) sender {
	t.Helper()
	link, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: link.Index}); err != nil {
		t.Fatal(err)
	}
	return sender{fd}
}

func (s sender) send(t *testing.T, frames ...[]byte) {
	t.Helper()
	for _, f := range frames {
		if _, err := unix.Write(s.fd, f); err != nil {
			t.Fatal(err)
		}
	}
}

// datagram is UDP over IPv4 over Ethernet, behind tags that are given as kind
// and number.
func datagram(port uint16, payload string, tags ...uint16) []byte {
	b := []byte{2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa}
	for _, n := range tags {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	b = append(b, 8, 0, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(28+len(payload)))
	b = append(b, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2)
	b = binary.BigEndian.AppendUint16(b, 4000)
	b = binary.BigEndian.AppendUint16(b, port)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	b = append(b, 0, 0)
	return append(b, payload...)
}

// A live is what both rooms give.
type live interface {
	capture.Source
	capture.Stopper
	capture.Leaver
	Forms() []string
	Drops() capture.Drops
}

func openRing(t *testing.T, c libpcap.Config, names ...string) *Source {
	t.Helper()
	s, err := Open(names, c)
	var denied *libpcap.PermissionError
	if errors.As(err, &denied) || errors.Is(err, ErrUnsuited) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// rest reads s to its end, and copies the frames.
func rest(t *testing.T, s capture.Source) (all []capture.Frame) {
	t.Helper()
	var f capture.Frame
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		switch err := s.Next(&f); {
		case errors.Is(err, io.EOF):
			return all
		case err == nil:
			f.Data = append([]byte(nil), f.Data...)
			all = append(all, f)
		case !errors.Is(err, capture.ErrIdle):
			t.Fatal(err)
		}
	}
	t.Fatal("the capture does not end")
	return nil
}

// until reads s until enough is true.
func until(t *testing.T, s capture.Source, what string, enough func(err error, f *capture.Frame) bool) {
	t.Helper()
	var f capture.Frame
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		err := s.Next(&f)
		if err != nil && !errors.Is(err, capture.ErrIdle) {
			t.Fatal(err)
		}
		if enough(err, &f) {
			return
		}
	}
	t.Fatal(what + ": it did not come")
}
