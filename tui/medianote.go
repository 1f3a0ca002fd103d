package tui

import (
	"fmt"
	"math"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// A mediaEvent is what happened in signalling while media went on.
type mediaEvent struct {
	nanos int64
	frame int
	text  string
}

// events are the steps of the stories of all legs, as far as they matter here.
func (v *mediaView) events() []mediaEvent {
	var list []mediaEvent
	for i := range v.legs {
		call := v.legs[i].Call
		for _, step := range call.Story {
			switch step.Kind {
			case correlate.StepTrying, correlate.StepAcknowledged:
				continue
			}
			text := correlate.BriefWords(step, call)
			if len(v.legs) > 1 {
				text = legLetter(i) + ": " + text
			}
			list = append(list, mediaEvent{step.Nanos, step.Frames[0], text})
		}
	}
	return list
}

// notes are the lines below the chart, at most so many.
func (v *mediaView) notes(s *mediaStream, width, most int) []textLine {
	most = max(most, 5)
	room := width - 2
	lines := []textLine{v.readout(s, room), v.bufferNote(s, room), plainLine(v.digitNote(room))}
	rtcp := v.controlNotes(width)
	for len(rtcp) > 1 && len(lines)+len(rtcp) >= most {
		rtcp = rtcp[:len(rtcp)-1]
	}
	for _, line := range rtcp {
		lines = append(lines, plainLine(line))
	}
	why := v.whyNote(width)
	if why != nil {
		most-- // the verdict has the last row
	}
	if width >= wideDiff && len(lines) < most {
		lines = append(lines, plainLine(v.summary(s, room)))
	}
	lines = lines[:min(len(lines), most)]
	if why != nil {
		lines = append(lines, why)
	}
	return lines
}

func plainLine(text string) textLine { return textLine{{text, rolePlain}} }

// readout says what happened in the second under the cursor.
func (v *mediaView) readout(s *mediaStream, width int) textLine {
	u := v.u
	q := v.measured(s)
	at := v.cursorTime(s)
	clock := u.set.Pin + " " + u.at(at).Format("15:04:05")
	if v.mark != 0 {
		clock += fmt.Sprintf(" (%+.1f s)", float64(at-v.mark)/1e9)
	}
	if q.SecondCount() == 0 {
		return textLine{{clock, roleTitle}}
	}
	if first, _, ok := secondsIn(q, at, at+1); !ok || first < 0 {
		return textLine{{clock, roleTitle}, {"  this stream " + map[bool]string{true: "has not begun", false: "is over"}[at < s.First], rolePlain}}
	}
	sec := q.Second(secondAt(q, at))
	text := ""
	if s.Score.Known {
		value, whole := v.scoreOver(s, q)
		if m := value(sec); !math.IsNaN(m) {
			text += "  MOS " + figure.MOS(m, s.Score.Entry.Assumed()) + map[bool]string{true: " (whole stream)"}[whole]
		}
	}
	said, extra, rate := secondText(sec)
	lost, room := "", width-cells.Width(clock)
	if numbers := v.lostNumbers(s, at); numbers != "" {
		lost = " " + numbers
	}
	var events []string
	for _, e := range v.events() {
		if e.nanos >= at && e.nanos < at+int64(q.SecondWidth) {
			events = append(events, u.eventText(&e, anyWidth))
		}
	}
	all := "  " + strings.Join(events, "  ")
	if len(events) == 0 {
		all = ""
	}
	whole := fitting(room, text+said+extra+rate+lost+all, text+said+extra+lost+all, text+said+lost+all)
	if len(events) > 0 && cells.Width(whole) > room {
		whole = text + said + lost
		whole += v.eventsIn(at, at+int64(q.SecondWidth), room-cells.Width(whole))
	}
	return textLine{{clock, roleTitle}, {whole, rolePlain}, {v.cursorHint(room - cells.Width(whole)), roleDim}}
}

// cursorHint says what can be done with the cursor of the chart, on a screen that
// has room for more than what happened there.
func (v *mediaView) cursorHint(width int) string {
	hint := "      " + v.u.arrows("Left Right") + " move  Enter packets"
	if v.u.width < wideDiff || cells.Width(hint) > width {
		return ""
	}
	return hint
}

// leastEvent is how many cells the words of an event need to be worth reading.
const leastEvent = 12

// eventsIn tells the first event of a time in so many cells, its words cut rather
// than its frame, and how many more there are.
func (v *mediaView) eventsIn(from, to int64, width int) string {
	text, more := "", 0
	for _, e := range v.events() {
		switch {
		case e.nanos < from || e.nanos >= to:
		case text == "":
			text = v.u.eventText(&e, width-len("  ")-len("  +99"))
		default:
			more++
		}
	}
	if cells.Width(text) < leastEvent {
		text, more = "", more+1
	}
	if more > 0 {
		text += fmt.Sprintf("  +%d", more)
	}
	return "  " + strings.TrimSpace(text)
}

// eventText is what happened, and in which frame, in so many cells.
func (u *UI) eventText(e *mediaEvent, width int) string {
	frame := " (f" + count(e.frame) + ")"
	return cells.Cut(u.set.Foot+" "+u.clean(e.text), max(0, width-len(frame)), u.set.Ellipsis) + frame
}

// secondText is what a second holds in words, and what can be left out of it
// where room is scarce, the last first.
func secondText(sec *quality.Second) (text, delta, rate string) {
	switch {
	case sec.Marks&quality.MarkOutage != 0 && sec.Marks&quality.MarkMedia == 0:
		return fmt.Sprintf("  outage: nothing came, %d expected", sec.Expected), "", ""
	case sec.Marks&quality.MarkSilent != 0 && sec.Marks&quality.MarkMedia == 0:
		return "  pause: the sender was silent", "", ""
	case sec.Marks == 0 || sec.Expected == 0:
		return "  nothing came", "", ""
	}
	text = fmt.Sprintf("  jitter %.1f ms  lost %d of %d", sec.Jitter(), sec.Lost, sec.Expected)
	if sec.Marks&quality.MarkMedia == 0 {
		text = "  comfort noise"
	}
	if sec.Marks&quality.MarkRestart != 0 {
		text += "  restart"
	}
	return text, fmt.Sprintf("  delta %.0f ms", sec.Delta()), fmt.Sprintf("  %d kbit/s", sec.Rate)
}

// controlNotes are what the ends say in RTCP of what they received.
func (v *mediaView) controlNotes(width int) []string {
	var full, brief, nameless, long []string
	for i := range v.streams {
		s := &v.streams[i]
		c := s.Control
		if c == nil || c.Received.Reports == 0 {
			continue
		}
		percent, _ := c.Received.Percent()
		text := fmt.Sprintf("%s lost %.1f%%", s.name, percent)
		if c.Received.HasJitter {
			text += fmt.Sprintf(" jit %.1f", c.Received.Jitter)
		}
		who := s.Dst.Addr().String() + " says "
		full = append(full, who+text+verdictOf(c))
		brief = append(brief, who+text+briefVerdict(c))
		nameless = append(nameless, text+briefVerdict(c))
		long = append(long, v.controlLine(s, c, percent))
	}
	const head, gap = "RTCP    ", 2
	dot := "  " + v.u.set.Dot + "  "
	switch {
	case len(full) == 0:
		return []string{head + "no receiver reports were seen"}
	case width < wideDiff || len(full) == 1:
		return []string{fitting(width-gap, head+strings.Join(full, dot), head+strings.Join(brief, dot), partsIn(width-gap, head, dot, nameless))}
	}
	return append([]string{head + "what each end says it received (remote view)"}, long...)
}

func (v *mediaView) controlLine(s *mediaStream, c *correlate.Control, percent float64) string {
	line := fmt.Sprintf(" %-15s about %-3s %12s   fraction lost %.1f %%   cumulative %d", s.Dst.Addr(), s.name, plural(int(c.Received.Reports), "report"), percent, c.Received.CumulativeLost)
	if c.Received.HasJitter {
		line += fmt.Sprintf("   jitter %4.1f ms", c.Received.Jitter)
	}
	if c.Trip.Total >= 0 {
		line += fmt.Sprintf("   RTT %.0f ms", float64(c.Trip.Total)/1e6)
	}
	if c.VoIP != nil && c.VoIP.MOSListening > 0 && c.VoIP.MOSListening < 127 {
		line += fmt.Sprintf("   XR MOS-LQ %.1f", float64(c.VoIP.MOSListening)/10)
	}
	return line + verdictOf(c)
}

// verdictOf says whether the receiver saw what was seen here.
func verdictOf(c *correlate.Control) string {
	switch l := &c.Compared; {
	case l.Packets == 0:
		return ""
	case !l.Disagrees():
		return " (agrees with capture)"
	case l.Behind() > 0:
		return fmt.Sprintf(" (differs: %d more lost behind this point)", l.Behind())
	default:
		return fmt.Sprintf(" (differs: %d fewer than here)", -l.Behind())
	}
}

// briefVerdict is verdictOf in few cells.
func briefVerdict(c *correlate.Control) string {
	switch l := &c.Compared; {
	case l.Packets == 0:
		return ""
	case !l.Disagrees():
		return " (agrees)"
	default:
		return fmt.Sprintf(" (differs by %+d)", l.Behind())
	}
}
