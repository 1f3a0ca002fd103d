package capture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A packed stream that is flushed after each packet, one every 10 ms, is not
// read in sips of what it unpacks to.
func TestPackedTrickle(t *testing.T) {
	packets := samplePackets()[:0]
	for i := range 500 {
		packets = append(packets, packet{uint32(1_700_000_000 + i), 0, 200, payload(i, 200)})
	}
	synctest.Test(t, func(t *testing.T) {
		w := newEndless()
		go func() {
			z := gzip.NewWriter(w)
			_, _ = z.Write(pcapHeader(little, magicMicros, 0, 1))
			_ = z.Flush()
			for _, p := range packets {
				time.Sleep(10 * time.Millisecond)
				_, _ = z.Write(pcapRecord(nil, little, p.sec, p.micros, p.length, p.data))
				_ = z.Flush()
			}
			_ = z.Close()
			_ = w.Close()
		}()
		begun := time.Now()
		s, err := Open([]string{"-"}, Options{Stdin: w, Idle: true})
		if err != nil {
			t.Fatal(err)
		}
		var f Frame
		late, n := time.Duration(0), 0
		for {
			err := s.Next(&f)
			if errors.Is(err, ErrIdle) {
				continue
			}
			if err != nil {
				break
			}
			n++
			late = max(late, time.Since(begun)-time.Duration(n)*10*time.Millisecond)
		}
		if n != 500 || late > 200*time.Millisecond {
			t.Errorf("%d frames, the latest %v late", n, late)
		}
		_ = s.Close()
		time.Sleep(time.Second) // of the bubble's clock: what still reads is let go
	})
}

// An endless pipe takes what it is given at once.
type endless struct {
	mutex sync.Mutex
	came  *sync.Cond
	buf   bytes.Buffer
	ended bool
}

func newEndless() *endless {
	e := &endless{}
	e.came = sync.NewCond(&e.mutex)
	return e
}

func (e *endless) Write(p []byte) (int, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.came.Signal()
	return e.buf.Write(p)
}

func (e *endless) Close() error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.ended = true
	e.came.Signal()
	return nil
}

func (e *endless) Read(p []byte) (int, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for e.buf.Len() == 0 && !e.ended {
		e.came.Wait()
	}
	return e.buf.Read(p)
}

// slow takes a while for each read.
type slow struct {
	r    io.Reader
	take time.Duration
}

func (s *slow) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	time.Sleep(s.take)
	return n, err
}

// What had arrived before the stop is handed out.
func TestStopInASip(t *testing.T) {
	packets := samplePackets()[:8]
	content := asPcap(little, magicMicros, packets)
	synctest.Test(t, func(t *testing.T) {
		w := newEndless()
		go func() {
			_, _ = w.Write(content[:len(content)-500])
		}()
		s, err := Open([]string{"-"}, Options{Stdin: &slow{w, 15 * time.Millisecond}, Idle: true})
		if err != nil {
			t.Fatal(err)
		}
		frames, _ := drain(t, s) // to the first ErrIdle
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
			more, err := drain(t, s)
			frames = append(frames, more...)
			if !errors.Is(err, ErrIdle) {
				t.Fatal(err)
			}
		}
		go func() {
			_, _ = w.Write(content[len(content)-500 : len(content)-499]) // one octet
			time.Sleep(30 * time.Millisecond)
			_, _ = w.Write(content[len(content)-499:])
			time.Sleep(10 * time.Millisecond)
			s.(Stopper).Stop() // everything is there
		}()
		more, err := drain(t, s)
		frames = append(frames, more...)
		if err != nil || len(frames) != 8 {
			t.Errorf("%d frames of 8, %v", len(frames), err)
		}
		_ = s.Close()
		_ = w.Close()
		time.Sleep(time.Second) // likewise
	})
}

// A bounded pipe has room for 64 KiB; who writes 8 KiB at a time waits for it.
type bounded struct {
	every      time.Duration
	next       time.Time
	held, left int
}

const step = 8 << 10

func (b *bounded) fill() {
	for b.left > 0 && b.held+step <= 64<<10 && !b.next.After(time.Now()) {
		b.held, b.left, b.next = b.held+step, b.left-step, b.next.Add(b.every)
	}
}

func (b *bounded) Read(p []byte) (int, error) {
	b.fill()
	if b.held == 0 {
		if b.left == 0 {
			return 0, io.EOF
		}
		time.Sleep(time.Until(b.next))
		b.fill()
	}
	full := b.held+step > 64<<10
	n := min(len(p), b.held)
	b.held -= n
	if full {
		b.next = time.Now().Add(b.every)
	}
	return n, nil
}

// Who writes much in small pieces does not wait for a sip.
func TestFlowInSmallPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bounded{every: 100 * time.Microsecond, next: time.Now(), left: step * 100_000} // 10 s at 80 MB/s
		i := newIdleReader(newSipper(b), 1<<20, nil)
		i.enabled = true
		begun, buf := time.Now(), make([]byte, 1<<20)
		for {
			if _, err := i.Read(buf); err == io.EOF {
				break
			} else if err != nil && !errors.Is(err, ErrIdle) {
				t.Fatal(err)
			}
		}
		_ = i.close()
		if took := time.Since(begun); took > 10*time.Second+2*sip {
			t.Errorf("10 s of writing took %v", took)
		}
	})
}
