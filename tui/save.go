package tui

import (
	"context"
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// SavePackets says which packets of the calls are saved.
type SavePackets uint8

// The choices; formats that hold no packets do not ask.
const (
	SaveEverything SavePackets = iota
	SaveSignalling
	SaveMedia
)

// A SaveFormat is something that calls can be saved as.
type SaveFormat struct {
	Name    string // also the end of the file's name
	Note    string // beside it, "" for none
	Packets bool   // it holds packets
	Missing string // why it cannot be had now, "" when it can
}

// A SaveRequest is what the user wants to be saved.
type SaveRequest struct {
	Snapshot *correlate.Snapshot
	Calls    []*correlate.Call
	Packets  SavePackets
	Format   string
	File     string

	// Of packets: with them everything that the hosts of the calls sent and got
	// from five seconds before each call to five seconds after it; and without
	// RTCP and ICMP errors.
	Around, NoReports bool

	// Of packets in pcapng: with comments that say what was found.
	Comments bool

	Hide SaveHide
}

// A SaveResult is what was written.
type SaveResult struct {
	Files   []string
	Frames  int   // 0 when the format holds none
	Octets  int64 // of all files
	Remarks []string
}

// A Saver writes calls to files. Its functions are called from any goroutine.
type Saver struct {
	Formats func() []SaveFormat

	// Run writes; progress gets the share that is done, from 0 to 1. When it
	// fails, or ctx ends, no file was changed.
	Run func(ctx context.Context, r SaveRequest, progress func(share float64)) (SaveResult, error)

	// MediaSince is the time from which on media can be saved, in Unix ns, for
	// what came before has left the spool; 0 or nil: all of it can.
	MediaSince func() int64

	// Free is how many octets the disk of a folder has left; ok is false when
	// nobody knows.
	Free func(folder string) (octets uint64, ok bool)
}

// canSave reports whether anything can be saved.
func (u *UI) canSave() bool { return u.config.Save.Run != nil }

// A subjected view is about one call.
type subjected interface{ call() *correlate.Call }

// subject is the call that the screen is about: of the ladder, of the media, of
// what is under the cursor of a list, or under that of the calls. It is nil where
// that is in no call.
func (u *UI) subject() *correlate.Call {
	for i := len(u.stack) - 1; i > 0; i-- {
		if s, ok := u.stack[i].(subjected); ok {
			return s.call()
		}
	}
	return u.calls.current()
}

// saveName is a name that tells when, who and how many; not who where that is hidden.
func (u *UI) saveName(calls []*correlate.Call, format string, hidden bool) string {
	if len(calls) == 0 {
		return "calls." + format
	}
	who := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, ladder.User(calls[0].From))
	if len(who) > 24 {
		who = who[:24]
	}
	name := u.at(calls[0].Started).Format("2006-01-02_150405")
	if who != "" && !hidden {
		name += "_" + who
	}
	if len(calls) > 1 {
		name += fmt.Sprintf("_%dcalls", len(calls))
	}
	return name + "." + format
}

// octets writes a size as people read it.
func octets(n uint64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
