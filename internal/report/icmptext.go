package report

import (
	"fmt"
	"io"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// mostICMP is how many ICMP errors the text report lists.
const mostICMP = 50

// writeICMP lists what the network said became of packets of calls.
func writeICMP(w io.Writer, s *correlate.Snapshot) {
	var lines []string
	left := 0
	note := func(of string, list []correlate.NetworkError) {
		for i := range list {
			if len(lines) == mostICMP {
				left++
				continue
			}
			lines = append(lines, icmpLine(of, &list[i]))
		}
	}
	for _, c := range s.Calls {
		note(fmt.Sprintf("call %d", c.Index), c.NetworkErrors)
	}
	for _, st := range s.Streams {
		note(fmt.Sprintf("stream %d", st.ID), st.NetworkErrors)
	}
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(w, "ICMP errors")
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	if left > 0 {
		fmt.Fprintf(w, "%s more\n", amount.Grouped(left))
	}
	fmt.Fprintln(w)
}

func icmpLine(of string, n *correlate.NetworkError) string {
	times := ""
	if n.Count > 1 {
		times = fmt.Sprintf(", %s times", amount.Grouped(n.Count))
	}
	return fmt.Sprintf("%s: %s says %s of %s from %s to %s%s, first in frame %d",
		of, n.From, n.Text(), n.Transport, addr(n.Src), addr(n.Dst), times, n.Frames[0])
}
