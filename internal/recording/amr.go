package recording

import (
	"bufio"
	"strings"
)

// Bits of speech by frame type (RFC 4867 §4.3.2, 3GPP TS 26.101 and 26.201);
// the types not listed have none.
//
//nolint:gochecknoglobals // constants
var (
	amrBits   = [16]int{95, 103, 118, 134, 148, 159, 204, 244, 39}
	amrWBBits = [16]int{132, 177, 253, 285, 317, 365, 397, 461, 477, 40}
)

// An amr writes payloads of AMR or AMR-WB in the storage format.
type amr struct {
	w       *bufio.Writer
	bits    *[16]int
	aligned bool
	opaque  bool  // of a mode that is not unpacked: payloads as they are
	frame   int64 // ticks of a frame
	frames  int64 // of the payload before
	started bool
}

func newAMR(w *bufio.Writer, parameters string, wide bool) *amr {
	a := &amr{w: w, bits: &amrBits, frame: 160}
	magic := "#!AMR\n"
	if wide {
		a.bits, a.frame, magic = &amrWBBits, 320, "#!AMR-WB\n"
	}
	for p := range strings.SplitSeq(strings.ReplaceAll(strings.ToLower(parameters), " ", ""), ";") {
		name, value, _ := strings.Cut(p, "=")
		switch name {
		case "octet-align":
			a.aligned = value == "1"
		case "crc", "robust-sorting":
			a.opaque = a.opaque || value == "1"
		case "interleaving":
			a.opaque = true
		}
	}
	if !a.opaque {
		_, _ = w.WriteString(magic) // Flush tells of errors
	}
	return a
}

const (
	amrNoData = 15
	amrGap    = 250 // frames at most that are made up for what is missing: five seconds
)

// put unpacks a payload: codec mode request, table of contents, frames; in
// the bandwidth-efficient form without padding in between (RFC 4867 §4.3, 4.4).
func (a *amr) put(payload []byte, ticks int64) error {
	if a.opaque {
		_, err := a.w.Write(payload)
		return err
	}
	if a.started {
		a.skip(ticks/a.frame - a.frames)
	}
	a.started, a.frames = true, 0
	r := bitReader{b: payload}
	r.skip(4) // CMR
	a.align(&r)
	var contents []byte
	for more := true; more && r.left() >= 6; {
		more = r.next(1) == 1
		contents = append(contents, r.next(4)<<1|r.next(1)) // type and quality
		a.align(&r)
	}
	for _, c := range contents {
		n := a.bits[c>>1]
		if n > r.left() {
			c, n = amrNoData<<1|1, 0
		}
		if err := a.write(c, n, &r); err != nil {
			return err
		}
		a.align(&r)
		a.frames++
	}
	return nil
}

func (a *amr) align(r *bitReader) {
	if a.aligned {
		r.at = (r.at + 7) &^ 7
	}
}

// write writes a frame: its header and its bits, filled up to whole octets.
func (a *amr) write(c byte, n int, r *bitReader) error {
	if err := a.w.WriteByte(c << 2); err != nil {
		return err
	}
	for ; n > 0; n -= 8 {
		k := min(n, 8)
		if err := a.w.WriteByte(r.next(k) << (8 - k)); err != nil {
			return err
		}
	}
	return nil
}

// skip writes frames without data.
func (a *amr) skip(n int64) {
	for range min(max(n, 0), amrGap) {
		_ = a.w.WriteByte((amrNoData<<1 | 1) << 2) // Flush tells of errors
	}
}

// A bitReader reads the bit of most weight first.
type bitReader struct {
	b  []byte
	at int // bits
}

func (r *bitReader) left() int { return 8*len(r.b) - r.at }
func (r *bitReader) skip(n int) {
	r.at += n
}

// next returns up to eight bits, 0 for those behind the end.
func (r *bitReader) next(n int) (v byte) {
	for range n {
		v <<= 1
		if i := r.at >> 3; i < len(r.b) {
			v |= r.b[i] >> (7 - r.at&7) & 1
		}
		r.at++
	}
	return v
}
