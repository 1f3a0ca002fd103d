//go:build cgo && !nopcap

package libpcap

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sipsniff/capture"
)

// newSource is a Source of n interfaces whose readers do not run: a test
// sends the batches itself.
func newSource(n int) *Source {
	s := &Source{
		filled:  make(chan *batch, n*(batches+1)),
		closing: make(chan struct{}),
		queues:  make([][]*batch, n),
		ended:   make([]bool, n),
		infos:   make([]capture.SourceInfo, n),
		timer:   time.NewTimer(time.Hour),
	}
	for i := range n {
		s.readers = append(s.readers, &reader{name: fmt.Sprintf("eth%d", i), index: i, linkType: 1, free: make(chan *batch, batches)})
	}
	return s
}

// send gives s a batch of frames at these times, each with its time as text.
func (s *Source) send(reader int, times ...int64) {
	b := newBatch(s.readers[reader])
	for _, at := range times {
		text := fmt.Sprint(at)
		b.add(at, []byte(text), len(text)+1, reader)
	}
	s.filled <- b
}

func (s *Source) end(reader int, err error) {
	s.filled <- &batch{from: s.readers[reader], final: true, err: err}
}

// take1 hands out the next frame as "source:data".
func (s *Source) take1() string {
	var f capture.Frame
	if err := s.Next(&f); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d:%s", f.Source, f.Data)
}

func expect(t *testing.T, s *Source, want string) {
	t.Helper()
	var got []string
	for range strings.Fields(want) {
		got = append(got, s.take1())
	}
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got  %s\nwant %s", g, want)
	}
}

func TestSourceOneInterface(t *testing.T) {
	s := newSource(1)
	s.send(0, 1, 5, 3) // a single interface is never reordered
	s.send(0)
	s.send(0, 4)
	expect(t, s, "0:1 0:5 0:3 0:4")
	s.end(0, nil)
	var f capture.Frame
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
	if n := len(s.readers[0].free); n != 3 {
		t.Errorf("%d batches came back, want 3", n)
	}
	if i := s.Info()[0]; i.Frames != 4 || i.Octets != 4 {
		t.Errorf("info %+v", i)
	}
}

func TestSourceMerges(t *testing.T) {
	s := newSource(2)
	s.send(0, 1, 4, 5)
	s.send(1, 2, 3, 5)
	s.end(0, nil)
	s.end(1, nil)
	expect(t, s, "0:1 1:2 1:3 0:4 0:5 1:5 EOF EOF")
}

// A frame waits for the other interface, but not for ever.
func TestSourceHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(2)
		s.timer = time.NewTimer(time.Hour) // of the bubble's clock
		s.send(0, 10, 20)
		var f capture.Frame
		start := time.Now()
		if err := s.Next(&f); err != capture.ErrIdle || time.Since(start) != idleAfter {
			t.Errorf("after %v: %v, want ErrIdle after %v", time.Since(start), err, idleAfter)
		}
		s.send(1, 5) // late, and older
		expect(t, s, "1:5")
		if err := s.Next(&f); err != nil || f.Nanos != 10 || time.Since(start) != holdBack {
			t.Errorf("after %v: %v, frame of %d; want that of 10 after %v", time.Since(start), err, f.Nanos, holdBack)
		}
		expect(t, s, "0:20") // of the same batch: it waited already
		if time.Since(start) != holdBack {
			t.Error("the second frame of the batch waited again")
		}
	})
}

// An interface that has no memory left to read into is not held back.
func TestSourcePressed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(2)
		s.timer = time.NewTimer(time.Hour)
		start := time.Now()
		for i := range batches {
			s.send(0, int64(i))
		}
		expect(t, s, "0:0")
		if time.Since(start) != 0 {
			t.Errorf("it waited %v", time.Since(start))
		}
	})
}

func TestSourceInterfaceFails(t *testing.T) {
	s := newSource(2)
	gone := errors.New("the interface disappeared")
	s.send(1, 1)
	s.end(1, &InterfaceError{Interface: "eth1", Err: gone})
	s.send(0, 2)
	expect(t, s, "1:1 0:2")
	if w := s.Info()[1].Warnings; len(w) != 1 || w[0] != "cannot capture on eth1: the interface disappeared" {
		t.Errorf("warnings %q", w)
	}
	s.end(0, nil)
	var f capture.Frame
	if err := s.Next(&f); !errors.Is(err, gone) {
		t.Errorf("at the end: %v", err)
	}
}

// The octets of a frame stay as they are until the following Next, also those
// of the last frame of a batch.
func TestSourceLends(t *testing.T) {
	s := newSource(1)
	s.send(0, 1)
	var f capture.Frame
	if err := s.Next(&f); err != nil {
		t.Fatal(err)
	}
	if len(s.readers[0].free) != 0 {
		t.Error("a batch went back while its frame is lent")
	}
	s.end(0, nil)
	if err := s.Next(&f); err != io.EOF || len(s.readers[0].free) != 1 {
		t.Errorf("%v, %d batches came back", err, len(s.readers[0].free))
	}
}

func TestSourceAllocatesNothing(t *testing.T) {
	s := newSource(2)
	times := make([]int64, 2000)
	for i := range times {
		times[i] = int64(i)
	}
	s.send(0, times...)
	s.send(1, times...)
	var f capture.Frame
	if n := testing.AllocsPerRun(3000, func() {
		if err := s.Next(&f); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a frame, want 0", n)
	}
}

func TestCounterWraps(t *testing.T) {
	var c counter
	for _, n := range []uint32{10, 0xfffffff0, 5} {
		c.update(n)
	}
	if got := c.total.Load(); got != 1<<32+5 {
		t.Errorf("got %d, want %d", got, uint64(1<<32+5))
	}
}

func TestBatchShrinks(t *testing.T) {
	b := newBatch(nil)
	for range 2 {
		b.add(1, make([]byte, DefaultSnaplen), DefaultSnaplen, 0)
	}
	if !b.full() {
		t.Error("512 KiB do not fill a batch")
	}
	b.reset()
	if cap(b.data) != batchOctets || len(b.frames) != 0 || b.full() {
		t.Errorf("capacity %d, %d frames", cap(b.data), len(b.frames))
	}
}

// A batch waits for further frames for 50 ms of the clock, and not for an hour
// when that was set back.
func TestBatchAge(t *testing.T) {
	for after, want := range map[time.Duration]bool{
		0: true, 49 * time.Millisecond: true, 50 * time.Millisecond: false, time.Hour: false, -time.Millisecond: true, -time.Hour: false,
	} {
		b := newBatch(nil)
		b.add(int64(time.Hour), []byte{1}, 1, 0)
		if got := b.gathers(int64(time.Hour + after)); got != want {
			t.Errorf("%v after the first frame: %v, want %v", after, got, want)
		}
	}
}
