package spool

import (
	"path/filepath"
	"sync"
	"testing"
)

// Others ask for the size while frames are written; it is that of the files.
func TestSizeIsAskedMeanwhile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "spool")
	s, err := Open(Options{Folder: folder, Size: MinSize})
	if err != nil {
		t.Fatal(err)
	}
	var asking sync.WaitGroup
	done := make(chan struct{})
	asking.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				if n := s.Size(); n < 0 || n > MinSize {
					t.Errorf("%d octets", n)
					return
				}
			}
		}
	})
	for n := range 2000 {
		s.Write(frame(n, 20000), n%10 != 0)
	}
	close(done)
	asking.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := onDisk(t, folder); s.Size() != got {
		t.Errorf("%d octets, %d on disk", s.Size(), got)
	}
	if s, err = Open(Options{Folder: folder, Size: MinSize}); err != nil || s.Size() != onDisk(t, folder) {
		t.Errorf("opened again: %v, %d octets", err, s.Size())
	}
}
