package diagnosis

import "sipsniff/correlate"

// silence is how much of the sound of a stream is silent, in percent, and for
// how long it was looked at in seconds; digital silence only when asked for.
func silence(s *correlate.Stream, digital bool) (percent, length float64) {
	if l := s.Levels; l != nil {
		n := l.Silent
		if digital {
			n = l.Digital
		}
		return percentOf(uint64(n), uint64(l.Frames)), float64(l.Frames) / 50
	}
	n := s.Sampled.Silent
	if digital {
		n = s.Sampled.Digital
	}
	return percentOf(uint64(n), uint64(s.Sampled.Packets)), float64(s.Sampled.Packets) / 2
}

func deadAir(c *Case) {
	k := c.Talk()
	if !k.up || len(k.pauses) > 0 {
		return
	}
	var worst [2]*correlate.Stream
	for _, caller := range both() {
		s := k.main(caller)
		if s == nil || s.Secure || s.First > k.to || s.Last < k.from {
			return
		}
		percent, length := silence(s, false)
		if percent < c.Number("share") || length < c.Number("time") {
			return
		}
		worst[side(caller)] = s
	}
	a, _ := silence(worst[0], false)
	b, _ := silence(worst[1], false)
	d := c.Find("Packets went both ways for %s, but there was no sound in them: %.0f %% of what the caller sent is silent, and %.0f %% of what the callee sent.", span(k.to-k.from), a, b)
	for _, s := range worst {
		d.Stream(s, "silent audio of %s: %s", c.sideName(s.FromCaller), ends(s))
	}
}

func muted(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		s := k.main(caller)
		if s == nil || s.Secure {
			continue
		}
		percent, length := silence(s, true)
		if percent < c.Number("share") || length < c.Number("time") {
			continue
		}
		d := c.Find("%s sent nothing but digital silence, %.0f %% of %s: %s heard a dead line.", c.sideFirst(caller), percent, span(s.Last-s.First), c.sideName(!caller))
		d.Stream(s, "audio in which nothing moves: %s", ends(s))
	}
}
