package pipeline

import "time"

// nearby is how far the clock of a stream may be from ours for its packets to
// be those of now.
const nearby = int64(time.Minute)

// A lull is the time since a source that does not tell the time has nothing to
// hand out.
type lull struct {
	since time.Time // when it was noticed
	nanos int64     // packet time then
}

// now is the packet time in a lull in which the source says nanos, the time of
// its latest packet. When that was just captured, time goes on with our clock,
// so that what waits for time to pass need not wait for a packet; in a stream of
// older packets it stands, and the answer does not depend on who delivers them
// how fast.
func (l *lull) now(nanos int64, wall time.Time) int64 {
	if l.nanos != nanos {
		l.since, l.nanos = wall, nanos
	}
	passed := wall.Sub(l.since).Nanoseconds()
	if !isNear(nanos, l.since) {
		return nanos
	}
	return nanos + passed
}

// isNear reports whether packets of a time are those of now.
func isNear(nanos int64, now time.Time) bool {
	away := now.UnixNano() - nanos
	return away <= nearby && away >= -nearby
}
