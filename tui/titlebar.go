package tui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// A rate is packets and bits per second over the last second or so of the
// wall clock.
type rate struct {
	since          int64 // wall clock of the sample, Unix ns
	frames, octets uint64
	packets, bits  float64
	valid          bool
}

// sample takes in the counters of a status; now is the wall clock.
func (r *rate) sample(s *Status, now int64) {
	if r.since == 0 {
		r.since, r.frames, r.octets = now, s.Frames, s.Octets
		return
	}
	elapsed := float64(now-r.since) / 1e9
	if elapsed < 1 {
		return
	}
	r.packets = float64(s.Frames-r.frames) / elapsed
	r.bits = float64(s.Octets-r.octets) * 8 / elapsed
	r.since, r.frames, r.octets, r.valid = now, s.Frames, s.Octets, true
}

// drawTitleBar shows the program, the source and how it is doing.
func (u *UI) drawTitleBar(c canvas) {
	clock := u.titleClock()
	room := c.w - 2
	if c.w >= 60 || clock != "" && c.w >= 50 {
		c.right(c.w, 0, clock, u.theme[rolePlain])
		room -= cells.Width(clock) + 1
	}
	x := 1
	for _, p := range u.titleIn(room, c.w) {
		x = c.text(x, 0, cells.Cut(p.text, room+1-x, u.set.Ellipsis), u.theme[p.role])
	}
}

// A titlePart is a piece of the title. Those with a rank go where there is no
// room for all, the highest first.
type titlePart struct {
	cell
	rank int
}

// titleIn are the pieces of the title that fit in so many cells, with the gaps
// between them. What must not go unseen stays: the name of the source is cut
// before that.
func (u *UI) titleIn(room, width int) []cell {
	parts := u.titleParts(width)
	for i := range parts {
		if i > 0 && !strings.HasPrefix(parts[i].text, u.set.Dot) {
			parts[i].text = "  " + parts[i].text
		} else if i > 0 {
			parts[i].text = " " + parts[i].text
		}
	}
	total := func() (w int) {
		for _, p := range parts {
			w += cells.Width(p.text)
		}
		return w
	}
	if words := u.latestWarning(); words != "" && u.frozen == nil && total() <= room {
		last := &parts[len(parts)-1]
		short := last.text
		if last.text = "  " + words; total() > room {
			last.text = short
		}
	}
	for total() > room {
		least := slices.MaxFunc(parts, func(a, b titlePart) int { return a.rank - b.rank })
		if least.rank == 0 {
			break
		}
		parts = slices.DeleteFunc(parts, func(p titlePart) bool { return p == least })
	}
	if over := total() - room; over > 0 && len(parts) > 1 {
		parts[0].text = cells.Cut(parts[0].text, max(leastHead, cells.Width(parts[0].text)-over), u.set.Ellipsis)
	}
	out := make([]cell, len(parts))
	for i, p := range parts {
		out[i] = p.cell
	}
	return out
}

// leastHead is how much of the program and the source always stays.
const leastHead = 20

// coming reports whether more comes in while the user looks, as it is made. A
// file that is still read is there already.
func (u *UI) coming() bool {
	return u.config.Live || u.config.Stream && (!u.status.Done || u.frozen != nil)
}

// titleClock is the wall clock of a live capture, the date of a file, and how
// far a stream is.
func (u *UI) titleClock() string {
	if u.frozen != nil { // which has a time of its own
		return ""
	}
	if u.config.Live {
		return u.now().In(u.config.Location).Format("15:04:05")
	}
	if u.config.Stream && u.status.Last > 0 {
		return u.at(u.status.Last).Format("2006-01-02 15:04:05")
	}
	if u.snap.First > 0 {
		return u.at(u.snap.First).Format("2006-01-02 15:04:05")
	}
	return ""
}

