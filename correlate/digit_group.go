package correlate

// groupPause is how long after a key another one of the same side and way
// belongs to the same number.
const groupPause = 5 * 1e9

// DigitGroups are the keys of a call as they were dialled: those of one side,
// by one way and stream, without a long pause, in order of the first.
func (c *Call) DigitGroups() [][]Digit {
	var groups [][]Digit
	for i := range c.DTMF {
		d := &c.DTMF[i]
		at := -1
		for j := len(groups) - 1; j >= 0; j-- {
			g := groups[j]
			last := &g[len(g)-1]
			if last.Source == d.Source && last.Stream == d.Stream && last.FromCaller == d.FromCaller && d.At-last.At <= groupPause {
				at = j
				break
			}
		}
		if at < 0 {
			groups = append(groups, nil)
			at = len(groups) - 1
		}
		groups[at] = append(groups[at], *d)
	}
	return groups
}
