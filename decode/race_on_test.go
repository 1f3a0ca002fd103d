//go:build race

package decode

// raceDetector says that the race detector watches.
const raceDetector = true
