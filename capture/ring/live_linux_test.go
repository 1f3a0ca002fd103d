package ring

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// What the ring shows of a wire is what libpcap shows: the same frames in the
// same order, with the same lengths, and the same counts.
func TestLikeLibpcap(t *testing.T) {
	if !libpcap.Available {
		t.Skip("libpcap is not built in")
	}
	for name, c := range map[string]struct {
		on     string
		config libpcap.Config
	}{
		"everything":    {on: "va"},
		"a filter":      {on: "va", config: libpcap.Config{BPF: "udp port 5060", Widen: true}},
		"exact filter":  {on: "va", config: libpcap.Config{BPF: "udp port 5060"}},
		"tags":          {on: "va", config: libpcap.Config{BPF: "vlan 7 and udp"}},
		"snaplen":       {on: "va", config: libpcap.Config{Snaplen: 60}},
		"any":           {on: "any"},
		"any, filtered": {on: "any", config: libpcap.Config{BPF: "udp port 5060 and not ether proto 0x88b5", Widen: true}},
		"any, cut":      {on: "any", config: libpcap.Config{Snaplen: 50, BPF: "ip"}},
		"loopback":      {on: "lo"},
		"promiscuous":   {on: "va", config: libpcap.Config{Promiscuous: true}},
	} {
		t.Run(name, func(t *testing.T) {
			unplug(t)
			theirs, err := libpcap.Open([]string{c.on}, c.config)
			if err != nil {
				t.Skip(err)
			}
			defer theirs.Close()
			ours := openRing(t, c.config, c.on)
			talk(t)
			theirs.Stop()
			ours.Stop()
			same(t, rest(t, ours), rest(t, theirs))
			sameAccount(t, ours, theirs)
		})
	}
}

// talk sends frames of many kinds over the wire, both ways, and over the
// loopback interface.
func talk(t *testing.T) {
	there, back, lo := newSender(t, "vb"), newSender(t, "va"), newSender(t, "lo")
	for i := range 50 {
		text := fmt.Sprintf("datagram %d", i)
		there.send(t, datagram(5060, text), datagram(5060, text, 0x8100, 7), datagram(5061, strings.Repeat(text, 100)),
			datagram(5060, text, 0x88a8, 9, 0x8100, 7), datagram(6000, text, 0x8100, 0x2008))
		back.send(t, datagram(5060, text), datagram(6000, text, 0x8100, 7), append(datagram(1, text)[:12], 0x88, 0xb5, 1, 2, 3))
		lo.send(t, append(make([]byte, 12), datagram(5060, text)[12:]...))
	}
}

func same(t *testing.T, ours, theirs []capture.Frame) {
	t.Helper()
	if len(ours) != len(theirs) || len(ours) == 0 {
		t.Errorf("%d frames, libpcap has %d", len(ours), len(theirs))
	}
	for i := range min(len(ours), len(theirs)) {
		a, b := ours[i], theirs[i]
		if apart := time.Duration(a.Nanos - b.Nanos); apart > time.Second || apart < -time.Second {
			t.Errorf("frame %d: %v apart", i+1, apart)
		}
		a.Nanos, b.Nanos = 0, 0 // each takes its own
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("frame %d:\n%+v, libpcap has\n%+v", i+1, a, b)
		}
	}
}

func sameAccount(t *testing.T, ours, theirs live) {
	t.Helper()
	ours.Leave()
	theirs.Leave()
	if a, b := ours.Drops(), theirs.Drops(); a != b {
		t.Errorf("drops %+v, libpcap has %+v", a, b)
	}
	a, b := ours.Info(), theirs.Info()
	if !reflect.DeepEqual(a, b) {
		t.Errorf("info %+v, libpcap has %+v", a, b)
	}
	if a, b := ours.Forms(), theirs.Forms(); !reflect.DeepEqual(a, b) {
		t.Errorf("forms %q, libpcap has %q", a, b)
	}
}

// What did not fit in the ring is counted: frames seen, dropped and left unread
// are those that were sent.
func TestDropsAreCounted(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BufferSize: 1}, "va")
	const sent, taken = 20000, 10
	there := newSender(t, "vb")
	for range sent {
		there.send(t, datagram(6000, strings.Repeat("x", 172)))
	}
	var f capture.Frame
	for i := range taken {
		if err := s.Next(&f); err != nil {
			t.Fatalf("frame %d: %v", i+1, err)
		}
	}
	s.Leave()
	d := s.Drops()
	if d.Kernel == 0 || d.Queue == 0 || taken+d.Queue+d.Kernel != sent || d.Received != sent {
		t.Errorf("%d sent, %d taken: %+v", sent, taken, d)
	}
	if in := s.Info()[0].Drops; in == nil || *in != d {
		t.Errorf("the interface lost %+v, all together %+v", in, d)
	}
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("next after leave: %v, want io.EOF", err)
	}
}

