package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

func captureTab() tab {
	return tab{wide: "Capture", medium: "Cap", narrow: "Cap", count: countsNothing,
		open: func(u *UI) view { return &captureView{u: u, rates: map[string]*rate{}} }}
}

// captureView shows what is read, how well that goes, and what limits it.
type captureView struct {
	u      *UI
	rates  map[string]*rate // by input
	top    int
	height int
	lines  []textLine
	cursor string // the source it stands on; "" or one that is gone: the first
	places []int  // lines of the sources that can be switched
}

func (v *captureView) context() Context { return InCapture }

// refresh takes in the counters of the inputs.
func (v *captureView) refresh() {
	now := v.u.now().UnixNano()
	for i := range v.u.status.Inputs {
		in := &v.u.status.Inputs[i]
		r := v.rates[in.Name]
		if r == nil {
			if len(v.rates) > 256 {
				clear(v.rates)
			}
			r = new(rate)
			v.rates[in.Name] = r
		}
		r.sample(&Status{Frames: in.Frames, Octets: in.Octets}, now)
	}
}

func (v *captureView) move(m motion) {
	if v.moveCursor(m) {
		return
	}
	v.top = max(0, min(m.from(v.top, v.height, len(v.lines)), len(v.lines)-v.height))
}

func (v *captureView) draw(c canvas) {
	u := v.u
	rest := u.drawBanner(u.drawTop(c))
	v.refresh()
	v.lines = append(v.inputLines(rest.w), v.factLines(rest.w)...)
	v.height = max(1, rest.h-2)
	v.top = max(0, min(v.top, len(v.lines)-v.height))
	for i := range min(v.height, len(v.lines)-v.top) {
		x := 0
		for _, s := range v.lines[v.top+i] {
			x = rest.text(x, 1+i, s.text, u.theme[s.role])
		}
	}
	rest.scrollbar(rest.w-1, 1, v.height, v.top, len(v.lines), u.set.Thumb, u.set.Track, u.theme[roleDim])
}

// inputLines are the sources, a line each, with who lost how much.
func (v *captureView) inputLines(width int) []textLine {
	u := v.u
	name := max(24, min(40, width-56))
	head := cells.PadRight(" Sources", name+4, "") + fmt.Sprintf("%-6s%7s%7s%11s%8s%6s%6s", "state", "pps", "Mb/s", "received", "kernel", "iface", "queue")
	lines := []textLine{{{cells.Cut(head, width-1, u.set.Ellipsis), rolePlain}}}
	v.places = v.places[:0]
	for i := range u.status.Inputs {
		in := &u.status.Inputs[i]
		title := shortPath(u.clean(in.Name), name, u.set.Ellipsis)
		if in.Detail != "" {
			title += "  " + u.clean(in.Detail)
		}
		pps, bits := "", ""
		if r := v.rates[in.Name]; r != nil && r.valid && !u.status.Done {
			pps, bits = figure.Compact(uint64(r.packets+0.5)), fmt.Sprintf("%.1f", r.bits/1e6)
		}
		kernel, iface, queue := u.set.None, u.set.None, u.set.None
		role := rolePlain
		if in.HasDrops {
			kernel, iface, queue = figure.Compact(in.Drops.Kernel), figure.Compact(in.Drops.Interface), figure.Compact(in.Drops.Queue)
			if in.Drops.sum() > 0 {
				role = roleBad
			}
		}
		front := "   "
		if isInterface(in.Name) {
			front = v.front(len(lines))
		}
		line := front + cells.PadRight(title, name, u.set.Ellipsis) + " " + cells.PadRight(in.State, 6, "") + fmt.Sprintf("%7s%7s%11s", pps, bits, figure.Grouped(in.Frames))
		lines = append(lines, textLine{{cells.Cut(line, width-1, u.set.Ellipsis), rolePlain},
			{cells.Cut(cells.PadLeft(kernel, 8, "")+cells.PadLeft(iface, 6, "")+cells.PadLeft(queue, 6, ""), max(0, width-1-cells.Width(line)), u.set.Ellipsis), role}})
		for _, warning := range in.Warnings {
			lines = append(lines, textLine{{"     " + u.set.Warn + " " + cells.Cut(u.clean(warning), width-8, u.set.Ellipsis), roleWarn}})
		}
	}
	return append(append(lines, v.otherLines(width, name, len(lines))...), nil)
}

