package hepnet

import (
	"crypto/subtle"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"sipsniff/capture"
	"sipsniff/decode/hep"
)

// The bounds of a Source.
const (
	// queueOctets is the default of SourceConfig.QueueOctets: two seconds of
	// 10,000 messages of a kilobyte.
	queueOctets = 24 << 20
	// socketOctets is the buffer asked of the kernel for a UDP socket.
	socketOctets = 8 << 20
	// mostConnections is how many agents may be connected at once; the one
	// that was silent longest makes room.
	mostConnections = 1024
	// patience is how long a connection may take for one packet.
	patience = 30 * time.Second
	// mostJunk is how much else than HEP a connection may send, in octets.
	mostJunk = 1 << 20
)

// maxAhead is how far the time of an agent may be ahead of ours, in ns. One
// that is beyond would move the timers of all calls.
const maxAhead = 24 * 3600 * 1e9

// A SourceConfig says how HEP is received.
type SourceConfig struct {
	// Key is what agents must send to authenticate; "" accepts all.
	Key string

	// QueueOctets is how much may wait for the reader before packets are
	// dropped; 0 means 24 MiB.
	QueueOctets int
}

// A Source receives HEP. It yields the packets under the times the agents give
// them, 100 ms late, so that those of one agent come in the order of their
// times.
type Source struct {
	key     []byte
	queue   *settler
	running sync.WaitGroup
	ports   []uint16

	listeners []listener
	ids       atomic.Uint32 // of the packets
	received  atomic.Uint64
	overrun   atomic.Uint64 // dropped because nobody took them off the queue
	closeOnce sync.Once
	stopOnce  sync.Once

	// What follows belongs to the goroutine that calls Next.
	infos  []capture.SourceInfo
	number int
}

var (
	_ capture.Source = (*Source)(nil)
	_ capture.Leaver = (*Source)(nil)
)

// A listener is one open endpoint.
type listener interface {
	run()
	stop(by time.Time) // reads until then
	close() error
	address() netip.AddrPort
	account() *account
	drops() uint64 // by the kernel
}

// Listen opens the endpoints.
func Listen(endpoints []Endpoint, c SourceConfig) (*Source, error) {
	if c.QueueOctets <= 0 {
		c.QueueOctets = queueOctets
	}
	s := &Source{key: []byte(c.Key), queue: newSettler(c.QueueOctets)}
	for i, e := range endpoints {
		l, err := s.open(i, e)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.listeners = append(s.listeners, l)
		s.ports = append(s.ports, l.address().Port())
		s.infos = append(s.infos, capture.SourceInfo{
			Name: Endpoint{Network: e.Network, Address: l.address().String()}.String(), Format: "hep", LinkTypes: []capture.LinkType{linkRaw},
		})
	}
	for _, l := range s.listeners {
		s.running.Go(l.run)
	}
	return s, nil
}

func (s *Source) open(index int, e Endpoint) (listener, error) {
	if e.Network == "tcp" {
		return listenTCP(s, index, e.Address)
	}
	return listenUDP(s, index, e.Address)
}

// Ports are the ports of the endpoints, for decode.Config.HEPPorts.
func (s *Source) Ports() []uint16 { return s.ports }

// Next hands out the next packet. When none comes for 100 ms it returns
// capture.ErrIdle. After Close it hands out what came before, then returns
// io.EOF.
func (s *Source) Next(f *capture.Frame) error {
	if err := s.queue.next(f); err != nil {
		return err
	}
	s.number++
	f.Number = s.number
	s.infos[f.Source].Frames++
	s.infos[f.Source].Octets += uint64(len(f.Data))
	return nil
}

// Info describes the endpoints, with warnings of what was refused.
func (s *Source) Info() []capture.SourceInfo {
	infos := append([]capture.SourceInfo(nil), s.infos...)
	for i := range infos {
		infos[i].Warnings = s.listeners[i].account().warnings()
	}
	return infos
}

// Drops tells how many packets came, and how many were lost because the
// program did not keep up. Any goroutine may call it.
func (s *Source) Drops() capture.Drops {
	d := capture.Drops{Received: s.received.Load(), Queue: s.overrun.Load(), Uncounted: capture.DropsInterface}
	for _, l := range s.listeners {
		d.Kernel += l.drops()
	}
	return d
}

// stopAfter is how long a stopped source still reads. What the kernel holds
// takes much less.
const stopAfter = 100 * time.Millisecond

// Stop implements capture.Stopper.
func (s *Source) Stop() {
	s.stopOnce.Do(func() {
		by := time.Now().Add(stopAfter)
		for _, l := range s.listeners {
			l.stop(by)
		}
		go func() {
			s.running.Wait()
			s.queue.close(nil)
		}()
	})
}

// Leave implements capture.Leaver.
func (s *Source) Leave() {
	_ = s.Close() // Close is called again, and has nothing left to do
	s.overrun.Add(uint64(s.queue.drop()))
}

// Close closes the endpoints and all connections. Any goroutine may call it.
func (s *Source) Close() error {
	var errs []error
	s.closeOnce.Do(func() {
		s.queue.close(nil)
		for _, l := range s.listeners {
			errs = append(errs, l.close())
		}
	})
	s.running.Wait()
	return errors.Join(errs...)
}

// A receiver turns packets into frames. Each goroutine that reads has its own.
type receiver struct {
	source   *Source
	index    int // of the listener
	account  *account
	packet   hep.Packet
	envelope []byte
	waits    bool // for room in the queue, so that the agent waits too
}

// take checks a packet and hands it on.
func (r *receiver) take(b []byte, from, to netip.AddrPort) {
	arrival, now := time.Now().UnixNano(), r.source.queue.now()
	p := &r.packet
	switch err := hep.Parse(p, b, arrival); {
	case err != nil && p.Version == 0:
		r.account.note(foreign, from)
		return
	case !r.source.admits(p):
		r.account.note(refused, from)
		return
	case err != nil:
		r.account.note(incomplete, from) // agents keep connections alive with such packets
		return
	case p.Damaged || p.Trailing > 0:
		r.account.note(damaged, from)
	}
	id := uint16(r.source.ids.Add(1))
	r.envelope = envelope{from: from, to: to, id: max(id, 1)}.wrap(r.envelope[:0], b)
	f := capture.Frame{
		Nanos: r.time(arrival, from), Data: r.envelope, Length: len(r.envelope), LinkType: linkRaw,
		Interface: r.index, Source: r.index,
	}
	if !r.source.queue.put(&f, agentKey{from: from.Addr(), agent: p.Agent}, now, r.waits) && !r.waits {
		r.source.overrun.Add(1)
	}
	r.source.received.Add(1) // last: who reads Drops finds what became of all that were received
}

// time is when the agent captured the packet, or when it came if the agent
// does not say, or says the impossible.
func (r *receiver) time(arrival int64, from netip.AddrPort) int64 {
	p := &r.packet
	switch {
	case !p.HasTime:
		return arrival
	case p.Nanos > arrival+maxAhead:
		r.account.note(future, from)
		return arrival
	}
	return p.Nanos
}

// admits checks the key, which takes the same time for every wrong key.
func (s *Source) admits(p *hep.Packet) bool {
	return len(s.key) == 0 || subtle.ConstantTimeCompare(s.key, p.Key) == 1
}
