package hide

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// mostFragmented is how many octets of fragments are held to be masked; those beyond are left out.
const mostFragmented = 64 << 20

// A fragmentKey tells datagrams that came in fragments apart, until the sender counts from the beginning again.
type fragmentKey struct {
	src, dst netip.Addr
	id       uint32
}

// A fragmented datagram is put together first and masked as a whole, as a stream is.
type fragmentedDatagram struct {
	protocol  uint8
	addresses []byte
	data      []byte // as far as it came
	have      int    // octets from the beginning without a hole
	parts     []span // that came before those in front of them
	whole     bool   // the last one came
	length    int    // when it did
	was       []byte // data before it was masked
	why       reason
}

// A fragmentPlace is where the fragment in a frame belongs.
type fragmentPlace struct {
	to *fragmentedDatagram
	at int
}

// fragments are all datagrams that came in pieces.
type fragments struct {
	open   map[fragmentKey]*fragmentedDatagram // the latest of its number
	all    []*fragmentedDatagram
	places map[int]fragmentPlace // by the number of the frame
	octets int
}

// A fragment is a piece of a datagram.
type fragment struct {
	id       uint32
	protocol uint8
	at       int // octets from the beginning
	more     bool
}

// fragment masks a piece of a datagram, or learns it. Only UDP is put together.
func (h *Hider) fragment(p packet, l layer, f fragment) reason {
	if !l.whole() {
		return fragmented
	}
	if h.learning {
		h.fragments.add(h.frameNumber, p, l.b, f)
		return fine
	}
	place, ok := h.fragments.places[h.frameNumber]
	if !ok || place.to.was == nil {
		return fragmented
	}
	d, end := place.to, place.at+len(l.b)
	if end > len(d.was) || !bytes.Equal(d.was[place.at:end], l.b) {
		return fragmented // of another datagram with the same number
	}
	if d.why == fine {
		copy(l.b, d.data[place.at:end])
	}
	return d.why
}

// add takes in a fragment.
func (t *fragments) add(frame int, p packet, b []byte, f fragment) {
	if t.octets += len(b); t.octets > mostFragmented {
		return
	}
	if t.open == nil {
		t.open, t.places = map[fragmentKey]*fragmentedDatagram{}, map[int]fragmentPlace{}
	}
	key := fragmentKey{p.ends.src.Addr(), p.ends.dst.Addr(), f.id}
	d := t.open[key]
	if d == nil || f.at == 0 && d.complete() && !bytes.HasPrefix(d.data, b) {
		d = &fragmentedDatagram{addresses: bytes.Clone(p.addresses)}
		t.open[key], t.all = d, append(t.all, d)
	}
	if f.at == 0 {
		d.protocol = f.protocol
	}
	d.take(b, f)
	t.places[frame] = fragmentPlace{d, f.at}
}

// complete reports whether all of it came.
func (d *fragmentedDatagram) complete() bool { return d.whole && d.have == d.length }

func (d *fragmentedDatagram) take(b []byte, f fragment) {
	end := f.at + len(b)
	if !f.more {
		d.whole, d.length = true, end
	}
	for len(d.data) < end {
		d.data = append(d.data, 0)
	}
	copy(d.data[f.at:], b)
	d.parts = append(d.parts, span{from: f.at, to: end})
	for again := true; again; {
		again = false
		for _, s := range d.parts {
			if s.from <= d.have && s.to > d.have {
				d.have, again = s.to, true
			}
		}
	}
}

// join learns what is in the datagrams of which all came.
func (t *fragments) join(h *Hider) {
	for _, d := range t.all {
		if d.complete() && d.protocol == protocolUDP && len(d.data) == d.length {
			d.was = bytes.Clone(d.data)
			h.udp(h.packet(bytes.Clone(d.addresses)), layer{d.data, len(d.data)})
		}
	}
}

// mask masks them.
func (t *fragments) mask(h *Hider) {
	for _, d := range t.all {
		if d.was != nil {
			d.why = h.udp(h.packet(d.addresses), layer{d.data, len(d.data)})
		}
	}
}

// fragment6 reads a fragment header of IPv6 (RFC 8200 §4.5): next header 1, reserved 1, offset and the M bit 2,
// identification 4.
func (h *Hider) fragment6(p packet, l layer) reason {
	if len(l.b) < 8 {
		return fragmented
	}
	place := binary.BigEndian.Uint16(l.b[2:])
	return h.fragment(p, l.from(8), fragment{id: binary.BigEndian.Uint32(l.b[4:]), protocol: l.b[0], at: int(place &^ 7), more: place&1 != 0})
}
