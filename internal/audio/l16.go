package audio

import "encoding/binary"

// An l16 reads sixteen-bit samples, the octet of more weight first
// (RFC 3551 §4.5.11).
type l16 struct {
	rate, channels int
	samples        []int16
}

func (d *l16) Rate() int { return d.rate }

func (d *l16) Decode(dst []int16, payload []byte) ([]int16, error) {
	d.samples = d.samples[:0]
	for b := payload; len(b) >= 2; b = b[2:] {
		d.samples = append(d.samples, int16(binary.BigEndian.Uint16(b)))
	}
	return mixed(dst, d.samples, d.channels), whole(len(payload), 2*d.channels)
}
