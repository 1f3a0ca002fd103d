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

	// Of texts: leave out what people wrote to each other, and put stars for
	// the keys they pressed.
	HideBodies, HideKeys bool
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

	// Free is how many octets the disk of a folder has left; ok is false when
	// nobody knows.
	Free func(folder string) (octets uint64, ok bool)
}

// canSave reports whether anything can be saved.
func (u *UI) canSave() bool { return u.config.Save.Run != nil }

// A saving is a file that is being written.
type saving struct {
	request SaveRequest
	share   func() float64
	cancel  context.CancelFunc
	all     bool // it holds everything there was
	stopped bool // the user gave it up
	open    bool // it is to be read in place of what there is
}

// saveScope is what a save is about.
type saveScope struct {
	title func(u *UI) string
	calls func(u *UI) []*correlate.Call
}

func saveScopes() []saveScope {
	listed := func(u *UI) []*correlate.Call {
		var out []*correlate.Call
		for row := range u.calls.Len() {
			if c := u.calls.call(row); c != nil {
				out = append(out, c)
			}
		}
		return out
	}
	numbered := func(what string, calls func(u *UI) []*correlate.Call) func(u *UI) string {
		return func(u *UI) string { return count(len(calls(u))) + " " + what }
	}
	all := func(u *UI) []*correlate.Call { return u.snap.Calls }
	return []saveScope{
		{numbered("marked", (*UI).markedCalls), (*UI).markedCalls},
		{func(u *UI) string {
			if c := u.subject(); c != nil {
				return fmt.Sprintf("this call #%d", c.Index)
			}
			return "this call"
		}, func(u *UI) []*correlate.Call {
			if c := u.subject(); c != nil {
				return []*correlate.Call{c}
			}
			return nil
		}},
		{numbered("listed", listed), listed},
		{numbered("all", all), all},
	}
}

// markedCalls are the marked calls in the order of their numbers.
func (u *UI) markedCalls() []*correlate.Call {
	var out []*correlate.Call
	for _, c := range u.snap.Calls {
		if u.calls.marked[c.Index] {
			out = append(out, c)
		}
	}
	return out
}

// A subjected view is about one call.
type subjected interface{ call() *correlate.Call }

// subject is the call that the screen is about: of the ladder, of the media, or
// under the cursor of the list.
func (u *UI) subject() *correlate.Call {
	for i := len(u.stack) - 1; i > 0; i-- {
		if s, ok := u.stack[i].(subjected); ok {
			if c := s.call(); c != nil {
				return c
			}
		}
	}
	return u.calls.current()
}

// withLegs adds the other legs of calls.
func (u *UI) withLegs(calls []*correlate.Call) []*correlate.Call {
	seen := map[int]bool{}
	for _, c := range calls {
		seen[c.Index] = true
	}
	out := calls[:len(calls):len(calls)]
	for _, c := range calls {
		for _, index := range c.Joined() {
			if other := u.callAt(index); other != nil && !seen[index] {
				seen[index] = true
				out = append(out, other)
			}
		}
	}
	return out
}

// withRegistrations adds the registrations of those who called and were called.
func (u *UI) withRegistrations(calls []*correlate.Call) []*correlate.Call {
	seen, users := map[int]bool{}, map[string]bool{}
	for _, c := range calls {
		seen[c.Index] = true
		users[ladder.User(c.From)], users[ladder.User(c.To)] = true, true
	}
	delete(users, "")
	out := calls[:len(calls):len(calls)]
	for _, c := range u.snap.Calls {
		if c.Method == "REGISTER" && !seen[c.Index] && users[ladder.User(c.To)] {
			out = append(out, c)
		}
	}
	return out
}

// saveName is a name that tells when, who and how many.
func (u *UI) saveName(calls []*correlate.Call, format string) string {
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
	if who != "" {
		name += "_" + who
	}
	if len(calls) > 1 {
		name += fmt.Sprintf("_%dcalls", len(calls))
	}
	return name + "." + format
}

// estimate is how many packets and octets a capture of calls has.
func (u *UI) estimate(calls []*correlate.Call, p SavePackets) (packets, octets uint64) {
	const headers = 14 + 20 + 8 + 32 // Ethernet, IP, UDP, and the record in the file
	for _, c := range calls {
		if p != SaveMedia {
			packets += uint64(c.MessageCount)
			for _, m := range c.Messages {
				octets += uint64(len(m.Raw)) + headers
			}
		}
		if p == SaveSignalling {
			continue
		}
		for _, s := range u.streamsOf(c) {
			packets += s.Packets
			octets += s.Packets*(14+32) + s.OctetsIP
		}
	}
	return packets, octets
}

// startSave writes in the background; the dialog stays open until it is done.
func (u *UI) startSave(r SaveRequest, all, open bool) {
	ctx, cancel := context.WithCancel(context.Background())
	share := &doneShare{}
	s := &saving{request: r, share: share.load, cancel: cancel, all: all, open: open}
	u.saving = s
	u.workshop.do(func() func() {
		result, err := u.config.Save.Run(ctx, r, share.store)
		return func() { u.saved(s, result, err) }
	})
	if u.saving == s {
		u.dialog = &savingDialog{s: s}
	}
}

// saved says what became of a save.
func (u *UI) saved(s *saving, result SaveResult, err error) {
	s.cancel()
	if u.saving == s {
		u.saving = nil
	}
	if d, ok := u.dialog.(*savingDialog); ok && d.s == s {
		u.dialog = nil
	}
	switch {
	case err != nil && s.stopped:
		u.say("saving was given up; no file was changed")
	case err != nil:
		u.saveFailed(s, err)
	default:
		u.savedAll = u.savedAll || s.all
		line := "saved " + plural(len(s.request.Calls), "call")
		if result.Frames > 0 {
			line += ", " + plural(result.Frames, "packet")
		}
		line += " in " + u.clean(strings.Join(result.Files, ", ")) + " (" + octets(uint64(result.Octets)) + ")"
		for _, remark := range result.Remarks {
			line += "; " + u.clean(remark)
		}
		u.say("%s", line)
		if s.open && len(result.Files) == 1 {
			u.reopen(&Reopening{File: result.Files[0]})
		}
	}
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
