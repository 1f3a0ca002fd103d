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

// complaintTexts say of one what was counted, and what was wrong with it.
var complaintTexts = [complaints]struct{ what, wrong string }{
	refused: {"packet", "refused for lack of the right key"},
	foreign: {"time", "something else than HEP came"},
	damaged: {"packet", "whose lengths do not add up"},
	future:  {"packet", "from more than a day in the future, shown at the time of arrival"},
	crowded: {"connection", "closed to make room for others"},
	slow:    {"connection", "closed in the middle of a packet that did not end"},
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
		n, what := a.counts[c], text.what
		if n == 0 || what == "" {
			continue
		}
		if n > 1 {
			what += "s"
		}
		all = append(all, fmt.Sprintf("%d %s %s, the latest from %s", n, what, text.wrong, netip.AddrPortFrom(a.latest[c].Addr().Unmap(), a.latest[c].Port())))
	}
	return all
}
