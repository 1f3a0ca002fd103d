package ladder

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// story is what happened in the call, one line a step under the number of its
// frame. What every call has, and the arrows show, is left out.
func (t *textLadder) story(c *correlate.Call) []string {
	show := cleaner(t.o.ASCII)
	var steps []correlate.Step
	width := t.digits + 1
	for _, s := range c.Story {
		if s.Kind != correlate.StepTrying && s.Kind != correlate.StepAcknowledged {
			steps = append(steps, s)
			width = max(width, len(s.FrameWords()))
		}
	}
	lines := make([]string, 0, len(steps))
	for _, s := range steps {
		line := fmt.Sprintf(" %-*s  %s", width, s.FrameWords(), show(correlate.BriefWords(s, c)))
		if t.o.Width > 0 {
			line = cells.Cut(line, t.o.Width, t.set.Ellipsis)
		}
		lines = append(lines, line)
	}
	return lines
}
