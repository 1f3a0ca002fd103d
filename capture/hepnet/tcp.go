package hepnet

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"sipsniff/decode/hep"
)

// A tcpListener accepts connections, each of which carries packets of version
// 3 one after the other.
type tcpListener struct {
	source   *Source
	index    int
	socket   *net.TCPListener
	local    netip.AddrPort
	complain account
	patience atomic.Int64 // how long a packet may take, in ns

	closing chan struct{}

	mu     sync.Mutex
	open   map[*connection]time.Time // when it sent something last
	stopBy time.Time                 // zero: it was not stopped
	closed bool
}

func listenTCP(s *Source, index int, address string) (*tcpListener, error) {
	a, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, err
	}
	socket, err := net.ListenTCP("tcp", a)
	if err != nil {
		return nil, err
	}
	l := &tcpListener{
		source: s, index: index, socket: socket, local: socket.Addr().(*net.TCPAddr).AddrPort(),
		open: make(map[*connection]time.Time), closing: make(chan struct{}),
	}
	l.patience.Store(int64(patience))
	return l, nil
}

func (l *tcpListener) run() {
	var reading sync.WaitGroup
	defer reading.Wait()
	for failures := 0; ; failures++ {
		conn, err := l.socket.AcceptTCP()
		if err != nil {
			if l.stopped() {
				return
			}
			// Mostly too many open files: a connection that ends makes room.
			l.evict(1)
			if !l.rest(failures) {
				return
			}
			continue
		}
		failures = 0
		c := &connection{listener: l, conn: conn, from: end(conn.RemoteAddr()), to: end(conn.LocalAddr())}
		if !l.add(c) {
			return
		}
		reading.Go(c.read)
	}
}

// rest waits a little longer after each failure, at most a second. It returns
// false when the listener is closed.
func (l *tcpListener) rest(failures int) bool {
	select {
	case <-l.closing:
		return false
	case <-time.After(time.Duration(min(failures, 100)) * 10 * time.Millisecond):
		return true
	}
}

func end(address net.Addr) netip.AddrPort {
	a := address.(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// add remembers a connection and makes room for it. It returns false when the
// listener is closed.
func (l *tcpListener) add(c *connection) bool {
	l.evict(mostConnections)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = c.conn.Close()
		return false
	}
	l.open[c] = time.Now()
	_ = c.conn.SetReadDeadline(l.stopBy)
	return true
}

// evict closes the connection that was silent longest when there are as many
// as limit.
func (l *tcpListener) evict(limit int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) < limit {
		return
	}
	var oldest *connection
	for c, at := range l.open {
		if oldest == nil || at.Before(l.open[oldest]) {
			oldest = c
		}
	}
	_ = oldest.conn.Close()
	delete(l.open, oldest)
	l.complain.note(crowded, oldest.from)
}

func (l *tcpListener) touch(c *connection) {
	l.mu.Lock()
	if _, ok := l.open[c]; ok {
		l.open[c] = time.Now()
	}
	l.mu.Unlock()
}

func (l *tcpListener) remove(c *connection) {
	l.mu.Lock()
	delete(l.open, c)
	l.mu.Unlock()
	_ = c.conn.Close()
}

func (l *tcpListener) stop(by time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopBy = by
	for c := range l.open {
		_ = c.conn.SetReadDeadline(by)
	}
	_ = l.socket.SetDeadline(by)
}

func (l *tcpListener) stopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.stopBy.IsZero()
}

func (l *tcpListener) close() error {
	l.mu.Lock()
	l.closed = true
	close(l.closing)
	for c := range l.open {
		_ = c.conn.Close()
	}
	l.mu.Unlock()
	return l.socket.Close()
}

func (l *tcpListener) address() netip.AddrPort { return l.local }
func (l *tcpListener) account() *account       { return &l.complain }
func (l *tcpListener) drops() uint64           { return 0 }

// A connection is one agent on TCP.
type connection struct {
	listener *tcpListener
	conn     *net.TCPConn
	from, to netip.AddrPort
	stream   hep.Stream
}

// readOctets is how much of a connection is read at once.
const readOctets = 16 << 10

// read reads the connection to its end. An agent may be silent for as long as
// it likes, but not in the middle of a packet.
func (c *connection) read() {
	l := c.listener
	defer l.remove(c)
	r := receiver{source: l.source, index: l.index, account: &l.complain, waits: true}
	b := make([]byte, readOctets)
	partial := false
	for {
		n, err := c.conn.Read(b)
		l.touch(c)
		c.stream.Write(b[:n])
		got := false
		for packet, ok := c.stream.Next(); ok; packet, ok = c.stream.Next() {
			r.take(packet, c.from, c.to)
			got = true
		}
		if err != nil || c.stream.Skipped > mostJunk {
			c.complain(err)
			return
		}
		if got || partial != c.stream.Partial() {
			partial = c.stream.Partial()
			c.hurry(partial)
		}
	}
}

// complain says what was wrong with the connection, if anything was.
func (c *connection) complain(err error) {
	if isTimeout(err) && !c.listener.stopped() {
		c.listener.complain.note(slow, c.from)
	}
	if c.stream.Skipped > 0 {
		c.listener.complain.note(foreign, c.from)
	}
}

// hurry sets the time by which a packet that has begun must be complete.
func (c *connection) hurry(partial bool) {
	l := c.listener
	l.mu.Lock()
	defer l.mu.Unlock()
	by := l.stopBy
	if by.IsZero() && partial {
		by = time.Now().Add(time.Duration(l.patience.Load()))
	}
	_ = c.conn.SetReadDeadline(by)
}

func isTimeout(err error) bool {
	t, ok := err.(net.Error)
	return ok && t.Timeout()
}
