package capture

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// maxZstdWindow bounds what a zstd frame may ask for: 128 MiB is what
// "zstd --long" uses and what zstd itself refuses to exceed by default.
const maxZstdWindow = 128 << 20

// compressionOf names the compression a file begins with, "" for none.
func compressionOf(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return "gzip"
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}), isSkippable(head):
		return "zstd"
	case bytes.HasPrefix(head, []byte{0x04, 0x22, 0x4d, 0x18}),
		bytes.HasPrefix(head, []byte{0x02, 0x21, 0x4c, 0x18}): // the legacy frame of "lz4 -l"
		return "lz4"
	}
	return ""
}

// isSkippable reports a skippable frame (RFC 8878 §3.1.2), with which pzstd
// begins its files.
func isSkippable(head []byte) bool {
	return len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18})
}

// decompress gives the content of r. When it has to be prompt, what is complete
// does not wait for what comes behind. The closer releases what it holds.
func decompress(kind string, r io.Reader, prompt bool) (io.Reader, func(), error) {
	switch kind {
	case "gzip":
		z, err := newGzipReader(r)
		return z, func() {}, err
	case "zstd":
		// One decoding goroutine means none besides the caller's, which
		// keeps reading and counting in one place.
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderMaxMemory(maxZstdWindow), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	case "lz4":
		z := lz4.NewReader(r)
		if prompt {
			content, closer := blockwise(z)
			return content, closer, nil
		}
		return z, func() {}, nil
	}
	return nil, nil, fmt.Errorf("unknown compression %q", kind)
}

// A gzipReader reads the members of a gzip stream one after the other (RFC 1952
// §2.2). It gives all of one before it waits for the next, which may be long in
// coming.
type gzipReader struct {
	r     *bufio.Reader
	z     *gzip.Reader
	ended bool // the member
}

func newGzipReader(r io.Reader) (*gzipReader, error) {
	g := &gzipReader{r: bufio.NewReader(r), z: new(gzip.Reader)}
	return g, g.begin()
}

// begin reads the header of a member, or io.EOF.
func (g *gzipReader) begin() error {
	err := g.z.Reset(g.r)
	g.z.Multistream(false)
	g.ended = err != nil
	return err
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		if g.ended {
			if err := g.begin(); err != nil {
				return 0, err
			}
		}
		n, err := g.z.Read(p)
		g.ended = err == io.EOF
		if n > 0 || !g.ended {
			if g.ended {
				err = nil
			}
			return n, err
		}
	}
}

// blockwise gives the blocks of an lz4 stream as they come. Its Read would wait
// until the buffer is full.
func blockwise(z *lz4.Reader) (io.Reader, func()) {
	r, w := io.Pipe()
	go func() {
		_, err := z.WriteTo(w)
		_ = w.CloseWithError(err) // always nil
	}()
	return r, func() { _ = r.Close() } // likewise
}

// A countingReader counts what was read through it, for any goroutine to see.
type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
