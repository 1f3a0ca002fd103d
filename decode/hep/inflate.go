package hep

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
)

// MaxInflated is how long a payload may become by decompression, in octets.
const MaxInflated = 1 << 20

// ErrCompressed reports a compressed payload that cannot be opened, or whose
// content is longer than MaxInflated.
var ErrCompressed = errors.New("compressed payload cannot be opened")

// An Inflater decompresses payloads. What it returns is valid until it is used
// again.
type Inflater struct {
	in   bytes.Reader
	zlib io.ReadCloser
	gzip *gzip.Reader
	out  bytes.Buffer
}

// Inflate decompresses a payload in the format of zlib or gzip, told apart by
// their first octets.
func (x *Inflater) Inflate(b []byte) ([]byte, error) {
	x.in.Reset(b)
	r, err := x.open(b)
	if err != nil {
		return nil, ErrCompressed
	}
	x.out.Reset()
	n, err := x.out.ReadFrom(io.LimitReader(r, MaxInflated+1))
	if err != nil || n > MaxInflated || n == 0 {
		return nil, ErrCompressed
	}
	return x.out.Bytes(), nil
}

func (x *Inflater) open(b []byte) (io.Reader, error) {
	switch {
	case len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b:
		if x.gzip == nil {
			r, err := gzip.NewReader(&x.in)
			x.gzip = r
			return r, err
		}
		return x.gzip, x.gzip.Reset(&x.in)
	case len(b) >= 2 && b[0] == 0x78:
		if x.zlib == nil {
			r, err := zlib.NewReader(&x.in)
			x.zlib = r
			return r, err
		}
		return x.zlib, x.zlib.(zlib.Resetter).Reset(&x.in, nil)
	}
	return nil, ErrCompressed
}