// The blocks go back to the kernel: many times what the ring holds passes when
// it is read meanwhile, and every frame keeps its octets until the next.
func TestManyTurns(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BufferSize: 2 << 20}, "va")
	there := newSender(t, "vb")
	const batch = 1000
	taken, last := uint64(0), ""
	for round := range 30 {
		for i := range batch {
			there.send(t, datagram(6000, fmt.Sprintf("%6d", round*batch+i)+strings.Repeat("x", 160)))
		}
		all := uint64(round+1) * batch
		until(t, s, "a frame", func(err error, f *capture.Frame) bool {
			if err != nil {
				return taken+s.Drops().Kernel == all
			}
			taken++
			if text := string(f.Data[42:48]); text <= last || uint64(f.Number) != taken {
				t.Fatalf("frame %d is %q, behind %q", f.Number, text, last)
			} else {
				last = text
			}
			return taken+s.Drops().Kernel == all
		})
	}
	// A sender that has to wait for the processor uses up a block each time.
	if d := s.Drops(); d.Kernel > d.Received/10 {
		t.Errorf("%d of %d frames were dropped", d.Kernel, d.Received)
	}
}

// What the kernel holds in a block that it still fills is waited for when the
// capture is stopped.
func TestHeldBlock(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BPF: "udp"}, "va")
	r, before := s.rings[0], time.Now().Add(-quiet).UnixNano()
	if !r.empty(before) {
		t.Error("a ring that got nothing is not empty")
	}
	newSender(t, "vb").send(t, datagram(5060, "hello"))
	if r.empty(before) {
		t.Error("the ring is empty before its frame was read")
	}
	until(t, s, "the frame", func(err error, f *capture.Frame) bool { return err == nil })
	if !r.empty(before) {
		t.Error("the ring is not empty after its frame was read")
	}
}

// Two interfaces are merged by time and told apart by Source.
func TestTwoInterfaces(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{}, "va", "lo")
	talk(t)
	s.Stop()
	var seen [2]int
	var last int64
	for i, f := range rest(t, s) {
		if f.Nanos < last || f.Number != i+1 || f.Interface != f.Source {
			t.Errorf("frame %d is %+v, the one before of %d", i+1, f, last)
		}
		last = f.Nanos
		seen[f.Source]++
	}
	if seen != [2]int{400, 50} {
		t.Errorf("%v frames, want 400 and 50", seen)
	}
}

// What is on a busy interface does not wait for ever for a quiet one, and not
// at all for one that is down.
func TestQuietInterface(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BPF: "udp port 5060"}, "va", "lo")
	newSender(t, "vb").send(t, datagram(5060, "hello"))
	until(t, s, "the frame", func(err error, f *capture.Frame) bool {
		return err == nil && f.Source == 0 && bytes.HasSuffix(f.Data, []byte("hello"))
	})
}

// An interface that goes down, or away, and comes back is captured on again.
func TestInterfaceAway(t *testing.T) {
	for name, away := range map[string]func(t *testing.T, s *Source){
		"down": func(t *testing.T, s *Source) {
			ip(t, "link set va down")
			until(t, s, "the error", func(error, *capture.Frame) bool { return s.troubled > 0 })
			ip(t, "link set va up")
			until(t, s, "the end of it", func(error, *capture.Frame) bool { return s.troubled == 0 })
		},
		"gone": func(t *testing.T, s *Source) {
			ip(t, "link del va")
			until(t, s, "a warning", func(error, *capture.Frame) bool {
				return strings.Contains(strings.Join(s.Info()[0].Warnings, ""), "gone since")
			})
			plug(t)
			until(t, s, "the end of the warning", func(error, *capture.Frame) bool {
				return strings.Contains(strings.Join(s.Info()[0].Warnings, ""), "was gone for")
			})
		},
		"down, then gone": func(t *testing.T, s *Source) {
			ip(t, "link set va down")
			until(t, s, "the error", func(error, *capture.Frame) bool { return s.troubled > 0 })
			ip(t, "link del va")
			until(t, s, "a warning", func(error, *capture.Frame) bool {
				return strings.Contains(strings.Join(s.Info()[0].Warnings, ""), "gone since")
			})
			plug(t)
			until(t, s, "the end of the warning", func(error, *capture.Frame) bool { return s.troubled == 0 })
		},
	} {
		t.Run(name, func(t *testing.T) {
			unplug(t)
			s := openRing(t, libpcap.Config{Reopen: true, BPF: "udp"}, "va")
			newSender(t, "vb").send(t, datagram(5060, "before"))
			away(t, s)
			newSender(t, "vb").send(t, datagram(5060, "after"))
			s.Stop()
			frames := rest(t, s)
			if n := len(frames); n == 0 || !bytes.HasSuffix(frames[n-1].Data, []byte("after")) {
				t.Errorf("%d frames, the last is not that from after", n)
			}
			s.Leave()
			if d := s.Drops(); d.Kernel != 0 || d.Queue != 0 || d.Received < 2 {
				t.Errorf("drops %+v", d)
			}
		})
	}
}