func (u *UI) titleParts(width int) []titlePart {
	if u.frozen != nil {
		return u.frozenParts(width)
	}
	name := "sipsniff "
	if width < narrowWidth {
		name = ""
	}
	source := u.clean(u.status.Source)
	s := &u.status
	if !u.config.Live {
		head := name + u.set.File + " FILE " + filepath.Base(source)
		if p := s.percent(); p >= 0 {
			head += fmt.Sprintf(" %d%%", p)
		} else if !s.Done {
			head += " reading"
		}
		parts := []titlePart{{cell{head, roleTitle}, 0}, {cell{plural(int(s.Frames), "packet"), rolePlain}, 1}}
		return append(parts, u.troubles()...)
	}
	badge := u.set.Live + " LIVE "
	if s.Done {
		badge = u.set.Stopped + " STOPPED "
	}
	if width < narrowWidth {
		badge = u.set.Live + " "
	}
	parts := []titlePart{{cell{name + badge + source + " " + figure.Uptime(u.running()), roleTitle}, 0}}
	if s.Err != nil { // nothing else matters as much
		return append(parts, u.troubles()...)
	}
	if width >= 100 && s.Filter != "" {
		parts = append(parts, titlePart{cell{`bpf "` + u.clean(s.Filter) + `"`, rolePlain}, 2})
	}
	if u.rate.valid && !s.Done {
		parts = append(parts, titlePart{cell{figure.Grouped(uint64(u.rate.packets)) + " pps", rolePlain}, 1})
		if width >= narrowWidth {
			parts = append(parts, titlePart{cell{fmt.Sprintf("%.1f Mb/s", u.rate.bits/1e6), rolePlain}, 3})
		}
	}
	if s.Dropped == 0 {
		parts = append(parts, titlePart{cell{"drop 0", rolePlain}, 0})
	}
	return append(parts, u.troubles()...)
}

// running is how long the capture goes on, or went on.
func (u *UI) running() time.Duration {
	if u.stoppedAt.IsZero() {
		return u.now().Sub(u.started)
	}
	return u.stoppedAt.Sub(u.started)
}

// troubles are what must not go unseen: drops, an input that ended badly,
// warnings.
func (u *UI) troubles() []titlePart {
	var parts []titlePart
	if u.status.Err != nil {
		parts = append(parts, titlePart{cell{u.set.Bad + " " + u.clean(u.status.Err.Error()), roleBad}, 0})
	}
	if u.status.Dropped > 0 {
		note := u.dropNote()
		if note == "" {
			note = "DROP " + figure.Compact(u.status.Dropped)
		}
		parts = append(parts, titlePart{cell{note, roleBad}, 0})
	}
	if n := len(u.status.Warnings); n > 0 {
		parts = append(parts, titlePart{cell{u.set.Warn + " " + plural(n, "warning") + " (6)", roleWarn}, 0})
	}
	return parts
}

// latestWarning is what the last part of a title says where there is room for
// words, "" when there is no warning.
func (u *UI) latestWarning() string {
	n := len(u.status.Warnings)
	if n == 0 || u.width < wideTabs {
		return ""
	}
	return u.set.Warn + " " + u.clean(u.status.Warnings[n-1])
}

func (u *UI) frozenParts(width int) []titlePart {
	f := u.frozen
	more := len(u.latest.Calls) + int(u.latest.EvictedCalls) - len(f.snap.Calls) - int(f.snap.EvictedCalls)
	what := "reading goes on"
	if u.config.Live {
		what = "capturing goes on"
	}
	head := "sipsniff " + u.set.Frozen + " FROZEN at " + f.at.In(u.config.Location).Format("15:04:05")
	grown := fmt.Sprintf(": +%s +%s pk", plural(max(0, more), "call"), figure.Compact(u.status.Frames-f.frames))
	const key = "p: go on"
	dot := u.set.Dot + " "
	return []titlePart{
		{cell{head, roleTitle}, 0},
		{cell{fitting(width-2-cells.Width(head+key)-3, dot+what+grown, dot+"it goes on"+grown, dot+strings.TrimPrefix(grown, ": ")), rolePlain}, 1},
		{cell{key, roleKey}, 0},
	}
}
