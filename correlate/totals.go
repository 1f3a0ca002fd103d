package correlate

import (
	"maps"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// totals counts what is on the wire, every copy of a message.
type totals struct {
	Totals
	methods    map[string]uint64
	responses  map[int]uint64
	transports map[decode.Transport]uint64
}

// maxMethods bounds the names that requests may bring; those beyond it are
// counted together under otherMethods, which no method can be called.
const (
	maxMethods   = 512
	maxMethodLen = 64
	otherMethods = "(other)"
)

func newTotals() totals {
	return totals{
		methods:    make(map[string]uint64),
		responses:  make(map[int]uint64),
		transports: make(map[decode.Transport]uint64),
	}
}

func (t *totals) message(p *decode.Packet, m *sip.Message) {
	t.SIPMessages++
	t.transports[p.Transport]++
	if m.Malformed() {
		t.SIPMalformed++
	}
	if m.IsRequest() {
		t.method(m.Method)
	} else {
		t.responses[m.StatusCode]++
	}
}

func (t *totals) method(name string) {
	if _, known := t.methods[name]; !known {
		if len(t.methods) >= maxMethods || len(name) > maxMethodLen {
			name = otherMethods
		}
		name = strings.Clone(name) // it must not keep the message in memory
	}
	t.methods[name]++
}

// recount replaces what the totals hold of one call by what is known now.
func (t *totals) recount(r *callRecord) {
	now := counted{
		transactions: r.run.transactions.count,
		dialogs:      uint64(len(r.run.dialogs.list)),
	}
	switch r.opening().method {
	case "INVITE":
		now.call = true
	case "REGISTER":
		now.registration = true
	}
	was := r.counted
	t.Transactions += now.transactions - was.transactions
	t.Dialogs += now.dialogs - was.dialogs
	t.Calls += one(now.call) - one(was.call)
	t.Registrations += one(now.registration) - one(was.registration)
	r.counted = now
}

func one(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// copy returns maps of their own for a Snapshot.
func (t *totals) copy(s *Snapshot) {
	s.Totals = t.Totals
	s.Methods = maps.Clone(t.methods)
	s.Responses = maps.Clone(t.responses)
	s.Transports = maps.Clone(t.transports)
}
