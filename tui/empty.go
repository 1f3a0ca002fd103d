package tui

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// drawEmpty says why the list is empty, from what was measured.
func (u *UI) drawEmpty(c canvas, v *callsView) {
	for i, line := range u.emptyLines(v) {
		c.text(2, 2+i, cells.Cut(line, c.w-3, u.set.Ellipsis), u.theme[rolePlain])
	}
}

func (u *UI) emptyLines(v *callsView) []string {
	s := &u.status
	switch {
	case len(u.snap.Calls) == 0 && len(u.cleared.calls) > 0:
		return []string{u.clearedAway()}
	case len(u.snap.Calls) > 0 && v.filter.expr() != nil && len(v.shown.calls) == 0:
		return []string{v.filter.nothing()}
	case v.only && len(u.snap.Calls) > 0:
		return []string{fmt.Sprintf("0 of %s dialogs have a problem. ! shows all.", count(len(u.snap.Calls)))}
	case v.scope == scopeCalls && len(u.snap.Calls) > 0:
		return []string{fmt.Sprintf("0 of %s dialogs are calls. D shows them all.", count(len(u.snap.Calls)))}
	case len(u.snap.Calls) > 0:
		return []string{fmt.Sprintf("0 of %s dialogs are shown. D shows others.", count(len(u.snap.Calls)))}
	case u.config.Live && !s.Done:
		return u.listening()
	case !s.Done:
		return u.loading()
	case s.Err != nil && s.Frames == 0:
		return []string{u.clean(s.Source) + " cannot be read:", "", "  " + u.clean(s.Err.Error())}
	}
	return u.noSIP()
}

// clearedAway says where the rows are, and that others may come.
func (u *UI) clearedAway() string {
	line := "1 row was cleared away"
	if n := len(u.cleared.calls); n != 1 {
		line = plural(n, "row") + " were cleared away"
	}
	if !u.status.Done {
		line += "; new ones come here"
	}
	return line + ". u brings back what was cleared."
}

// listening says what is listened to and what came of it, all of it measured.
func (u *UI) listening() []string {
	s := &u.status
	filter := u.clean(s.Filter)
	if filter == "" {
		filter = "none: everything the interface sees"
	}
	source := u.clean(s.Source)
	if len(s.Inputs) == 1 && s.Inputs[0].Detail != "" {
		source += " (" + u.clean(s.Inputs[0].Detail) + ")"
	}
	seen := fmt.Sprintf("%s, %s dropped", figure.Counted(s.Frames, "packet"), figure.Grouped(s.Dropped))
	if s.Any > 0 {
		seen = fmt.Sprintf("%s of any kind on it, %s matched the filter, %s dropped", figure.Counted(s.Any, "packet"), figure.Grouped(s.Frames), figure.Grouped(s.Dropped))
	}
	lines := []string{
		"No SIP yet. This is what I am listening to:", "",
		fmt.Sprintf("  interface   %s      %s", source, figure.Uptime(u.now().Sub(u.started))),
		"  filter      " + filter, "  seen        " + seen,
	}
	if s.Kernel != "" && s.Kernel != s.Filter {
		lines = slices.Insert(lines, 4, "              in kernel: "+u.clean(s.Kernel))
	}
	if s.Output != "" {
		lines = append(lines, "  recording   "+u.clean(s.Output))
	}
	lines = append(lines, u.present()...)
	return append(append(lines, u.advice()...), u.wayOut()...)
}

// wayOut are the keys that help, where they do.
func (u *UI) wayOut() []string {
	if !u.calls.awaits() {
		return nil
	}
	if ports := u.sipPorts(); len(ports) > 0 {
		return []string{"", "  Enter  use " + namedPorts(ports) + " too", "  i  interface      b  edit filter", "  :open  a pcap file            *  listen on all UDP and TCP ports"}
	}
	lines := []string{"", "  i  interface      b  edit filter      :open  a pcap file"}
	if u.status.Filter != "" {
		lines = append(lines, "  *  listen on all UDP and TCP ports")
	}
	return lines
}

