package capture

import "io"

// chunkSize is how much is asked of a file at once. One read of a mebibyte
// carries thousands of packets, so that the cost of the system call vanishes;
// more brings nothing and leaves the cache.
const chunkSize = 1 << 20

// A chunkReader reads a stream in large chunks and lends out pieces of its
// buffer. It never waits for more than it was asked for, so that a stream
// written packet by packet is seen packet by packet.
type chunkReader struct {
	r    io.Reader
	buf  []byte
	off  int   // first octet of buf not consumed yet
	end  int   // octets of buf that are filled
	base int64 // offset in the stream of buf[0]
	err  error // what r said last; sticky

	fresh func(done []byte) []byte // see Lender; nil: one buffer does
}

func newChunkReader(r io.Reader, size int) *chunkReader {
	return &chunkReader{r: r, buf: make([]byte, size)}
}

// offset is the place in the stream of the next octet to be consumed.
func (c *chunkReader) offset() int64 { return c.base + int64(c.off) }

// peek lends the next n octets without consuming them. They are valid until
// the following peek or Read. When the stream ends before, it gives
// what is left and io.EOF (nothing left) or io.ErrUnexpectedEOF, or what the
// reader below said.
func (c *chunkReader) peek(n int) ([]byte, error) {
	if c.end-c.off >= n {
		return c.buf[c.off : c.off+n : c.off+n], nil
	}
	return c.fill(n)
}

// ready lends what is in the buffer already, perhaps nothing.
func (c *chunkReader) ready() []byte { return c.buf[c.off:c.end] }

// skip consumes n octets that were peeked before.
func (c *chunkReader) skip(n int) { c.off += n }

func (c *chunkReader) fill(n int) ([]byte, error) {
	c.compact()
	for c.end < n {
		if c.end == len(c.buf) {
			c.grow(n)
		}
		if !c.read() {
			return c.buf[:c.end:c.end], c.ending()
		}
	}
	return c.buf[:n:n], nil
}

// compact moves what is not consumed yet, always less than a record, to the
// front of the buffer, or of a fresh one.
func (c *chunkReader) compact() {
	if c.off == 0 {
		return
	}
	to := c.buf
	if c.fresh != nil {
		to = c.fresh(c.buf)
		if rest := c.end - c.off; len(to) < rest {
			to = make([]byte, rest)
		}
	}
	copy(to, c.buf[c.off:c.end])
	c.buf = to
	c.base += int64(c.off)
	c.end -= c.off
	c.off = 0
}

// grow makes room for a record larger than the buffer. It doubles and does
// not believe n at once: the memory is only taken when the octets are there.
func (c *chunkReader) grow(n int) {
	bigger := make([]byte, min(max(2*len(c.buf), 512), max(n, 512)))
	copy(bigger, c.buf[:c.end])
	c.buf = bigger
}

// read asks for more once and reports whether something came.
func (c *chunkReader) read() bool {
	for tries := 0; c.err == nil; tries++ {
		n, err := c.r.Read(c.buf[c.end:])
		c.end += n
		c.err = err
		if n > 0 {
			return true
		}
		if tries == 100 {
			c.err = io.ErrNoProgress
		}
	}
	return false
}

// ending is the error for a stream that ended too early for what was asked.
func (c *chunkReader) ending() error {
	if c.err == ErrIdle { // asking again is worth it
		c.err = nil
		return ErrIdle
	}
	if c.err == io.EOF && c.end > c.off {
		return io.ErrUnexpectedEOF
	}
	return c.err
}

// Read makes a chunkReader the source of a decompressor.
func (c *chunkReader) Read(p []byte) (int, error) {
	if c.off == c.end {
		if _, err := c.fill(1); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.buf[c.off:c.end])
	c.off += n
	return n, nil
}
