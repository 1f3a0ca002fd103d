package quality

import "math"

// unused marks a bucket without a packet.
const unused = math.MaxInt32

const (
	skewBuckets   = 128 // remembered; when they are full each becomes twice as long
	skewLeast     = 30  // needed
	skewLeastTime = 60  // s
	skewNoise     = 20  // ppm that are never reported
)

// A skew measures how far the sender's clock runs apart from the one that
// stamped the packets: the drift of the least transit time in each second
// (spec §5.6). The zero value is ready.
type skew struct {
	least   [skewBuckets]int32 // transit in µs, unused where nothing came
	width   int64              // ns of a bucket
	origin  int64              // arrival of the first packet
	transit int64              // of the first packet
	last    int64              // latest arrival
	started bool
}

// restart forgets everything: the timestamps jumped.
func (s *skew) restart() { *s = skew{} }

// add takes the arrival of a packet and its transit time, both ns.
func (s *skew) add(arrival, transit int64) {
	if !s.started {
		*s = skew{started: true, origin: arrival, transit: transit, width: second}
		for i := range s.least {
			s.least[i] = unused
		}
	}
	since := arrival - s.origin
	if since < 0 {
		return
	}
	s.last = max(s.last, arrival)
	for since/skewBuckets >= s.width { // the product may be too large
		s.double()
	}
	i := since / s.width
	s.least[i] = min(s.least[i], skewOf(transit-s.transit))
}

// skewOf is a difference of transit times as a bucket keeps it.
func skewOf(nanos int64) int32 {
	return int32(min(max(nanos/microsecond, math.MinInt32), unused-1))
}

// double makes one bucket of two.
func (s *skew) double() {
	s.width *= 2
	for i := range skewBuckets / 2 {
		s.least[i] = min(s.least[2*i], s.least[2*i+1])
	}
	for i := skewBuckets / 2; i < skewBuckets; i++ {
		s.least[i] = unused
	}
}

// ppm is the drift in parts per million, positive when the sender's clock is
// the faster one, and the doubt of it. It is not ok until a minute and thirty
// buckets say so.
func (s *skew) ppm() (drift, doubt float64, ok bool) {
	var n, sx, sy, sxx, sxy float64
	for i, least := range s.least {
		if least != unused {
			x, y := s.second(i), float64(least)*1e-6
			n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		}
	}
	length := float64(s.last-s.origin) / second
	if n < skewLeast || length < skewLeastTime {
		return 0, 0, false
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	base := (sy - slope*sx) / n
	low, high := math.Inf(1), math.Inf(-1)
	for i, least := range s.least {
		if least != unused {
			residual := float64(least)*1e-6 - base - slope*s.second(i)
			low, high = min(low, residual), max(high, residual)
		}
	}
	return -slope * 1e6, (high - low) / length * 1e6, true
}

// second is the time that a bucket stands for, in s.
func (s *skew) second(i int) float64 { return float64(i) * float64(s.width) / second }

// report fills the skew of a report when it is more than noise.
func (s *skew) report(r *Report) {
	drift, doubt, ok := s.ppm()
	if !ok || math.Abs(drift) <= skewNoise || math.Abs(drift) <= 3*doubt {
		return
	}
	r.HasSkew, r.SkewPPM, r.SkewDoubt = true, drift, doubt
}
