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
	usesParity         bool
	bad                uint64
	datagram           t38.Datagram
}

// A Report is what is known of one side of a fax. Counts of packets and losses
// stand in quality.Report.
type Report struct {
	RecoveredRedundancy uint64
	RecoveredParity     uint64
	Redundancy          int    // older packets in a datagram, at most
	Parity              bool   // forward error correction was sent
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
		a.started = false
	}
	if class == quality.Duplicate || class == quality.Probation {
		return class
	}
	if !a.started {
		a.started, a.next = true, number
	}
	a.secondaries = max(a.secondaries, len(d.Redundancy))
	a.usesParity = a.usesParity || d.Entries > 0
	a.older(number, version, other)
	a.correct(number)
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

// correct counts what forward error correction makes good: each entry gives
// one packet, when all others that it covers are there. The content is not
// put together again.
func (a *Account) correct(number int64) {
	d := &a.datagram
	for entry := range d.Entries {
		missing, count := int64(0), 0
		for j := range d.Span {
			n := number - int64(d.Span*d.Entries) + int64(entry) + int64(j*d.Entries)
			if a.Wanted(n) {
				missing = n
				count++
			}
		}
		if count == 1 && a.Recover(missing) {
			a.parity++
		}
	}
}

// Report says what is known so far.
func (a *Account) Report() Report {
	r := Report{
		RecoveredRedundancy: a.redundancy, RecoveredParity: a.parity, Redundancy: a.secondaries, Parity: a.usesParity,
		Bad: a.bad + a.talk.bad,
	}
	if over := a.redundancy + a.parity - a.Recovered(); over > 0 { // those that came late after all
		r.RecoveredRedundancy -= min(over, a.redundancy)
		r.RecoveredParity -= over - min(over, a.redundancy)
	}
	a.talk.report(&r)
	return r
}
