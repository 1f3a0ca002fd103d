package fax

import "sipsniff/correlate/quality"

const (
	// remembered is how many packets error correction may reach back, and how
	// many octets of each are kept.
	remembered = 128
	longest    = 320
)

// HistorySize is what an Account takes besides itself where forward error
// correction is sent, in octets.
const HistorySize = remembered * (longest + 16)

// A history is the latest IFP packets, with those that were put together again.
type history struct {
	packets [remembered]remembrance
	newest  int64
	reach   int64 // numbers that a datagram's parity goes back at most
}

type remembrance struct {
	number int64
	length int // 0 for none
	octets [longest]byte
}

// put keeps a packet; one that is empty, too long or too old is not kept.
func (h *history) put(number int64, ifp []byte) {
	if number <= h.newest-remembered { // its place is another's
		return
	}
	m := &h.packets[uint64(number)%remembered]
	m.number, m.length, h.newest = number, 0, max(h.newest, number)
	if len(ifp) <= longest {
		m.length = copy(m.octets[:], ifp)
	}
}

// get is nil for a packet that is not kept.
func (h *history) get(number int64) []byte {
	m := &h.packets[uint64(number)%remembered]
	if m.number != number || m.length == 0 {
		return nil
	}
	return m.octets[:m.length]
}

// rebuild puts the one packet together that is missing among those that a
// parity covers, count numbers from first on with a step between: it is the
// exclusive or of the parity and all others, the shorter ones filled up with
// zeros (T.38 §9.1.4.2). What is beyond its end stays as zeros. nil when none is
// wanted, or more than one is not there.
func (h *history) rebuild(s *quality.Sequence, first int64, step, count int, parity []byte) (number int64, ifp []byte) {
	if len(parity) == 0 || len(parity) > longest {
		return 0, nil
	}
	missing := 0
	for j := range count {
		n := first + int64(j*step)
		if h.get(n) == nil {
			missing++
			number = n
		}
	}
	if missing != 1 || !s.Wanted(number) {
		return 0, nil
	}
	h.put(number, parity)
	sum := h.get(number)
	for j := range count {
		n := first + int64(j*step)
		if n == number {
			continue
		}
		for i, b := range h.get(n) {
			if i < len(sum) {
				sum[i] ^= b
			}
		}
	}
	return number, sum
}
