package capture

// A Lender is a source whose frames can stay valid for longer than until the
// next one, so that others may work on them meanwhile.
type Lender interface {
	Source

	// Lend has the source read into one buffer after the other. Whenever it is
	// done with one it calls fresh with it and goes on in the one that fresh
	// returns, which must not be in use any more. Frames are valid until their
	// buffer is returned by fresh. It is called by Next, and Lend before the
	// first Next. It reports whether the source can do so: one that may have
	// to wait for packets does not.
	Lend(fresh func(done []byte) []byte) bool
}

// Lend implements Lender.
func (f *file) Lend(fresh func(done []byte) []byte) bool {
	if f.info.Size == 0 || f.watched {
		return false
	}
	f.content.fresh = fresh
	return true
}

// Lend implements Lender.
func (m *merge) Lend(fresh func(done []byte) []byte) bool {
	for _, f := range m.files {
		if f.info.Size == 0 || f.watched {
			return false
		}
	}
	for _, f := range m.files {
		f.Lend(fresh)
	}
	return true
}
