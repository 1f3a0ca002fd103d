package ladder

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// stories are what happened in the call, or in each leg of it under its
// letter: one line a step with its frames.
func (t *textLadder) stories() []string {
	var lines []string
	for i := range t.l.Legs {
		letter := ""
		if len(t.l.Legs) > 1 {
			letter = fmt.Sprintf(" %-*s", letterWidth-1, Letter(i))
		}
		lines = append(lines, t.story(t.l.Legs[i].Call, letter)...)
	}
	return lines
}

// story leaves out what every call has and the arrows show.
func (t *textLadder) story(c *correlate.Call, letter string) []string {
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
		line := fmt.Sprintf("%s %-*s  %s", letter, width, s.FrameWords(), show(correlate.BriefWords(s, c)))
		if t.o.Width > 0 {
			line = cells.Cut(line, t.o.Width, t.set.Ellipsis)
		}
		lines = append(lines, line)
	}
	return lines
}
