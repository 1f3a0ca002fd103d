package hepnet

import (
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
)

// who is the n-th agent.
func who(n int) agentKey { return agentKey{from: netip.MustParseAddr("192.0.2.9"), agent: uint32(n)} }

// put gives a settler a frame with its number as content.
func put(t *testing.T, s *settler, number int, who agentKey, stamp, arrival time.Duration) {
	t.Helper()
	if !s.put(&capture.Frame{Number: number, Nanos: int64(stamp), Data: fmt.Append(nil, number)}, who, arrival, false) {
		t.Fatalf("frame %d is refused", number)
	}
}

// order takes what has settled by now and returns its numbers.
func order(t *testing.T, s *settler, now time.Duration) (numbers []int) {
	t.Helper()
	var f capture.Frame
	for {
		if wait, err := s.take(&f, now); err != nil || wait > 0 {
			return numbers
		}
		if string(f.Data) != fmt.Sprint(f.Number) {
			t.Errorf("frame %d holds %q", f.Number, f.Data)
		}
		numbers = append(numbers, f.Number)
	}
}

// TestSettlerOrder: the packets of an agent come in the order of its clock,
// whatever that shows; those of several in the order of ours.
func TestSettlerOrder(t *testing.T) {
	const ms, hour = time.Millisecond, time.Hour
	s := newSettler(1 << 20)
	a, b := who(1), who(2)
	// Agent a is an hour behind, b a day ahead. Packet 1 was on its way for
	// 9 ms longer than packet 3.
	put(t, s, 1, a, 10*ms-hour, 30*ms)
	put(t, s, 2, a, 5*ms-hour, 31*ms)
	put(t, s, 3, a, 30*ms-hour, 41*ms)
	put(t, s, 4, b, 24*hour, 41*ms)
	put(t, s, 5, b, 24*hour-15*ms, 42*ms)
	put(t, s, 6, a, 30*ms-hour, 43*ms)
	if got := order(t, s, 115*ms); len(got) != 0 {
		t.Errorf("%v before the time", got)
	}
	// By our clock: 2 at 16, 1 at 21, 5 at 26, 3 and 6, and 4, at 41 ms.
	if got := order(t, s, 116*ms); !cmp.Equal(got, []int{2}) {
		t.Errorf("at 116 ms %v", got)
	}
	if got := order(t, s, 140*ms); !cmp.Equal(got, []int{1, 5}) {
		t.Errorf("at 140 ms %v", got)
	}
	if got := order(t, s, 141*ms); len(got) != 3 {
		t.Errorf("at 141 ms %v", got)
	}
	// The clock of a is set back: its packets seem late, and come at once.
	put(t, s, 7, a, -2*hour, 200*ms)
	if got := order(t, s, 200*ms); !cmp.Equal(got, []int{7}) {
		t.Errorf("late %v", got)
	}
	// Two windows later they are in order again.
	put(t, s, 8, a, clockWindow-2*hour, clockWindow+200*ms)
	put(t, s, 9, a, 2*clockWindow-2*hour, 2*clockWindow+300*ms)
	order(t, s, 2*clockWindow+300*ms)
	put(t, s, 10, a, 2*clockWindow+115*ms-2*hour, 2*clockWindow+320*ms)
	put(t, s, 11, a, 2*clockWindow+114*ms-2*hour, 2*clockWindow+321*ms)
	if got := order(t, s, 2*clockWindow+321*ms); len(got) != 0 {
		t.Errorf("again late: %v", got)
	}
	if got := order(t, s, 3*clockWindow); !cmp.Equal(got, []int{11, 10}) {
		t.Errorf("two windows later %v", got)
	}
}

// TestSettlerLanes: with more agents than there are lanes nothing is lost, and
// agents that are silent make room.
func TestSettlerLanes(t *testing.T) {
	s := newSettler(1 << 24)
	for round := range 3 {
		for n := range 3 * mostLanes {
			put(t, s, n, who(round*10_000+n), time.Duration(n), time.Duration(round+1)*time.Second)
		}
		if len(s.lanes) > mostLanes || len(s.active) > mostLanes+1 {
			t.Errorf("%d lanes, %d active", len(s.lanes), len(s.active))
		}
		if got := order(t, s, time.Minute); len(got) != 3*mostLanes || len(s.active) != 0 || s.octets != 0 {
			t.Errorf("%d of %d came, %d octets stay", len(got), 3*mostLanes, s.octets)
		}
	}
}

// TestSettlerWaits: next waits until a packet has settled, and tells when
// nothing comes.
func TestSettlerWaits(t *testing.T) {
	s := newSettler(1 << 20)
	now := s.now()
	put(t, s, 1, who(1), 0, now)
	var f capture.Frame
	var err error
	for err = s.next(&f); err == capture.ErrIdle; err = s.next(&f) {
	}
	if err != nil || f.Number != 1 || s.now()-now < settle {
		t.Errorf("frame %d after %v, %v", f.Number, s.now()-now, err)
	}
	if err := s.next(&f); err != capture.ErrIdle {
		t.Errorf("of an empty one: %v", err)
	}
	// What waits when it is closed does not wait longer.
	put(t, s, 2, who(1), time.Hour, s.now())
	put(t, s, 3, who(1), time.Minute, s.now())
	s.close(nil)
	s.close(io.ErrUnexpectedEOF)
	for _, want := range []int{3, 2} {
		if err := s.next(&f); err != nil || f.Number != want {
			t.Errorf("frame %d, want %d, %v", f.Number, want, err)
		}
	}
	if err := s.next(&f); err != io.EOF {
		t.Errorf("in the end %v", err)
	}
}

// TestSettlerBounds: a full one refuses, or waits for room.
func TestSettlerBounds(t *testing.T) {
	s := newSettler(3 * (100 + waitingOctets))
	f := capture.Frame{Data: make([]byte, 100)}
	for range 3 {
		if !s.put(&f, who(1), 0, false) {
			t.Fatal("there is room for three")
		}
	}
	if s.put(&f, who(1), 0, false) {
		t.Error("there is no room for four")
	}
	waited := make(chan bool)
	go func() { waited <- s.put(&f, who(1), 0, true) }()
	var got capture.Frame
	if _, err := s.take(&got, time.Hour); err != nil {
		t.Fatal(err)
	}
	if !<-waited {
		t.Error("refused after there was room")
	}
	go func() { waited <- s.put(&f, who(1), 0, true) }()
	s.close(nil)
	if <-waited || s.put(&f, who(1), 0, false) {
		t.Error("taken after it was closed")
	}
}
