package quality

// shrinkInterval is how long an adaptive buffer waits between two steps down.
const shrinkInterval = 500 * millisecond

// An adaptiveBuffer follows the jitter of the last 500 packets (model A1 of
// spec §5.8).
type adaptiveBuffer struct {
	Waiting
	model   *BufferModel
	recent  transits
	origin  int64 // transit of the first packet; recent counts from it
	playout int64 // of media time 0, ns
	shrunk  int64 // when it last shrank
	started bool
}

// restart makes the next packet begin anew, after the timestamps jumped.
func (b *adaptiveBuffer) restart() { b.started = false }

func (b *adaptiveBuffer) add(i *instant) Verdict {
	n := i.transit()
	if !b.started {
		b.started = true
		b.recent.reset()
		b.origin, b.playout, b.shrunk = n, n+b.model.Delay, i.arrival
	}
	verdict := b.judge(n)
	b.recent.add(n - b.origin)
	b.adapt(b.target(i.ptime), i.ptime, i.arrival)
	return verdict
}

func (b *adaptiveBuffer) judge(n int64) Verdict {
	slack := b.playout - n
	switch {
	case slack < 0:
		return b.count(Late, 0)
	case slack > b.model.Max:
		b.recent.reset()
		b.playout = n + b.model.Delay
		return b.count(Overflow, 0)
	}
	return b.count(Played, slack)
}

// target is the playout that the recent packets need.
func (b *adaptiveBuffer) target(ptime int64) int64 {
	lowest, high := b.recent.spread()
	return b.origin + lowest + min(max(high-lowest+ptime, b.model.Min), b.model.Max)
}

// adapt moves the playout towards a target: up by at most a packet time for each
// packet, down by one twice a second.
func (b *adaptiveBuffer) adapt(target, ptime, arrival int64) {
	switch {
	case target > b.playout:
		b.playout = min(target, b.playout+ptime)
		b.Stretched++
	case target < b.playout-ptime && arrival-b.shrunk >= shrinkInterval:
		b.playout -= ptime
		b.shrunk = arrival
		b.Compressed++
	}
}
