package tui

// A zone is a part of the screen that does something when it is clicked.
type zone struct {
	x, y, w, h int
	run        func()
}

// zone makes a drawn part of the screen clickable until the next drawing. What
// is drawn later lies above.
func (u *UI) zone(c canvas, run func()) { u.zones = append(u.zones, zone{c.x, c.y, c.w, c.h, run}) }

// clickZone runs the zone at x, y of the screen, if there is one.
func (u *UI) clickZone(x, y int) bool {
	for i := len(u.zones) - 1; i >= 0; i-- {
		z := &u.zones[i]
		if x >= z.x && x < z.x+z.w && y >= z.y && y < z.y+z.h {
			z.run()
			return true
		}
	}
	return false
}
