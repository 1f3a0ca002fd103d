package tui

import (
	"sipsniff/correlate/quality"
)

// slicePackets is how many packets are counted before it is looked whether
// anybody still wants to know.
const slicePackets = 1 << 14

// key is what a replay of a stream with a buffer is kept under.
func (v *mediaView) key(s *mediaStream, buffer int) replayKey {
	return replayKey{s.ID, buffersToTry[buffer]}
}

// replayed is what the packets of a stream came to with a buffer, nil as long
// as nobody has counted.
func (v *mediaView) replayed(s *mediaStream, buffer int) *quality.Report {
	if buffer < 0 {
		return nil
	}
	if r := v.packets.replays[v.key(s, buffer)]; r != nil {
		return r
	}
	return v.packets.outdated[v.key(s, buffer)]
}

// replay counts the packets of a stream anew with another buffer, beside the
// event loop: an hour of them takes its time.
func (v *mediaView) replay(s *mediaStream, buffer int) {
	p, key := &v.packets, v.key(s, buffer)
	packets, ok := p.has(s.Stream)
	model, err := quality.ParseBuffer(key.buffer)
	if !ok || err != nil || p.counting[key] || p.replays[key] != nil {
		return
	}
	p.counting[key] = true
	stale, counting, replays := p.turn.begin(), p.counting, p.replays
	v.u.workshop.do(func() func() {
		a := quality.Account{Buffer: &model}
		for i := range packets {
			if i%slicePackets == 0 && stale() {
				return func() { delete(counting, key) }
			}
			a.Add(&packets[i])
		}
		r := a.Report()
		return func() {
			delete(counting, key)
			replays[key] = &r
		}
	})
}

// figured is the buffer whose figures are shown: the chosen one, or the one
// before it as long as that is still being counted; -1 is the one that scores
// are made with.
func (v *mediaView) figured(s *mediaStream) int {
	if v.known(s, v.buffer) {
		v.before = v.buffer
	}
	if v.buffer >= 0 && v.placeOf(s, v.buffer) < 0 {
		v.replay(s, v.buffer)
		if v.known(s, v.buffer) {
			v.before = v.buffer
			return v.buffer
		}
	}
	if v.known(s, v.before) {
		return v.before
	}
	return -1
}

// known reports whether there are figures of a buffer.
func (v *mediaView) known(s *mediaStream, buffer int) bool {
	return v.placeOf(s, buffer) >= 0 || v.replayed(s, buffer) != nil
}

// placeOf is the place of a buffer among those that run beside the capture, -1
// when it is none of them.
func (v *mediaView) placeOf(s *mediaStream, buffer int) int {
	switch {
	case buffer < 0:
		return v.u.scorer().Used()
	case s == nil:
		return -1
	}
	for i := range s.Quality.Buffers {
		if s.Quality.Buffers[i].Model.String() == buffersToTry[buffer] {
			return i
		}
	}
	return -1
}

// measured is the report whose seconds are drawn: what was measured, or a
// replay with another buffer.
func (v *mediaView) measured(s *mediaStream) *quality.Report {
	if at := v.figured(s); v.placeOf(s, at) < 0 {
		if r := v.replayed(s, at); r != nil && r.SecondCount() > 0 {
			return r
		}
	}
	return &s.Quality
}