// shortPath is a path in at most width cells: of its folders the end goes first.
func shortPath(path string, width int, ellipsis string) string {
	at := strings.LastIndexByte(path, '/')
	if at < 0 || cells.Width(path[at:]) >= width-1 {
		return cells.CutMiddle(path[at+1:], width, ellipsis)
	}
	return cells.Cut(path[:at], width-cells.Width(path[at:]), ellipsis) + path[at:]
}

// factLines are everything else that is known of the capture.
func (v *captureView) factLines(width int) []textLine {
	u, s, t := v.u, &v.u.status, &v.u.snap.Totals
	var lines []textLine
	add := func(name, text string, role role) {
		if text == "" {
			return
		}
		for i, part := range wrapped(text, width-11, "", role) {
			title := ""
			if i == 0 {
				title = name
			}
			lines = append(lines, append(textLine{{" " + cells.PadRight(title, 9, ""), rolePlain}}, part...))
		}
	}
	filter := u.clean(s.Filter)
	if filter == "" {
		filter = "none: everything is read"
	}
	add("Filter", filter, rolePlain)
	if s.Kernel != "" && s.Kernel != s.Filter {
		add("", "kernel: "+u.clean(s.Kernel), roleDim)
	}
	if s.MediaOff {
		add("RTP", "let pass (R looks at it again): figures of this time get a ?, and nothing is found about media", roleWarn)
	}
	add("Ring", s.Ring, rolePlain)
	add("Record", u.clean(s.Output), rolePlain)
	add("Spool", u.clean(s.Spool), rolePlain)
	limits := s.Limits
	if n := u.snap.EvictedCalls; n > 0 {
		limits = strings.TrimPrefix(limits+" "+u.set.Dot+" ", " "+u.set.Dot+" ") + fmt.Sprintf("oldest leave (%s), %s left so far", u.snap.LimitReached, figure.Grouped(n))
	}
	add("Limits", limits, rolePlain)
	dot := " " + u.set.Dot + " "
	add("Decode", fmt.Sprintf("SIP %s, malformed %s", figure.Grouped(t.SIPMessages), figure.Grouped(t.SIPMalformed))+dot+"RTP "+figure.Grouped(t.RTPPackets)+
		dot+"SRTP "+figure.Grouped(t.SRTPPackets)+dot+"RTCP "+figure.Grouped(t.RTCPPackets)+dot+"T.38 "+figure.Grouped(t.T38Packets), rolePlain)
	for _, line := range s.Decode {
		add("", u.clean(line), rolePlain)
	}
	for i, r := range s.Health {
		title := ""
		if i == 0 {
			title = "Health"
		}
		add(title, u.clean(r.Fact+": "+r.Hint), roleWarn)
	}
	for i, reason := range byCount(s.Undecoded) {
		if i == 6 {
			add("", fmt.Sprintf("and %s more reasons", count(len(s.Undecoded)-6)), roleDim)
			break
		}
		add("", fmt.Sprintf("not decoded: %s %s", u.clean(strings.ReplaceAll(reason, "_", " ")), figure.Grouped(s.Undecoded[reason])), roleDim)
	}
	add("Privil.", s.Rights, rolePlain)
	for i := len(s.Log) - 1; i >= 0; i-- {
		title := ""
		if i == len(s.Log)-1 {
			title = "Log"
		}
		e := &s.Log[i]
		line := u.at(e.At).Format("15:04:05") + " " + u.clean(e.Text)
		if slices.Contains(s.Warnings, e.Text) { // it stands below as a whole
			line = cells.Cut(line, width-11, u.set.Ellipsis)
		}
		add(title, line, rolePlain)
	}
	for _, w := range s.Warnings {
		add("Warning", u.clean(w), roleWarn)
	}
	if s.Err != nil {
		add("Ended", u.clean(s.Err.Error()), roleBad)
	}
	return lines
}
