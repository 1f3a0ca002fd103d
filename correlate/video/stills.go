package video

const (
	usual    = 30        // distances between frames that make the mean
	fewest   = 5         // distances that a mean needs
	patience = 150 * 1e6 // ns above the mean that nobody notices
	factor   = 3
)

// stills are where the picture stood still: the distance from one frame to
// the next, in order of arrival, against the mean of those before.
type stills struct {
	frames  uint64
	last    int64 // arrival of a frame; meaningful iff started
	moving  int64 // ns between frames, over all segments
	steps   uint64
	started bool

	distances [usual]int64
	known     int
	sum       int64

	freezes int
	frozen  int64 // ns
	longest int64
}

// next takes the arrival of the first packet of the next frame.
func (s *stills) next(arrival int64) {
	if !s.started {
		s.started, s.last = true, arrival
		return
	}
	d := max(arrival-s.last, 0)
	s.last = max(s.last, arrival)
	s.moving += d
	s.steps++
	if n := min(s.known, usual); n >= fewest {
		if mean := s.sum / int64(n); d > max(factor*mean, mean+patience) {
			s.freezes++
			s.frozen += d
			s.longest = max(s.longest, d)
			return // it is no usual distance
		}
	}
	at := s.known % usual
	s.sum += d - s.distances[at]
	s.distances[at] = d
	s.known++
}

func (s *stills) restart() { s.started = false }

// keys are the key frames.
type keys struct {
	count       uint64
	first, last int64
	longest     int64 // ns between two
}

func (k *keys) add(arrival int64) {
	if k.count > 0 {
		k.longest = max(k.longest, arrival-k.last)
	} else {
		k.first = arrival
	}
	k.count++
	k.last = arrival
}
