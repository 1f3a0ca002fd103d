package ladder

import (
	"fmt"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// story is what happened in the call, one line a step under the number of its
// frame. What every call has, and the arrows show, is left out.
func (t *textLadder) story(c *correlate.Call) []string {
	show := cleaner(t.o.ASCII)
	var lines []string
	for _, s := range c.Story {
		if s.Kind == correlate.StepTrying || s.Kind == correlate.StepAcknowledged {
			continue
		}
		frame := ""
		if s.Frames[0] != 0 {
			frame = "f" + strconv.Itoa(s.Frames[0])
		}
		line := fmt.Sprintf(" %-*s  %s", t.digits+1, frame, show(correlate.BriefWords(s, c)))
		if t.o.Width > 0 {
			line = cells.Cut(line, t.o.Width, t.set.Ellipsis)
		}
		lines = append(lines, line)
	}
	return lines
}
