package capture

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// TestQueue: what several goroutines put in comes out once, each one's in order.
func TestQueue(t *testing.T) {
	const writers, each = 4, 5000
	q := NewQueue(10_000) // far less than all of it
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for n := range each {
				f := Frame{Nanos: int64(n), Source: w, Data: fmt.Appendf(nil, "%d of %d%s", n, w, strings.Repeat(".", n%50))}
				if !q.Put(&f) {
					t.Error("refused")
				}
			}
		})
	}
	go func() {
		writing.Wait()
		q.Close(nil)
	}()
	var next [writers]int64
	var f Frame
	for {
		err := q.Next(&f)
		if errors.Is(err, ErrIdle) {
			continue
		}
		if err != nil {
			if err != io.EOF {
				t.Error(err)
			}
			break
		}
		want := fmt.Sprintf("%d of %d%s", next[f.Source], f.Source, strings.Repeat(".", int(next[f.Source])%50))
		if f.Nanos != next[f.Source] || string(f.Data) != want {
			t.Fatalf("%d of %d: %q, want %q", f.Nanos, f.Source, f.Data, want)
		}
		next[f.Source]++
	}
	for w, n := range next {
		if n != each {
			t.Errorf("%d of %d from %d", n, each, w)
		}
	}
}

// TestQueueBounds: a full queue refuses, and has room again when it was emptied.
func TestQueueBounds(t *testing.T) {
	q := NewQueue(10 * (100 + queuedFrame))
	f := Frame{Data: make([]byte, 100)}
	taken := 0
	for q.Offer(&f) {
		taken++
	}
	if taken != 10 {
		t.Errorf("%d frames fit, want 10", taken)
	}
	var got Frame
	for i := range 10 {
		if err := q.Next(&got); err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
	}
	if err := q.Next(&got); !errors.Is(err, ErrIdle) {
		t.Errorf("of an empty queue: %v", err)
	}
	f.Data = make([]byte, 10_000)
	if !q.Offer(&f) || q.Offer(&f) {
		t.Error("there is room for one frame that is longer than the queue, and for no other then")
	}
	why := errors.New("broken")
	q.Close(why)
	q.Close(nil)
	if q.Offer(&f) || q.Put(&f) {
		t.Error("a closed queue takes frames")
	}
	if err := q.Next(&got); err != nil || len(got.Data) != 10_000 {
		t.Errorf("what waited: %d octets, %v", len(got.Data), err)
	}
	if err := q.Next(&got); err != why {
		t.Errorf("in the end %v, want %v", err, why)
	}
}

// TestQueueAllocates nothing for a frame once it has its memory.
func TestQueueAllocates(t *testing.T) {
	q := NewQueue(1 << 20)
	f, got := Frame{Data: make([]byte, 200)}, Frame{}
	n := testing.AllocsPerRun(1000, func() {
		q.Offer(&f)
		if err := q.Next(&got); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// scripted is a live source that yields frames, then err forever.
type scripted struct {
	name   string
	frames int
	err    error
	number int
	closed bool
}

func (s *scripted) Next(f *Frame) error {
	if s.number == s.frames {
		return s.err
	}
	s.number++
	*f = Frame{Number: s.number, Nanos: int64(s.number), Data: fmt.Append(nil, s.name, s.number), Source: s.number % 2}
	return nil
}

func (s *scripted) Info() []SourceInfo {
	return []SourceInfo{{Name: s.name + "1"}, {Name: s.name + "2", Warnings: []string{fmt.Sprint(s.number)}}}
}

func (s *scripted) Drops() Drops {
	return Drops{Received: 10, Kernel: 1, Queue: 3, Uncounted: DropsInterface}
}

func (s *scripted) Close() error { s.closed = true; return nil }

func TestJoin(t *testing.T) {
	broken := errors.New("broken")
	a, b := &scripted{name: "a", frames: 10_001, err: io.EOF}, &scripted{name: "b", frames: 7, err: broken}
	j := NewJoin(a, b)
	seen := map[string]int{}
	var f Frame
	var err error
	for n := 1; ; n++ {
		if err = j.Next(&f); err != nil {
			break
		}
		if f.Number != n {
			t.Fatalf("frame %d is number %d", n, f.Number)
		}
		seen[fmt.Sprint(string(f.Data[:1]), f.Source)]++
	}
	if err != broken {
		t.Errorf("ended with %v", err)
	}
	want := map[string]int{"a0": 5000, "a1": 5001, "b2": 3, "b3": 4}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
	got := ""
	for _, in := range j.Info() {
		got += fmt.Sprintln(in.Name, in.Frames, in.Warnings)
	}
	if want := "a1 5000 []\na2 5001 [10001]\nb1 3 []\nb2 4 [7]\n"; got != want {
		t.Errorf("info\n%swant\n%s", got, want)
	}
	if d := j.Drops(); d != (Drops{Received: 20, Kernel: 2, Queue: 6, Uncounted: DropsInterface}) {
		t.Errorf("drops %+v", d)
	}
	if err := j.Close(); err != nil || !a.closed || !b.closed {
		t.Errorf("closed %v %v, %v", a.closed, b.closed, err)
	}
}

// TestJoinClose ends sources that would go on forever, also when nobody reads.
func TestJoinClose(t *testing.T) {
	j := NewJoin(&scripted{name: "a", frames: 1 << 60}, &scripted{name: "b", err: ErrIdle})
	var f Frame
	if err := j.Next(&f); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for {
		if err := j.Next(&f); err != nil {
			if err != io.EOF {
				t.Error(err)
			}
			return
		}
	}
}

// TestJoinLeave counts the frames that were read of a source and that nobody
// took, on top of those that the sources lost themselves.
func TestJoinLeave(t *testing.T) {
	endless := &scripted{name: "a", frames: 1 << 60}
	j := NewJoin(endless, &scripted{name: "b", err: io.EOF})
	var f Frame
	const taken = 5
	for range taken {
		if err := j.Next(&f); err != nil {
			t.Fatal(err)
		}
	}
	j.Leave()
	if d := j.Drops(); d.Queue != 3+3+uint64(endless.number-taken) {
		t.Errorf("drops %+v of %d frames of which %d were taken", d, endless.number, taken)
	}
	if err := j.Next(&f); err != io.EOF {
		t.Errorf("next after leave: %v, want io.EOF", err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}
