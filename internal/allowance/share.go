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

// Some is the whole of a list, or one in so many of it while the race detector is at
// work.
func Some[T any](list []T, oneIn int) []T {
	if !RaceDetector {
		return list
	}
	var some []T
	for i := 0; i < len(list); i += oneIn {
		some = append(some, list[i])
	}
	return some
}
