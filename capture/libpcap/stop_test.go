//go:build cgo && !nopcap

package libpcap

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
)

// What was on the wire before Stop is handed out, though the kernel had not
// shown it yet; what comes afterwards does not keep the capture going.
func TestLiveStop(t *testing.T) {
	k := newTalker(t)
	for range 5 {
		s := openLive(t, []string{loopback(t)}, Config{BPF: k.filter()})
		for i := range 100 {
			k.say(t, numbered(i))
		}
		s.Stop()
		ended := make(chan struct{})
		go chatter(k, ended)
		n := rest(t, s, func(i int, f *capture.Frame) {
			if i < 100 && !strings.HasSuffix(string(f.Data), numbered(i)) {
				t.Errorf("frame %d is %q", i+1, f.Data)
			}
		})
		ended <- struct{}{}
		if n < 100 {
			t.Errorf("%d frames, want 100", n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// chatter talks until it is told to end.
func chatter(k talker, ended <-chan struct{}) {
	pace := time.NewTicker(time.Millisecond)
	defer pace.Stop()
	for {
		select {
		case <-ended:
			return
		case <-pace.C:
			_, _ = k.conn.Write([]byte("too late"))
		}
	}
}

// rest reads s to its end.
func rest(t *testing.T, s *Source, found func(i int, f *capture.Frame)) (n int) {
	t.Helper()
	var f capture.Frame
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		switch err := s.Next(&f); {
		case errors.Is(err, io.EOF):
			return n
		case err == nil:
			found(n, &f)
			n++
		case !errors.Is(err, capture.ErrIdle):
			t.Fatal(err)
		}
	}
	t.Fatal("the capture does not end")
	return n
}

// A quiet interface ends soon as well.
func TestLiveStopQuiet(t *testing.T) {
	s := openLive(t, []string{loopback(t)}, Config{BPF: "ether proto 0x1234"})
	s.Stop()
	if n := rest(t, s, func(int, *capture.Frame) {}); n != 0 {
		t.Errorf("%d frames of a quiet wire", n)
	}
}
