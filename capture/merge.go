package capture

import (
	"errors"
	"io"
)

// The buffers of all files of a merge together, in octets, and the least one
// file gets.
const (
	mergeBuffers  = 64 << 20
	minMergeChunk = 64 << 10
)

// A merge reads several files as one, always handing out the earliest of the
// frames they stand at; of frames of the same time that of the file named
// first. A file is never reordered in itself.
type merge struct {
	files []*file
	heap  mergeHeap // the files that have a frame
	taken bool      // the frame of heap[0] has been handed out
	begun int       // files whose first frame was read

	number int
	nanos  int64 // capture time of the latest frame
	failed error // the first error of a file
	err    error // that ended the reading, for the calls after
}

// A mergeHead is the next frame of a file.
type mergeHead struct {
	frame Frame
	file  *file
	index int // in merge.files
}

func (h *mergeHead) before(other *mergeHead) bool {
	if h.frame.Nanos != other.frame.Nanos {
		return h.frame.Nanos < other.frame.Nanos
	}
	return h.index < other.index
}

// A mergeHeap is a binary heap: no element is before its parent, which is the
// one at (i-1)/2.
type mergeHeap []*mergeHead

// down moves element i to its place among those below it.
func (h mergeHeap) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if h[child].before(h[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

func openMerge(names []string, o Options) (Source, error) {
	chunk := min(max(mergeBuffers/len(names), minMergeChunk), chunkSize)
	m := &merge{}
	for _, name := range names {
		f, err := openFile(name, o, chunk)
		if err != nil {
			return nil, errors.Join(err, m.Close())
		}
		m.files = append(m.files, f)
		o.Notes = nil // the filter is one, whatever the number of files
	}
	return m, nil
}

// Next hands out the earliest frame of all files.
func (m *merge) Next(f *Frame) error {
	if m.err != nil {
		return m.err
	}
	if m.advance() == ErrIdle {
		f.Nanos = m.nanos
		return ErrIdle
	}
	if len(m.heap) == 0 {
		m.err = m.failed
		if m.err == nil {
			m.err = io.EOF
		}
		return m.err
	}
	first := m.heap[0]
	m.taken = true
	m.number++
	m.nanos = first.frame.Nanos
	*f = first.frame
	f.Number = m.number
	f.Source = first.index
	return nil
}

// advance reads the frame after the one handed out last. It may only do so
// now, because the reading takes back what was lent. While a stream is quiet
// nobody knows what comes first, and it returns ErrIdle.
func (m *merge) advance() error {
	if m.begun < len(m.files) {
		return m.begin()
	}
	if !m.taken {
		return nil
	}
	more, err := m.read(m.heap[0])
	if err != nil {
		return err
	}
	m.taken = false
	if !more {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap[last] = nil
		m.heap = m.heap[:last]
	}
	m.heap.down(0)
	return nil
}

// begin reads the first frame of each file.
func (m *merge) begin() error {
	for ; m.begun < len(m.files); m.begun++ {
		head := &mergeHead{file: m.files[m.begun], index: m.begun}
		more, err := m.read(head)
		if err != nil {
			return err
		}
		if more {
			m.heap = append(m.heap, head)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.heap.down(i)
	}
	return nil
}

// read reports whether the file has a further frame. The only error is
// ErrIdle: then it can be asked again.
func (m *merge) read(h *mergeHead) (more bool, err error) {
	switch err = h.file.Next(&h.frame); err {
	case nil:
		return true, nil
	case ErrIdle:
		return false, err
	case io.EOF:
		return false, nil
	}
	h.file.info.warn(err.Error())
	if m.failed == nil {
		m.failed = err
	}
	return false, nil
}

// Info describes each file.
func (m *merge) Info() []SourceInfo {
	infos := make([]SourceInfo, 0, len(m.files))
	for _, f := range m.files {
		infos = append(infos, f.Info()...)
	}
	return infos
}

// Secrets gives the decryption secrets of all files met so far.
func (m *merge) Secrets() []Secret {
	var all []Secret
	for _, f := range m.files {
		all = append(all, f.Secrets()...)
	}
	return all
}

// SecretCount is the number of decryption secrets of all files met so far.
func (m *merge) SecretCount() (n int) {
	for _, f := range m.files {
		n += f.SecretCount()
	}
	return n
}

// Stop implements Stopper: each file stops.
func (m *merge) Stop() {
	for _, f := range m.files {
		f.Stop()
	}
}

// Close closes all files.
func (m *merge) Close() error {
	var errs []error
	for _, f := range m.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
