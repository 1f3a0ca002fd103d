package keylog

// maxLines bounds the lines that wait, in octets: as much as a capture file may
// hold of them in one place.
const maxLines = 8 << 20

// Lines keeps lines of key logs until they are taken. One goroutine uses it.
type Lines struct {
	b []byte

	// Lost is how many lines there was no room for.
	Lost uint64
}

// Add keeps a copy of a line.
func (l *Lines) Add(line []byte) {
	if len(l.b)+len(line)+1 > maxLines {
		l.Lost++
		return
	}
	l.b = append(append(l.b, line...), '\n')
}

// Take returns the lines since the last time, which are the caller's; nil when
// there are none.
func (l *Lines) Take() []byte {
	if l == nil || len(l.b) == 0 {
		return nil
	}
	b := l.b
	l.b = nil
	return b
}
