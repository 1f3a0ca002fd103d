//go:build race

package filter

// raceDetector says that the race detector watches.
const raceDetector = true
