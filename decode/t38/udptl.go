package t38

import "encoding/binary"

const (
	// MaxSecondaries is how many older packets of a datagram are read.
	MaxSecondaries = 32
	maxParities    = 32
)

// A Datagram is one UDPTL packet (T.38 §9.1). The octets are borrowed. It is
// meant to be filled again and again.
type Datagram struct {
	SequenceNumber uint16
	Primary        []byte // the IFP packet of that number

	// Redundancy is the IFP packets before it, the newest first; those that
	// were sent empty stand there with no octets.
	Redundancy [][]byte

	// Parity is forward error correction: entry i of n is the exclusive or of the
	// packets of number sequence − span·n + i + j·n, for j from 0
	// to span − 1. HasParity is set when the side sends it, although there may
	// be none yet.
	Span      int
	Parity    [][]byte
	HasParity bool

	// Cut is set when the capture ends before the datagram does, Bad when the
	// octets make no sense from there on.
	Cut, Bad bool
}

// Parse fills d from a datagram and reports whether its primary packet can be
// read. wireLength may exceed len(b).
func (d *Datagram) Parse(b []byte, wireLength int) bool {
	*d = Datagram{Redundancy: d.Redundancy[:0], Parity: d.Parity[:0]}
	if len(b) < 3 {
		return false
	}
	d.SequenceNumber = binary.BigEndian.Uint16(b)
	r := bitReader{b: b, at: 16}
	d.Primary = r.open()
	if r.bad {
		d.fail(b, wireLength)
		return false
	}
	parity := r.bit()
	r.align()
	if parity {
		d.parity(&r)
	} else {
		d.redundancy(&r)
	}
	if r.bad {
		d.fail(b, wireLength)
	}
	return true
}

// fail says why reading ended.
func (d *Datagram) fail(b []byte, wireLength int) {
	d.Cut = wireLength > len(b)
	d.Bad = !d.Cut
}

// redundancy reads a sequence of open types.
func (d *Datagram) redundancy(r *bitReader) {
	n := r.length()
	for range min(n, MaxSecondaries) {
		ifp := r.open()
		if r.bad {
			return
		}
		d.Redundancy = append(d.Redundancy, ifp)
	}
}

// parity reads how many packets the forward error correction covers. The
// number of packets is an unconstrained integer: a length, then octets.
func (d *Datagram) parity(r *bitReader) {
	number := r.open()
	if r.bad || len(number) != 1 || number[0] > maxParities {
		r.bad = true
		return
	}
	n := r.length()
	if r.bad || n > maxParities || n > 0 && number[0] == 0 {
		r.bad = true
		return
	}
	for range n {
		d.Parity = append(d.Parity, r.open())
	}
	if r.bad {
		d.Parity = d.Parity[:0]
		return
	}
	d.Span, d.HasParity = int(number[0]), true
}
