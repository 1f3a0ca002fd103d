//go:build race

package allowance

// RaceDetector says that the race detector is at work, which makes most of what the
// program does five to twenty times slower.
const RaceDetector = true
