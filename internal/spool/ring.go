package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sipsniff/capture"
)

// What a frame takes at most besides its octets, in pcapng: the head and the
// options of its block; and what a file takes besides its frames.
const (
	recordOverhead = 512
	fileOverhead   = 4096
)

// A ring is files in the order of their numbers, the last of which grows.
type ring struct {
	folder, name string
	application  string
	limit        int64 // octets of a file
	files        []file
	octets       int64 // of all files
	number       int   // of the last file
	current      *capture.Writer
	since        int64 // time of the oldest frame that is there, Unix ns; 0 as long as none has left
}

// A file is a closed file, or the last one with what it may have grown to.
type file struct {
	path  string
	size  int64
	first int64 // time of its first frame, Unix ns; 0 when it is of a run before
}

func newRing(folder, name string, size int64, application string) ring {
	return ring{folder: folder, name: name, application: application, limit: size / segments}
}

// adopt takes over the files of a run before.
func (r *ring) adopt() error {
	names, err := filepath.Glob(filepath.Join(escaped(r.folder), r.name+"-*.pcapng"))
	slices.Sort(names)
	for _, path := range names {
		info, statErr := os.Stat(path)
		if statErr != nil || !info.Mode().IsRegular() {
			continue
		}
		var number int
		base := filepath.Base(path)
		if _, scanErr := fmt.Sscanf(base, r.name+"-%d.pcapng", &number); scanErr != nil || number < 0 || base != r.fileName(number) {
			continue // somebody else's
		}
		r.number = max(r.number, number)
		r.files = append(r.files, file{path: path, size: info.Size()})
		r.octets += info.Size()
	}
	return errors.Join(err, r.makeRoom())
}

func (r *ring) fileName(number int) string { return fmt.Sprintf("%s-%09d.pcapng", r.name, number) }

// escaped is a folder's name for Glob.
func escaped(folder string) string {
	var b []byte
	for i := range len(folder) {
		if c := folder[i]; c == '*' || c == '?' || c == '[' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, folder[i])
	}
	return string(b)
}

// write appends a frame, in a new file when there is no room in this one.
func (r *ring) write(f *capture.Frame) error {
	need := int64(len(f.Data)) + recordOverhead
	if need+fileOverhead > r.limit {
		return nil // larger than any link has them
	}
	if r.current == nil || r.files[len(r.files)-1].size+need > r.limit {
		if err := r.next(f.Nanos); err != nil {
			return err
		}
	}
	r.files[len(r.files)-1].size += need
	r.octets += need
	return r.current.Write(f)
}

// next begins a file. What the one before takes is then known exactly.
func (r *ring) next(nanos int64) error {
	if err := r.close(); err != nil {
		return err
	}
	if err := r.makeRoom(); err != nil {
		return err
	}
	r.number++
	path := filepath.Join(r.folder, r.fileName(r.number))
	created, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := created.Close(); err != nil {
		return err
	}
	if r.current, err = capture.Create(path, capture.WriterOptions{Application: r.application}); err != nil {
		return err
	}
	r.files = append(r.files, file{path, fileOverhead, nanos})
	r.octets += fileOverhead
	if r.since != 0 {
		r.since = r.files[0].first
	}
	return nil
}

// makeRoom removes the oldest files until a new one may grow to its limit.
func (r *ring) makeRoom() error {
	for len(r.files) > 0 && r.octets+r.limit > segments*r.limit {
		if err := os.Remove(r.files[0].path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if r.files[0].first != 0 {
			r.since = r.files[0].first // until it is known which is the oldest
		}
		r.octets -= r.files[0].size
		r.files = r.files[1:]
	}
	return nil
}

func (r *ring) close() error {
	if r.current == nil {
		return nil
	}
	err := r.current.Close()
	r.current = nil
	last := &r.files[len(r.files)-1]
	if info, statErr := os.Stat(last.path); statErr == nil {
		r.octets += info.Size() - last.size
		last.size = info.Size()
	}
	return err
}
