// Package spool keeps the latest frames of a capture on disk, in bounded room,
// so that calls can be saved that nobody had asked for before.
package spool

import (
	"errors"
	"os"
	"sync/atomic"

	"sipsniff/capture"
)

// MinSize is the least room that makes sense, in octets.
const MinSize = 16 << 20

// segments is how many files a ring is made of: when there is no room, the
// oldest leaves as a whole.
const segments = 8

// signallingShare is the part of the room for frames that are no media, of
// which there are far fewer: the calls of media that is still there are known.
const signallingShare = 4

// A Spool is a folder of pcapng files. One goroutine writes to it; any program
// may read from it meanwhile.
type Spool struct {
	folder            string
	signalling, media ring
	err               error
	mediaSince        atomic.Int64
	size              atomic.Int64
}

// Options say where a spool is and how large.
type Options struct {
	Folder      string // "": a new one among the temporary files
	Size        int64  // octets, at least MinSize
	Application string // is noted in the files
}

// Open makes a spool, or goes on with the one in the folder.
func Open(o Options) (*Spool, error) {
	var err error
	if o.Folder == "" {
		o.Folder, err = os.MkdirTemp("", "sipsniff-spool-")
	} else {
		err = os.MkdirAll(o.Folder, 0o700) // what people say is in it
	}
	if err != nil {
		return nil, err
	}
	s := &Spool{folder: o.Folder}
	part := max(o.Size, MinSize) / signallingShare
	s.signalling = newRing(o.Folder, "signalling", part, o.Application)
	s.media = newRing(o.Folder, "media", max(o.Size, MinSize)-part, o.Application)
	err = errors.Join(s.signalling.adopt(), s.media.adopt())
	s.measure()
	return s, err
}

// Folder is where the files are.
func (s *Spool) Folder() string { return s.folder }

// Write keeps a frame. After an error nothing more is kept; Err has it.
func (s *Spool) Write(f *capture.Frame, media bool) {
	if s.err != nil {
		return
	}
	if media {
		s.err = s.media.write(f)
		s.mediaSince.Store(s.media.since)
	} else {
		s.err = s.signalling.write(f)
	}
	s.measure()
}

// MediaSince is the time from which on media is there, in Unix ns; 0 as long as none had to leave. Any goroutine may
// call it.
func (s *Spool) MediaSince() int64 { return s.mediaSince.Load() }

// Flush writes out what is in memory.
func (s *Spool) Flush() {
	for _, r := range []*ring{&s.signalling, &s.media} {
		if s.err == nil && r.current != nil {
			s.err = r.current.Flush()
		}
	}
}

// Err is the error that stopped the spool.
func (s *Spool) Err() error { return s.err }

// measure notes how many octets the files have.
func (s *Spool) measure() { s.size.Store(s.signalling.octets + s.media.octets) }

// Size is how many octets the files have, those included that a file which is being written may have grown to. Any
// goroutine may call it.
func (s *Spool) Size() int64 { return s.size.Load() }

// Files are the names of the files, as one writes them all in a shell.
func (s *Spool) Files() string { return capture.ShellQuote(s.folder) + "/*.pcapng" }

// Close writes out what is in memory. The files stay.
func (s *Spool) Close() error {
	s.err = errors.Join(s.err, s.signalling.close(), s.media.close())
	s.measure()
	return s.err
}
