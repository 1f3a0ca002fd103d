package hepnet

import (
	"fmt"
	"net/netip"
	"sync"
)

// A complaint is something wrong with what came.
type complaint uint8

const (
	refused complaint = iota
	foreign
	damaged
	future
	crowded
	slow
	incomplete // is not wrong, and not told
	complaints
)

var complaintTexts = [complaints]string{
	refused: "%d packets refused because they lack the right key, the latest from %s",
	foreign: "%d times something else than HEP came, the latest from %s",
	damaged: "%d packets whose lengths do not add up, the latest from %s",
	future:  "%d packets from more than a day in the future, shown when they came, the latest from %s",
	crowded: "%d connections closed to make room for others, the latest from %s",
	slow:    "%d connections closed in the middle of a packet that did not end, the latest from %s",
}

// An account counts complaints about the senders. Any goroutine may use it.
type account struct {
	mu     sync.Mutex
	counts [complaints]uint64
	latest [complaints]netip.AddrPort
}

func (a *account) note(c complaint, from netip.AddrPort) {
	a.mu.Lock()
	a.counts[c]++
	a.latest[c] = from
	a.mu.Unlock()
}

// warnings puts the counts into words.
func (a *account) warnings() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []string
	for c, text := range complaintTexts {
		if n := a.counts[c]; n > 0 && text != "" {
			all = append(all, fmt.Sprintf(text, n, netip.AddrPortFrom(a.latest[c].Addr().Unmap(), a.latest[c].Port())))
		}
	}
	return all
}
