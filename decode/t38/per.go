package t38

// A bitReader reads the aligned variant of PER (ITU-T X.691). After a failure
// every value is 0 and bad is set.
type bitReader struct {
	b   []byte
	at  int // bits
	bad bool
}

func (r *bitReader) bits(n int) (v uint) {
	if r.bad || r.at+n > 8*len(r.b) {
		r.bad = true
		return 0
	}
	for range n {
		v = v<<1 | uint(r.b[r.at>>3]>>(7-r.at&7)&1)
		r.at++
	}
	return v
}

func (r *bitReader) bit() bool { return r.bits(1) == 1 }

func (r *bitReader) align() { r.at = (r.at + 7) &^ 7 }

// length reads an unconstrained length (X.691 §10.9). Fragments of 16 Ki and
// more do not fit into a datagram of fax and count as bad.
func (r *bitReader) length() int {
	r.align()
	n := r.bits(8)
	switch {
	case n < 0x80:
		return int(n)
	case n < 0xC0:
		return int(n&0x3F<<8 | r.bits(8))
	}
	r.bad = true
	return 0
}

// octets reads n octets on an octet boundary; they are borrowed.
func (r *bitReader) octets(n int) []byte {
	r.align()
	at := r.at / 8
	if r.bad || n < 0 || n > len(r.b)-at {
		r.bad = true
		return nil
	}
	r.at += 8 * n
	return r.b[at : at+n]
}

// open reads an open type: a length and so many octets.
func (r *bitReader) open() []byte { return r.octets(r.length()) }

// enumerated reads an extensible enumeration whose root has so many bits;
// values beyond the root follow it (X.691 §13.3).
func (r *bitReader) enumerated(root int) uint {
	if !r.bit() {
		return r.bits(root)
	}
	if r.bit() { // not a normally small number of six bits
		r.bad = true
		return 0
	}
	return 1<<root + r.bits(6)
}
