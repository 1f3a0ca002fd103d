package tui

import (
	"testing"
	"time"
)

// The time of a capture that was stopped stands still, and nothing comes a
// second any more.
func TestTimeOfAStoppedCapture(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(5), status: liveStatus(), live: true})
	step := func(d time.Duration) *rig {
		r.clock = r.clock.Add(d)
		return r.publish(r.snap)
	}
	step(0)
	step(10*time.Second).has("LIVE eth0 10 s", " pps")
	r.status.Done = true
	step(0).has("STOPPED eth0 10 s")
	step(10 * time.Second).has("STOPPED eth0 10 s").hasNot(" pps")
	r.press("F5", "Enter").has("5 rows were cleared away. u brings").hasNot("new ones come")
}

// A warning is suspicious, not broken, and names itself where there is room.
func TestWarningsInTheTitle(t *testing.T) {
	status := liveStatus()
	status.Warnings = []string{"eth0: the filter does not match packets inside tunnels"}
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(5), status: status, live: true})
	r.has("⚠ 1 warning (6)").hasNot("✗ eth0")
	r.sim.SetSize(160, 40)
	r.has("⚠ eth0: the filter does not match packets inside tunnels")
}
