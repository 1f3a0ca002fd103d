//go:build cgo && !nopcap

package libpcap

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"sipsniff/capture"
)

// loopback is the loopback interface of this host.
func loopback(t testing.TB) string {
	t.Helper()
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if i.Loopback && i.Up {
			return i.Name
		}
	}
	t.Skip("no loopback interface is up")
	return ""
}

// openLive captures on the interfaces, or skips the test for want of rights.
func openLive(t testing.TB, names []string, c Config) *Source {
	t.Helper()
	s, err := Open(names, c)
	var denied *PermissionError
	if errors.As(err, &denied) {
		t.Skip("no rights to capture: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A talker sends UDP datagrams over the loopback interface.
type talker struct {
	conn net.Conn
	port int
}

func newTalker(t testing.TB) talker {
	t.Helper()
	listener, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	conn, err := net.Dial("udp4", listener.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return talker{conn, listener.LocalAddr().(*net.UDPAddr).Port}
}

func (k talker) filter() string { return fmt.Sprintf("udp dst port %d", k.port) }

func (k talker) say(t testing.TB, what string) {
	t.Helper()
	if _, err := k.conn.Write([]byte(what)); err != nil {
		t.Fatal(err)
	}
}

func numbered(i int) string { return fmt.Sprintf("datagram %03d of the test", i) }

// listen calls found for each frame until it has seen n or the time is up.
func listen(t testing.TB, s *Source, n int, found func(i int, f *capture.Frame)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var f capture.Frame
	for i := 0; i < n; {
		switch err := s.Next(&f); {
		case err == capture.ErrIdle && ctx.Err() == nil:
		case err != nil:
			t.Fatalf("after %d frames of %d: %v", i, n, err)
		default:
			found(i, &f)
			i++
		}
	}
}

func TestLive(t *testing.T) {
	for _, immediate := range []bool{false, true} {
		t.Run(fmt.Sprintf("immediate %v", immediate), func(t *testing.T) {
			k := newTalker(t)
			s := openLive(t, []string{loopback(t)}, Config{BPF: k.filter(), Immediate: immediate})
			before := time.Now()
			for i := range 100 {
				k.say(t, numbered(i))
			}
			fine := false
			// On the loopback interface of Linux libpcap shows a frame once.
			listen(t, s, 100, func(i int, f *capture.Frame) {
				if f.Number != i+1 || f.LinkType != 1 || f.Source != 0 || f.Interface != 0 || f.Length != len(f.Data) {
					t.Errorf("frame %d is %+v", i+1, f)
				}
				if !strings.HasSuffix(string(f.Data), numbered(i)) {
					t.Errorf("frame %d ends in %q", i+1, f.Data[42:])
				}
				if at := time.Unix(0, f.Nanos); at.Before(before.Add(-time.Second)) || at.After(before.Add(20*time.Second)) {
					t.Errorf("frame %d is of %v", i+1, at)
				}
				fine = fine || f.Nanos%1000 != 0
			})
			if !fine {
				t.Error("no time is finer than a microsecond")
			}
			checkEnded(t, s)
		})
	}
}

// checkEnded closes s and checks what it says of 100 frames.
func checkEnded(t *testing.T, s *Source) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	var f capture.Frame
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("next after close: %v, want io.EOF", err)
	}
	info := s.Info()[0]
	if info.Format != "live" || info.Frames != 100 || info.Octets != 100*(42+24) || len(info.LinkTypes) != 1 || len(info.Warnings) != 0 {
		t.Errorf("info %+v", info)
	}
	// The kernel also counts the outgoing copies that libpcap leaves out.
	if d := s.Drops(); d.Kernel != 0 || d.Interface != 0 || d.Received < 100 {
		t.Errorf("drops %+v, want at least 100 received and none dropped", d)
	}
	if err := s.Close(); err != nil {
		t.Errorf("the second close: %v", err)
	}
}

// What nobody took when a capture is left is counted, whether it waits in the
// program or in the kernel.
func TestLiveLeave(t *testing.T) {
	k := newTalker(t)
	const sent, taken = batches*batchFrames + 8000, 10
	s := openLive(t, []string{loopback(t)}, Config{BPF: k.filter(), BufferSize: 128 << 20})
	for range sent {
		k.say(t, "x")
	}
	listen(t, s, taken, func(int, *capture.Frame) {})
	s.Leave()
	if d := s.Drops(); d.Kernel == 0 && d.Queue != sent-taken || d.Queue+d.Kernel < sent-taken {
		t.Errorf("drops %+v of %d frames of which %d were taken", d, sent, taken)
	} else if in := s.Info()[0].Drops; in == nil || *in != d {
		t.Errorf("the interface lost %+v, all together %+v", in, d)
	}
	var f capture.Frame
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("next after leave: %v, want io.EOF", err)
	}
}

// On "any" frames tell the number of the interface they passed.
func TestLiveAny(t *testing.T) {
	k := newTalker(t)
	lo, err := net.InterfaceByName(loopback(t))
	if err != nil {
		t.Fatal(err)
	}
	s := openLive(t, []string{anyInterface}, Config{BPF: k.filter(), Promiscuous: true})
	for i := range 100 {
		k.say(t, numbered(i))
	}
	listen(t, s, 100, func(i int, f *capture.Frame) {
		if f.LinkType != linuxSLL2 || f.Interface != lo.Index || !strings.HasSuffix(string(f.Data), numbered(i)) {
			t.Errorf("frame %d is of link type %d, interface %d: %q", i+1, f.LinkType, f.Interface, f.Data)
		}
		if protocol := binary.BigEndian.Uint16(f.Data); protocol != 0x0800 {
			t.Errorf("frame %d begins with protocol %#x", i+1, protocol)
		}
	})
}

// Two interfaces are merged by time and told apart by Source.
func TestLiveTwoInterfaces(t *testing.T) {
	k := newTalker(t)
	lo := loopback(t)
	s := openLive(t, []string{lo, anyInterface}, Config{BPF: k.filter()})
	for i := range 50 {
		k.say(t, numbered(i))
	}
	var seen [2]int
	var last int64
	listen(t, s, 100, func(i int, f *capture.Frame) {
		if !strings.HasSuffix(string(f.Data), numbered(seen[f.Source])) || f.Number != i+1 {
			t.Errorf("frame %d of source %d is %q", i+1, f.Source, f.Data)
		}
		if f.Nanos < last {
			t.Errorf("frame %d is %d ns older than the one before", i+1, last-f.Nanos)
		}
		last = f.Nanos
		seen[f.Source]++
	})
	if seen != [2]int{50, 50} {
		t.Errorf("%v frames, want 50 of each", seen)
	}
}

// A second interface on which nothing happens must not stop the first.
func TestLiveQuietInterface(t *testing.T) {
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range all {
		if !other.Up || other.Loopback || other.Any {
			continue
		}
		k := newTalker(t)
		s := openLive(t, []string{loopback(t), other.Name}, Config{BPF: k.filter()})
		for i := range 3 {
			k.say(t, numbered(i))
		}
		listen(t, s, 3, func(i int, f *capture.Frame) {
			if f.Source != 0 || !strings.HasSuffix(string(f.Data), numbered(i)) {
				t.Errorf("frame %d of source %d is %q", i+1, f.Source, f.Data)
			}
		})
		return
	}
	t.Skip("no interface other than the loopback one is up")
}

func TestLiveIdle(t *testing.T) {
	s := openLive(t, []string{loopback(t)}, Config{BPF: "ether proto 0x1234"})
	var f capture.Frame
	for range 3 {
		start := time.Now()
		if err := s.Next(&f); err != capture.ErrIdle {
			t.Fatalf("a quiet wire gives %v, want ErrIdle", err)
		}
		if took := time.Since(start); took < 50*time.Millisecond || took > 2*time.Second {
			t.Errorf("it took %v, want about 100 ms", took)
		}
	}
}

// Close ends a Next that another goroutine waits in.
func TestLiveClose(t *testing.T) {
	s := openLive(t, []string{loopback(t)}, Config{BPF: "ether proto 0x1234"})
	ended := make(chan error)
	go func() {
		var f capture.Frame
		err := capture.ErrIdle
		for err == capture.ErrIdle {
			err = s.Next(&f)
		}
		ended <- err
	}()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	select {
	case err := <-ended:
		if err != io.EOF {
			t.Errorf("next ended with %v, want io.EOF", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("next did not end")
	}
}

func TestLiveErrors(t *testing.T) {
	openLive(t, []string{loopback(t)}, Config{})
	if _, err := Open(nil, Config{}); !errors.Is(err, ErrNoInterface) {
		t.Errorf("no interface: %v", err)
	}
	_, err := Open([]string{loopback(t), "nosuch0"}, Config{})
	var wrong *InterfaceError
	if !errors.As(err, &wrong) || !errors.Is(err, ErrNoSuchInterface) || wrong.Interface != "nosuch0" || !strings.Contains(wrong.Hint(), loopback(t)) {
		t.Errorf("no such interface: %v", err)
	}
	_, err = Open([]string{loopback(t)}, Config{BPF: "udp prot 5060"})
	var filter *FilterError
	if !errors.As(err, &filter) || !strings.Contains(err.Error(), "syntax error") || filter.Hint() == "" {
		t.Errorf("a wrong filter: %v", err)
	}
}

// Without rights the error says how to get them. Nobody is asked, in a
// process of its own.
func TestLiveWithoutRights(t *testing.T) {
	if os.Getenv("LIBPCAP_TEST_NOBODY") != "" {
		_, err := Open([]string{"lo"}, Config{})
		var denied *PermissionError
		fmt.Println(err, errors.As(err, &denied) && errors.Is(err, fs.ErrPermission))
		if denied != nil {
			fmt.Println(denied.Hint())
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("only root can become nobody")
	}
	if _, err := net.InterfaceByName("lo"); err != nil {
		t.Skip(err)
	}
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestLiveWithoutRights$")
	cmd.Env = []string{"LIBPCAP_TEST_NOBODY=1"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"cannot capture on lo: operation not permitted true\n",
		"(uid 65534). Capturing needs one capability, CAP_NET_RAW.\n",
		"\n    sudo setcap cap_net_raw=ep '/",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output has no %q:\n%s", want, out)
		}
	}
}
