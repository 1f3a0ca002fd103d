package correlate

// segments is how a stream is joined to those before and after it (spec §5.2).
type segments struct {
	number  uint16 // the first sequence number
	before  *flow  // whose source may go on as this stream; nil when none, or published
	ended   int64  // when another SSRC took its place between the same addresses; 0 when none did
	earlier int    // ID of before, once it is known
}

const (
	interleaved = 500e6 // ns for which two SSRCs may overlap although one follows the other
	maxContinue = 3000  // numbers that get lost while the addresses change
)

// segment joins a new stream to those before it.
func (t *streamTable) segment(f *flow) {
	if old := t.pairs[pair{f.key.src, f.key.dst}]; old != nil && old.key.ssrc != f.key.ssrc && old.last <= f.first+interleaved {
		old.segments.ended = f.first
		t.touch(old)
	}
	if old := t.newest[f.key.ssrc]; old != nil && old != f && old.key != f.key && f.continuesFrom(old) {
		f.segments.before = old
	}
	t.newest[f.key.ssrc] = f
}

// continuesFrom reports whether the source of another stream may have gone on
// as f from or to another address: NAT, ICE or a re-INVITE moved it.
func (f *flow) continuesFrom(old *flow) bool {
	ahead := f.segments.number - old.account.Newest()
	return old.call == f.call && ahead > 0 && ahead <= maxContinue && f.first-old.last <= idleStream && old.last <= f.first+interleaved
}

// continues is the ID of the stream that f continues, 0 when it continues
// none: that one has to have stopped.
func (f *flow) continues() int {
	s := &f.segments
	if old := s.before; old != nil {
		s.earlier = old.id
		if old.last > f.first+interleaved {
			s.earlier, s.before = 0, nil
		} else if old.gone {
			s.before = nil
		}
	}
	return s.earlier
}

// ending is how the stream ended, "" when it just stopped or goes on.
func (f *flow) ending() string {
	switch {
	case f.left:
		return "bye"
	case f.segments.ended != 0 && f.last <= f.segments.ended+interleaved:
		return "ssrc_change"
	}
	return ""
}

// EndedBy says how the stream ended: "bye" (RTCP), "ssrc_change", "call_end",
// "idle", or "" while it goes on. ended is when its call ended, 0 when it has
// none or goes on; last is the time of the last packet of the capture.
func (s *Stream) EndedBy(ended, last int64) string {
	switch {
	case s.Ending != "":
		return s.Ending
	case ended != 0:
		return "call_end"
	case last-s.Last > idleStream:
		return "idle"
	}
	return ""
}