// Without Reopen the capture ends with the interface, after what it brought.
func TestInterfaceGoneForGood(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BPF: "udp"}, "va")
	newSender(t, "vb").send(t, datagram(5060, "before"))
	ip(t, "link del va")
	n := 0
	var f capture.Frame
	deadline := time.Now().Add(30 * time.Second)
	err := capture.ErrIdle
	for ; (err == nil || err == capture.ErrIdle) && time.Now().Before(deadline); err = s.Next(&f) {
		if err == nil {
			n++
		}
	}
	var failed *libpcap.InterfaceError
	if !errors.As(err, &failed) || failed.Interface != "va" || n != 1 {
		t.Errorf("after %d frames: %v", n, err)
	}
}

// Close ends a Next that another goroutine waits in.
func TestClose(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BPF: "ether proto 0x1234"}, "va")
	ended := make(chan error)
	go func() {
		var f capture.Frame
		err := capture.ErrIdle
		for err == capture.ErrIdle {
			err = s.Next(&f)
		}
		ended <- err
	}()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
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

// The octets of a frame that is lent are there after another goroutine closed
// the source.
func TestCloseKeepsWhatIsLent(t *testing.T) {
	unplug(t)
	s := openRing(t, libpcap.Config{BPF: "udp"}, "va")
	newSender(t, "vb").send(t, datagram(5060, "hello"))
	var lent []byte
	until(t, s, "the frame", func(err error, f *capture.Frame) bool { lent = f.Data; return err == nil })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(lent, []byte("hello")) {
		t.Errorf("%q", lent)
	}
	if err := s.Next(new(capture.Frame)); err != io.EOF || s.rings[0].memory != nil {
		t.Errorf("next after close: %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	unplug(t)
	openRing(t, libpcap.Config{}, "va")
	if _, err := Open(nil, libpcap.Config{}); !errors.Is(err, libpcap.ErrNoInterface) {
		t.Errorf("no interface: %v", err)
	}
	_, err := Open([]string{"va", "nosuch0"}, libpcap.Config{})
	var wrong *libpcap.InterfaceError
	if !errors.As(err, &wrong) || !errors.Is(err, libpcap.ErrNoSuchInterface) || !strings.Contains(wrong.Hint(), "va") {
		t.Errorf("no such interface: %v", err)
	}
	ip(t, "link set vb down")
	if _, err := Open([]string{"vb"}, libpcap.Config{}); !errors.Is(err, libpcap.ErrInterfaceDown) {
		t.Errorf("an interface that is down: %v", err)
	}
	_, err = Open([]string{"va"}, libpcap.Config{BPF: "udp prot 5060"})
	var filter *libpcap.FilterError
	var missing *libpcap.NotBuiltError
	if !errors.As(err, &filter) && !errors.As(err, &missing) {
		t.Errorf("a wrong filter: %v", err)
	}
}

// Interfaces without Ethernet are for libpcap.
func TestUnsuited(t *testing.T) {
	unplug(t)
	if out, err := exec.Command("ip", "tuntap", "add", "mode", "tun", "tun7").CombinedOutput(); err != nil {
		t.Skipf("no tun: %s", out)
	}
	ip(t, "link set tun7 up")
	if _, err := Open([]string{"tun7"}, libpcap.Config{}); !errors.Is(err, ErrUnsuited) {
		t.Errorf("%v, want ErrUnsuited", err)
	}
}
