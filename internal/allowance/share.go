package allowance

// Share is how much of something a test goes through: all of it, or a part of it
// while the race detector is at work. make test runs the tests that ask for it both
// ways.
func Share(all, part int) int {
	if RaceDetector {
		return part
	}
	return all
}
