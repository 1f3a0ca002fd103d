package hepnet

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"sipsniff/capture"
	"sipsniff/decode/hep"
)

// The times of a connection to a collector.
const (
	dialTime     = 10 * time.Second
	writeTime    = 10 * time.Second
	firstBackoff = 250 * time.Millisecond
	mostBackoff  = 30 * time.Second
)

// A target is one collector and what waits to be sent to it.
type target struct {
	endpoint Endpoint
	limit    int // octets of a packet
	queue    *capture.Queue
	ctx      context.Context // ends when the last chance has passed
	cancel   context.CancelFunc
	closing  atomic.Bool
	givenUp  atomic.Bool // by a patient sender

	// What follows belongs to the goroutine that sends.
	conn    net.Conn
	release func() bool // of the conn from the last chance
	since   time.Time   // when it was connected
	backoff time.Duration

	taken, done, dropped, failed, truncated atomic.Uint64

	mu     sync.Mutex
	latest error
}

func newTarget(e Endpoint) (*target, error) {
	t := &target{endpoint: e, limit: hep.MaxPacket, queue: capture.NewQueue(sendOctets), backoff: firstBackoff}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	if e.Network == "udp" {
		conn, err := net.Dial(e.Network, e.Address)
		if err != nil {
			t.cancel()
			return nil, err
		}
		t.hold(conn)
		t.limit = largestDatagram
	}
	return t, nil
}

// offer puts a packet into the queue, or drops it.
func (t *target) offer(f *capture.Frame, patient bool) {
	if t.queue.Offer(f) || patient && !t.givenUp.Load() && t.wait(f) {
		return
	}
	t.dropped.Add(1)
}

// wait waits for room as long as the target takes something every now and then.
func (t *target) wait(f *capture.Frame) bool {
	const look = 10 * time.Millisecond
	taken, since := t.taken.Load(), time.Now()
	for !t.queue.Offer(f) {
		time.Sleep(look)
		if now := t.taken.Load(); now != taken {
			taken, since = now, time.Now()
		} else if time.Since(since) > lastChance {
			t.givenUp.Store(true)
			return false
		}
	}
	return true
}

// run sends until the queue is closed and empty.
func (t *target) run() {
	defer t.cancel()
	var f capture.Frame
	for {
		switch err := t.queue.Next(&f); {
		case err == nil:
			t.taken.Add(1)
			t.send(f.Data)
		case errors.Is(err, capture.ErrIdle):
		default:
			if t.conn != nil {
				_ = t.conn.Close()
			}
			return
		}
	}
}

// send sends one packet. A connection that breaks is made again for it; the
// half that may have left is of no use to the collector. An error of UDP is
// mostly about an earlier packet, so that there is a second attempt.
func (t *target) send(b []byte) {
	for attempt := 1; t.connect(); attempt++ {
		_ = t.conn.SetWriteDeadline(time.Now().Add(writeTime))
		_, err := t.conn.Write(b)
		if err == nil {
			t.done.Add(1)
			return
		}
		t.note(err)
		if t.endpoint.Network == "tcp" {
			t.disconnect()
		} else if attempt == 2 {
			break
		}
	}
	t.dropped.Add(1)
}

// connect connects when there is no connection, and waits between attempts. It
// returns false when the time is over.
func (t *target) connect() bool {
	for t.conn == nil && t.ctx.Err() == nil {
		dialer := net.Dialer{Timeout: dialTime}
		conn, err := dialer.DialContext(t.ctx, t.endpoint.Network, t.endpoint.Address)
		if err == nil {
			t.hold(conn)
			break
		}
		t.note(err)
		if t.closing.Load() {
			t.cancel() // it was not there before, and will not be now
		}
		t.pause()
	}
	return t.ctx.Err() == nil
}

// hold keeps a connection, until the last chance has passed at the latest.
func (t *target) hold(conn net.Conn) {
	t.conn, t.since = conn, time.Now()
	t.release = context.AfterFunc(t.ctx, func() { _ = conn.Close() })
}

// disconnect gives a connection up. One that did not last is not made again at
// once.
func (t *target) disconnect() {
	t.release()
	_ = t.conn.Close()
	t.conn = nil
	if time.Since(t.since) > mostBackoff {
		t.backoff = firstBackoff
	}
	t.pause()
}

// pause waits before the next attempt, longer each time.
func (t *target) pause() {
	select {
	case <-t.ctx.Done():
	case <-time.After(t.backoff):
	}
	t.backoff = min(2*t.backoff, mostBackoff)
}

// finish closes the queue and gives what waits its last chance.
func (t *target) finish() {
	t.closing.Store(true)
	t.queue.Close(nil)
	time.AfterFunc(lastChance, t.cancel)
}

// note counts a failure and keeps what the latest was.
func (t *target) note(err error) {
	t.failed.Add(1)
	t.mu.Lock()
	t.latest = err
	t.mu.Unlock()
}

func (t *target) sent() Sent {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Sent{
		Name: t.endpoint.String(), Sent: t.done.Load(), Dropped: t.dropped.Load(), Failed: t.failed.Load(), Truncated: t.truncated.Load(),
	}
	if t.latest != nil {
		s.Error = t.latest.Error()
	}
	return s
}
