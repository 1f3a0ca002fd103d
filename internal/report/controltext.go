package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/decode/rtp"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// writeControls writes what RTCP says beside what we saw, and where the two
// do not agree.
func writeControls(w io.Writer, s *correlate.Snapshot) error {
	t := newTable(">RTCP of stream", ">Reports", ">Reported lost", ">Loss%", ">Here%", ">Jitter ms", ">Max", ">Round trip ms", ">To sender", ">To receiver", ">MOS est.", ">XR MOS")
	var remarks []string
	rows := 0
	for _, st := range s.Streams {
		c := st.Control
		if c == nil || c.Received.Reports == 0 && c.Sent.Reports == 0 && c.VoIP == nil {
			continue
		}
		rows++
		t.add(controlRow(st)...)
		for _, r := range ControlRemarks(st) {
			remarks = append(remarks, fmt.Sprintf("stream %d: %s", st.ID, r))
		}
	}
	if rows == 0 {
		return nil
	}
	fmt.Fprintln(w)
	if err := t.write(w); err != nil {
		return err
	}
	for _, r := range remarks {
		fmt.Fprintln(w, clean.Line(r))
	}
	return nil
}

func controlRow(st *correlate.Stream) []string {
	c := st.Control
	r := &c.Received
	percent, reported := r.Percent()
	lost := none
	if reported {
		lost = amount.Grouped(r.CumulativeLost)
	}
	xr := none
	if v := c.VoIP; v != nil && v.MOSListening != rtp.Unavailable {
		xr = fmt.Sprintf("%.1f", float64(v.MOSListening)/10)
	}
	mos := none
	if c.Estimate.Reason == "" {
		mos = fmt.Sprintf("%.2f", c.Estimate.MOS)
	}
	return []string{strconv.Itoa(st.ID), amount.Grouped(r.Reports), lost, known(percent, reported), loss(st),
		known(r.Jitter, r.HasJitter), known(r.WorstJitter, r.HasJitter), tripText(c.Trip.Total), tripText(c.Trip.Near), tripText(c.Trip.Far), mos, xr}
}

func tripText(d time.Duration) string {
	if d < 0 {
		return none
	}
	return strconv.FormatFloat(float64(d)/1e6, 'f', 1, 64)
}

// ControlRemarks says in plain words what in the RTCP of a stream does not
// agree with what we saw, or cannot be.
func ControlRemarks(s *correlate.Stream) []string {
	c := s.Control
	if c == nil {
		return nil
	}
	var out []string
	if c.Only {
		out = append(out, "no RTP seen; the figures are those of RTCP")
	}
	if l := &c.Compared; l.Disagrees() {
		out = append(out, lossRemark(l, int64(s.Quality.Duplicates))...)
	}
	if v := &c.Sent; v.Comparable && v.Counted >= v.Span+max(3, v.Counted/100) {
		out = append(out, fmt.Sprintf("the sender counts %s packets, of which %s have numbers here: the rest went elsewhere, was lost in front of a device that numbers anew, or was not captured",
			amount.Grouped(v.Counted), amount.Grouped(v.Span)))
	}
	if len(c.Received.Implausible) > 0 {
		out = append(out, "what the receiver reports cannot be right: "+strings.Join(c.Received.Implausible, ", "))
	}
	return out
}

// lossRemark says where packets were lost. A receiver counts duplicates
// against its losses.
func lossRemark(l *correlate.LossSplit, duplicates int64) []string {
	if l.Packets == 0 {
		return nil
	}
	percent := func(n int64) float64 { return 100 * float64(max(n, 0)) / float64(l.Packets) }
	text := fmt.Sprintf("the receiver reports %.1f %% lost, %.1f %% here: ", percent(l.Reported), percent(l.Here))
	switch behind := l.Behind(); {
	case behind > 0 && l.Here > 0:
		return []string{text + "the difference was lost behind this point"}
	case behind > 0:
		return []string{text + "lost behind this point"}
	case -behind <= duplicates:
		return nil
	}
	return []string{text + "what is missing here reached the receiver, so the capture lacks it"}
}
