package tui

// A motion is a movement key; what it moves depends on the screen.
type motion uint8

const (
	up motion = iota
	down
	pageUp
	pageDown
	halfUp
	halfDown
	toFirst
	toLast
	toLeft
	toRight
)

// from returns where the motion leads from row, in a window of height rows
// among n. The result may be outside of 0 … n-1.
func (m motion) from(row, height, n int) int {
	switch m {
	case up:
		return row - 1
	case down:
		return row + 1
	case pageUp:
		return row - max(1, height)
	case pageDown:
		return row + max(1, height)
	case halfUp:
		return row - max(1, height/2)
	case halfDown:
		return row + max(1, height/2)
	case toFirst:
		return 0
	case toLast:
		return n - 1
	}
	return row
}
