package fax

import (
	"sipsniff/correlate/quality"
	"sipsniff/decode/t38"
)

// An Account is what one side sends. The zero value is ready.
type Account struct {
	quality.Sequence
	talk

	next    int64 // number of the IFP packet that is to be understood next
	started bool

	redundancy, parity uint64 // missing packets that were made good by these
	secondaries        int    // most in one datagram
	*history                  // nil as long as no error correction is sent
	version            int    // of T.38, as Add heard last
	bad                uint64
	datagram           t38.Datagram
}

// A Report is what is known of one side of a fax. Counts of packets and losses
// stand in quality.Report.
type Report struct {
	RecoveredRedundancy uint64
	RecoveredParity     uint64
	Redundancy          int    // older packets in a datagram, at most
	Parity              bool   // forward error correction is sent
	Bad                 uint64 // datagrams and packets in them that make no sense

	Indicators []Count // of signals without data, in the order of their numbers
	Modem      string  // of pages, else what was agreed on: "V.17"
	Rate       int     // bit/s; 0 unknown
	HasECM     bool    // the side said whether errors are corrected
	ECM        bool

	Pages        int  // that it sent; an end of page without data before it is none
	Confirmed    int  // of those, that the other side took; only where it was seen
	Refused      int  // that the other side did not want so
	Seen         bool // packets of the other side came
	BadFrames    int  // HDLC frames with errors, from the telephone side
	Disconnected bool // it said goodbye (DCN)
}

// A Count is how often a signal was sent.
type Count struct {
	Name  string
	Times int
}

// Add takes a UDPTL packet in order of arrival. The version is what the side's
// a=T38FaxVersion says, 0 without one. The other side's Account, nil
// when there is none yet, hears how its pages were taken. Nothing of b is used
// after Add returns.
func (a *Account) Add(b []byte, wireLength, version int, other *Account) quality.Class {
	d := &a.datagram
	readable := d.Parse(b, wireLength)
	if d.Bad || !readable && len(b) < 3 {
		a.bad++
	}
	class, number := a.Sequence.Add(d.SequenceNumber)
	if class == quality.Restart {
		a.catchUp(a.next+remembered, other)
		a.started, a.history = false, nil
	}
	if class == quality.Duplicate || class == quality.Probation {
		return class
	}
	if !a.started {
		a.started, a.next = true, number
	}
	a.version = version
	if other != nil {
		other.catchUp(other.next+remembered, a) // what was said before is understood before
	}
	a.secondaries = max(a.secondaries, len(d.Redundancy))
	if d.HasParity && a.history == nil {
		a.history = &history{newest: number}
	}
	if a.history != nil {
		a.correct(number, readable)
		a.catchUp(number-a.reach+1, other)
		return class
	}
	a.older(number, version, other)
	if number > a.next {
		a.length = 0 // of an HDLC frame: a piece is missing
	}
	if readable && number >= a.next {
		a.understand(d.Primary, version, other)
		a.next = number + 1
	}
	return class
}

// older takes the redundant packets, the oldest first.
func (a *Account) older(number int64, version int, other *Account) {
	d := &a.datagram
	for i := len(d.Redundancy) - 1; i >= 0; i-- {
		n := number - int64(i) - 1
		if len(d.Redundancy[i]) > 0 && a.Recover(n) {
			a.redundancy++
		}
		if n >= a.next {
			a.understand(d.Redundancy[i], version, other)
			a.next = n + 1
		}
	}
}

// correct keeps the packets of a datagram with forward error correction, and
// puts those together that are missing: each entry gives one, when all others
// that it covers are there.
func (a *Account) correct(number int64, readable bool) {
	d := &a.datagram
	if readable {
		a.put(number, d.Primary)
	}
	for i, ifp := range d.Redundancy {
		if n := number - int64(i) - 1; len(ifp) > 0 && a.Recover(n) {
			a.redundancy++
			a.put(n, ifp)
		}
	}
	if span := d.Span * len(d.Parity); span <= remembered {
		a.reach = max(a.reach, int64(span))
	}
	for entry, parity := range d.Parity {
		first := number - int64(d.Span*len(d.Parity)) + int64(entry)
		if n, ifp := a.rebuild(&a.Sequence, first, len(d.Parity), d.Span, parity); ifp != nil && a.Recover(n) {
			a.parity++
		}
	}
}

// catchUp understands what is kept, in the order of numbers. It waits for a
// missing packet as long as error correction may give it: not for numbers below
// given.
func (a *Account) catchUp(given int64, other *Account) {
	if a.history == nil {
		return
	}
	a.next = max(a.next, a.newest-remembered+1)
	for ; a.next <= a.newest; a.next++ {
		ifp := a.get(a.next)
		switch {
		case ifp != nil:
			a.understand(ifp, a.version, other)
		case a.next >= given:
			return
		default:
			a.length = 0 // of an HDLC frame: a piece is missing
		}
	}
}

// Corrects reports whether the side sends forward error correction.
func (a *Account) Corrects() bool { return a.history != nil }

// Report says what is known so far.
func (a *Account) Report() Report {
	end := *a
	end.catchUp(a.next+remembered, nil)
	r := Report{
		RecoveredRedundancy: a.redundancy, RecoveredParity: a.parity, Redundancy: a.secondaries, Parity: a.history != nil,
		Bad: a.bad + end.talk.bad,
	}
	if over := a.redundancy + a.parity - a.Recovered(); over > 0 { // those that came late after all
		r.RecoveredRedundancy -= min(over, a.redundancy)
		r.RecoveredParity -= over - min(over, a.redundancy)
	}
	end.talk.report(&r)
	return r
}
