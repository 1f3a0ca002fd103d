package main

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/pcaps/gen"
)

// TestClockStepOnInterface is TestClockStep on an interface: the kernel stamps
// frames that arrive on vc with a clock that is set back while calls are up. They
// are the frames of va, where another sipsniff sees them by the clock of the
// machine, so what both say can be compared.
func TestClockStepOnInterface(t *testing.T) {
	wire := newWire(t)
	for _, line := range []string{
		"link add vc type veth peer name vd",
		"link set vc addrgenmode none up", "link set vd addrgenmode none up", // they say nothing of their own
	} {
		if out, err := wire.command("a", append([]string{"ip"}, strings.Fields(line)...)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", line, err, out)
		}
	}
	var clock *stampClock
	wire.inside(t, "a", func() { clock = newStampClock(t, "va", "vc") })
	program := build(t)
	report := func(name string) (stop func() []byte) {
		c := wire.command("a", program, "report", "-i", name, "-F", "json")
		var out, errOut bytes.Buffer
		c.Stdout, c.Stderr = &out, &errOut
		start(t, c)
		return func() []byte {
			_ = c.Process.Signal(os.Interrupt)
			if err := c.Wait(); err != nil {
				t.Fatalf("%v: %s", err, errOut.String())
			}
			return out.Bytes()
		}
	}
	asItIs, asItIsSet := report("va"), report("vc")
	wire.waitForCaptures(t, 2)

	const by = -30 * time.Second
	path := filepath.Join(t.TempDir(), "calls.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gen.Write(f, gen.Options{Calls: 10, Rate: 2, Length: 2 * time.Second, RTCP: true, Start: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	wire.play(t, "b", "vb", path, 4*time.Second, func() { clock.set(t, by) })

	wantCalls, wantStreams, none := steppedIn(t, asItIs())
	calls, streams, steps := steppedIn(t, asItIsSet())
	if none != 0 || steps != 1 {
		t.Errorf("%d and %d steps are told, want 0 and 1", none, steps)
	}
	if len(wantCalls) == 0 || len(calls) != len(wantCalls) || len(streams) != len(wantStreams) {
		t.Fatalf("%d calls and %d streams, want %d and %d", len(calls), len(streams), len(wantCalls), len(wantStreams))
	}
	// The stamps of a frame on both interfaces are some microseconds apart, or what
	// the machine does in between.
	const apart = 20 // ms
	crossed := 0
	for id, want := range wantCalls {
		if sameCall(t, calls[id], want, by, apart) {
			crossed++
		}
	}
	if crossed < 2 || crossed == len(calls) {
		t.Errorf("%d of %d calls were going on at the step", crossed, len(calls))
	}
	for ssrc, want := range wantStreams {
		got := streams[ssrc]
		if math.Abs(got.Jitter.Mean-want.Jitter.Mean) > apart || got.Jitter.Max > want.Jitter.Max+apart || math.Abs(got.MOS-want.MOS) > 0.3 {
			t.Errorf("stream %s: jitter %v, MOS %v; without a step %v and %v", ssrc, got.Jitter, got.MOS, want.Jitter, want.MOS)
		}
		if got.Packets != want.Packets || got.Lost != want.Lost || got.Expected != want.Expected || got.Reordered != want.Reordered {
			t.Errorf("stream %s: %+v\nwithout a step: %+v", ssrc, got, want)
		}
	}
}

// inside runs something in the network of one end of the wire.
func (w *wire) inside(t *testing.T, end string, do func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	here, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	there, err := os.Open(filepath.Join("/var/run/netns", w.prefix+end))
	if err != nil {
		t.Fatal(err)
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Setns(int(here.Fd()), unix.CLONE_NEWNET); err != nil {
			panic(err) // the thread must not be used by others
		}
	}()
	do()
}

// play sends the frames of a capture on an interface, in half the time that they
// took, and does something else when so much of the capture has passed.
func (w *wire) play(t *testing.T, end, name, path string, at time.Duration, then func()) {
	t.Helper()
	var fd int
	w.inside(t, end, func() { fd = sendingSocket(t, name) })
	source, err := capture.Open([]string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close() }()
	var f capture.Frame
	first, began := int64(0), time.Now()
	for {
		err := source.Next(&f)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = f.Nanos
		}
		into := time.Duration(f.Nanos - first)
		if then != nil && into >= at {
			then()
			then = nil
		}
		<-time.After(into/2 - time.Since(began))
		if _, err := unix.Write(fd, f.Data); err != nil {
			t.Fatal(err)
		}
	}
}
