//go:build race

package pipeline_test

// raceDetector says that the race detector watches.
const raceDetector = true