// advice is what usually helps, as far as what was measured says so.
func (u *UI) advice() []string {
	s := &u.status
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, "  "+u.set.Dot+" "+fmt.Sprintf(format, args...))
	}
	switch {
	case s.Frames == 0 && s.Any > 0 && s.Filter != "":
		add("%s arrived but none passed the filter: is it too narrow?", figure.Counted(s.Any, "packet"))
	case s.Frames > 0:
		add("%s came through, none of them is SIP.", figure.Counted(s.Frames, "packet"))
	case s.Frames == 0 && s.Any == 0 && len(s.Elsewhere) > 0:
		add("nothing arrives here: is it the right interface?")
	case s.Frames == 0 && s.Filter != "":
		add("Nothing passes the filter: is it too narrow? Is it the right interface?")
	}
	lines = append(lines, u.portAdvice()...)
	if len(s.Elsewhere) > 0 {
		var others []string
		for _, t := range s.Elsewhere[:min(4, len(s.Elsewhere))] {
			others = append(others, fmt.Sprintf("%s %.0f pps", u.clean(t.Name), t.Packets))
		}
		add("other interfaces with traffic: %s", strings.Join(others, ", "))
	}
	if s.TLSHidden > 0 {
		add("%s", u.hiddenTLS())
	}
	if len(s.Traffic.Ports) > 0 {
		add("%s", u.taggedAdvice())
	}
	if len(lines) > 0 {
		lines = append([]string{"", "What usually helps:"}, lines...)
	}
	return lines
}

// hiddenTLS says how connections that cannot be read could be.
func (u *UI) hiddenTLS() string {
	return fmt.Sprintf("%s on %d: give --keylog FILE (SSLKEYLOGFILE) or HEP", plural(u.status.TLSHidden, "TLS connection"), u.status.TLSPort)
}

func (u *UI) loading() []string {
	line := "Reading " + u.clean(u.status.Source)
	if p := u.status.percent(); p >= 0 {
		line += fmt.Sprintf(": %d%%", p)
	}
	return append([]string{line, figure.Counted(u.status.Frames, "packet") + " so far, no SIP among them yet"}, u.present()...)
}

func (u *UI) noSIP() []string {
	s := &u.status
	if s.Frames == 0 {
		if s.Filter != "" {
			return []string{u.clean(s.Source) + " holds no packet that passes the capture filter " + u.clean(s.Filter) + "."}
		}
		return []string{u.clean(s.Source) + " holds no packet."}
	}
	lines := []string{fmt.Sprintf("%s has %s, none is SIP.", u.clean(s.Source), figure.Counted(s.Frames, "packet"))}
	if text := u.protocols(); text != "" {
		lines = append(lines, text)
	}
	lines = append(lines, u.present()...)
	if s.TLSHidden > 0 {
		lines = append(lines, "", u.hiddenTLS())
	}
	if s.Err != nil {
		lines = append(lines, "", "It ended early: "+u.clean(s.Err.Error()))
	}
	return lines
}

// present lists what there is instead of SIP.
func (u *UI) present() []string {
	t := &u.snap.Totals
	var lines []string
	add := func(n uint64, what string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf("  %12s  %s", figure.Grouped(n), what))
		}
	}
	add(t.RTPPackets, fmt.Sprintf("RTP packets in %s, with no signalling to explain them", plural(int(t.Streams), "stream")))
	add(t.SRTPPackets, "SRTP packets")
	lines = append(lines, u.orphans()...)
	add(t.RTCPPackets, "RTCP packets")
	add(t.T38Packets, "T.38 packets")
	for _, reason := range byCount(u.status.Undecoded) {
		add(u.status.Undecoded[reason], "not decoded: "+u.clean(strings.ReplaceAll(reason, "_", " ")))
	}
	if len(lines) > 0 {
		lines = append([]string{"", "What is there:"}, lines...)
	}
	return lines
}

// shownOrphans is how many streams without a call are listed one by one.
const shownOrphans = 8

// orphans lists the first of the streams that no signalling explains.
func (u *UI) orphans() []string {
	var lines []string
	for _, s := range u.snap.Streams {
		if s.Call != nil {
			continue
		}
		if len(lines) == shownOrphans {
			lines = append(lines, fmt.Sprintf("    and %s more", count(u.snap.Orphans-shownOrphans)))
			break
		}
		codec := u.clean(s.Codec)
		if codec == "" {
			codec = fmt.Sprintf("payload type %d", s.PayloadType)
		}
		if s.CodecFrom == "guess" {
			codec += "?"
		}
		lines = append(lines, fmt.Sprintf("    %s %s %s  %s  %s, %s lost", s.Src, u.set.To, s.Dst, codec,
			plural(int(s.Packets), "packet"), figure.Grouped(s.Quality.Lost)))
	}
	return lines
}

// byCount returns the keys of m, the most frequent first.
func byCount(m map[string]uint64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		switch {
		case m[a] > m[b]:
			return -1
		case m[a] < m[b]:
			return 1
		}
		return strings.Compare(a, b)
	})
	return keys
}
