package hepnet

import (
	"errors"
	"io"
	"testing"
	"time"

	"sipsniff/capture"
)

// What the kernel holds for the sockets when the source is stopped is handed
// out, of open connections and of those nobody accepted yet, too.
func TestStop(t *testing.T) {
	const n = 200
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			s := listen(t, SourceConfig{}, network)
			c := newCollector(s)
			first := dial(t, s, 0)
			for i := range n {
				conn := first
				if network == "tcp" && i >= n/2 {
					conn = dial(t, s, 0)
				}
				write(t, conn, encoded(i, ""))
			}
			s.Stop()
			var f capture.Frame
			for {
				err := s.Next(&f)
				if err == nil {
					c.decoder.Frame(&f)
				} else if !errors.Is(err, capture.ErrIdle) {
					if err != io.EOF {
						t.Error(err)
					}
					break
				}
			}
			if len(c.payloads) != n {
				t.Errorf("%d messages, want %d", len(c.payloads), n)
			}
			if w := s.Info()[0].Warnings; len(w) > 0 {
				t.Errorf("%q", w)
			}
		})
	}
}

// What was received and nobody took is counted when the source is left.
func TestLeave(t *testing.T) {
	const n, taken = 200, 3
	s := listen(t, SourceConfig{}, "udp")
	conn := dial(t, s, 0)
	for i := range n {
		write(t, conn, encoded(i, ""))
	}
	for limit := time.Now().Add(time.Minute); s.Drops().Received < n; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%+v of %d packets", s.Drops(), n)
		}
	}
	var f capture.Frame
	for got := 0; got < taken; {
		switch err := s.Next(&f); {
		case err == nil:
			got++
		case !errors.Is(err, capture.ErrIdle):
			t.Fatal(err)
		}
	}
	s.Leave()
	if d := s.Drops(); d.Queue != n-taken {
		t.Errorf("drops %+v of %d packets of which %d were taken", d, n, taken)
	}
	if err := s.Next(&f); err != io.EOF {
		t.Errorf("next after leave: %v, want io.EOF", err)
	}
}
