//go:build !race

package diagnosis

// raceEnabled says that the race detector slows everything down.
const raceEnabled = false
