package decode

import (
	"compress/flate"
	"io"
)

// An inflater decompresses the messages of permessage-deflate (RFC 7692). One
// serves all connections; what it returns is valid until it is used again.
type inflater struct {
	reader io.ReadCloser
	in     tailed
	out    []byte
}

// inflate decompresses one message given what was decompressed before it.
func (x *inflater) inflate(b, window []byte) (out []byte, ok bool) {
	x.in = tailed{b: b}
	if x.reader == nil {
		x.reader = flate.NewReaderDict(&x.in, window)
	} else if err := x.reader.(flate.Resetter).Reset(&x.in, window); err != nil {
		return nil, false
	}
	if x.out == nil {
		x.out = make([]byte, 0, 16<<10)
	}
	x.out = x.out[:0]
	for {
		if len(x.out) == cap(x.out) {
			x.out = append(x.out, 0)[:len(x.out)]
		}
		n, err := x.reader.Read(x.out[len(x.out):cap(x.out)])
		x.out = x.out[:len(x.out)+n]
		switch {
		case err == io.EOF:
			return x.out, true
		case err != nil, len(x.out) > maxSocketMessage:
			return nil, false
		}
	}
}

// deflateTail is what the sender takes off the end of every message
// (RFC 7692 §7.2.2), and an empty last block so that the end is an end.
const deflateTail = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"

// tailed reads a message and the deflateTail behind it.
type tailed struct {
	b    []byte
	tail int // octets of deflateTail already read
}

func (r *tailed) Read(b []byte) (int, error) {
	if len(r.b) > 0 {
		n := copy(b, r.b)
		r.b = r.b[n:]
		return n, nil
	}
	if r.tail == len(deflateTail) {
		return 0, io.EOF
	}
	n := copy(b, deflateTail[r.tail:])
	r.tail += n
	return n, nil
}

func (r *tailed) ReadByte() (byte, error) {
	if len(r.b) > 0 {
		c := r.b[0]
		r.b = r.b[1:]
		return c, nil
	}
	if r.tail == len(deflateTail) {
		return 0, io.EOF
	}
	r.tail++
	return deflateTail[r.tail-1], nil
}
