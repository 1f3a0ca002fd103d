package detect

import "math"

const (
	maxDrift      = 200e6 // ns between media time and arrival, on average (spec §5.4)
	leastFrames   = 3     // of video
	leastTime     = 40e6  // ns that a clock is told by
	longestPacket = 200   // ms of voice
)

// clockRates are those that a dynamic payload type may have (spec §5.4).
var clockRates = [...]uint32{8000, 16000, 32000, 44100, 48000, 90000, 11025, 22050, 24000}

// numbered reports whether the sequence numbers are those of RTP: four of
// five go on by one to five.
func (f *facts) numbered() bool {
	return f.close && f.ascents*5 >= (f.packets-1)*4
}

// steady reports whether the timestamp goes on by the same for each packet.
func (f *facts) steady() bool {
	return f.steps >= leastPackets-2 && f.usual > 0 && f.regular*10 >= f.steps*6 && f.backwards*10 <= f.steps
}

// perfect reports whether there is nothing irregular at all.
func (f *facts) perfect() bool {
	regular := f.regular == f.steps || f.marked == f.steps && f.frames >= leastFrames
	return f.repeated == 0 && f.ascents == f.packets-1 && regular
}

// paused reports whether the stream is one of speech that pauses every few
// packets: each step takes a whole number of packets, and by the clock the
// time that went by.
func (f *facts) paused(clock uint32) bool {
	const loose = 60e6 // ns
	if f.steps < 10 || f.usual == 0 || f.elapsed < 1e9 || !f.plain(clock) {
		return false
	}
	good := 0
	for _, m := range f.all() {
		drift := math.Abs(float64(m.all)*1e9/float64(clock) - float64(m.arrival))
		if m.all > 0 && m.all%f.usual == 0 && drift < loose {
			good++
		}
	}
	return good*10 >= f.steps*9
}

// framed reports whether packets share the timestamp of a frame, whose last
// one has the marker, as video does. Frames may be sent in another order than
// they are shown.
func (f *facts) framed() bool {
	return f.steps >= leastPackets-1 && f.marked*5 >= f.steps*4 && f.backwards*3 <= f.steps
}

// meanDrift is how far media time and arrival are apart from one packet to
// the next, on average, in ns.
func (f *facts) meanDrift(clock uint32) float64 {
	if f.steps == 0 {
		return maxDrift
	}
	sum := 0.0
	for _, m := range f.all() {
		sum += math.Abs(float64(m.all)*1e9/float64(clock) - float64(m.arrival))
	}
	return sum / float64(f.steps)
}

// pace is media time by arrival.
func (f *facts) pace(clock uint32) float64 {
	if f.elapsed < leastTime {
		return 0
	}
	return float64(f.advance) * 1e9 / float64(clock) / float64(f.elapsed)
}

// inTime reports whether the clock fits the arrivals (spec §5.4).
func (f *facts) inTime(clock uint32) bool {
	pace := f.pace(clock)
	return pace >= 0.8 && pace <= 1.25
}

// slow reports whether packets come at less than half the pace of the clock.
func (f *facts) slow(clock uint32) bool { return f.elapsed >= leastTime && f.pace(clock) < 0.5 }

// clock is the clock rate that fits best, 0 when none does. It is plain when
// packets of it last what packets of voice do. Video that is framed is of
// 90 kHz.
func (f *facts) clock(framed bool) (best uint32, plain bool) {
	const malus = 0.15 // a clock whose packets last an odd time is less likely
	least := math.Inf(1)
	for _, rate := range clockRates {
		if !f.inTime(rate) {
			continue
		}
		usual := f.plain(rate)
		if rate == 90000 {
			usual = framed
		}
		miss := math.Abs(math.Log(f.pace(rate)))
		if !usual {
			miss += malus
		}
		if miss < least {
			best, plain, least = rate, usual, miss
		}
	}
	return best, plain
}

// plain reports whether a packet lasts a multiple of 2.5 ms, or is a frame of
// AAC.
func (f *facts) plain(rate uint32) bool {
	if f.usual == 0 {
		return false
	}
	if f.usual*400%int64(rate) == 0 {
		return f.usual*1000/int64(rate) <= longestPacket
	}
	return rate >= 16000 && rate != 90000 && (f.usual == 1024 || f.usual == 2048)
}
