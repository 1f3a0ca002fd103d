package hepnet

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"sipsniff/decode/hep"
)

// A udpListener receives datagrams, one packet in each.
type udpListener struct {
	receiver receiver
	conn     *net.UDPConn
	local    netip.AddrPort
	complain account
	lost     atomic.Uint64 // by the kernel
	stopped  atomic.Bool
	failures int // in a row
}

func listenUDP(s *Source, index int, address string) (*udpListener, error) {
	a, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", a)
	if err != nil {
		return nil, err
	}
	enlarge(conn)
	l := &udpListener{conn: conn, local: conn.LocalAddr().(*net.UDPAddr).AddrPort()}
	l.receiver = receiver{source: s, index: index, account: &l.complain}
	return l, nil
}

// mostFailures is how often in a row reading may fail before the listener
// gives up. A single failure may be an ICMP error about something else.
const mostFailures = 100

func (l *udpListener) run() {
	b, control := make([]byte, hep.MaxPacket+1), make([]byte, controlOctets)
	for {
		n, c, _, from, err := l.conn.ReadMsgUDPAddrPort(b, control)
		if err != nil {
			if isTimeout(err) && l.stopped.Load() {
				return
			}
			if l.failures++; l.failures > mostFailures && !errors.Is(err, net.ErrClosed) {
				l.receiver.source.queue.close(err)
			} else if !errors.Is(err, net.ErrClosed) {
				continue
			}
			return
		}
		l.failures = 0
		if lost, ok := lostBefore(control[:c]); ok {
			l.lost.Store(uint64(lost))
		}
		from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
		l.receiver.take(b[:n], from, reached(l.local, from))
	}
}

// reached is the address a packet came to. A socket for every address does not
// know it; the unspecified address of the family of the sender stands for it.
func reached(local, from netip.AddrPort) netip.AddrPort {
	a := local.Addr().Unmap().WithZone("")
	if a.Is4() != from.Addr().Is4() && a.IsUnspecified() {
		a = netip.IPv4Unspecified()
		if from.Addr().Is6() {
			a = netip.IPv6Unspecified()
		}
	}
	return netip.AddrPortFrom(a, local.Port())
}

func (l *udpListener) stop(by time.Time) {
	l.stopped.Store(true)
	_ = l.conn.SetReadDeadline(by)
}

func (l *udpListener) close() error            { return l.conn.Close() }
func (l *udpListener) address() netip.AddrPort { return l.local }
func (l *udpListener) account() *account       { return &l.complain }
func (l *udpListener) drops() uint64           { return l.lost.Load() }
