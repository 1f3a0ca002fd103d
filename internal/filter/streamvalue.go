package filter

import (
	"math"

	"sipsniff/correlate"
)

// What is known of the streams of a call.

func eachStream(s subject, test func(*correlate.Stream) bool) bool {
	for _, id := range s.call.StreamIDs {
		if st := s.in.stream(id); st != nil && test(st) {
			return true
		}
	}
	return false
}

// worst is the largest of what value gives for the streams, NaN when it
// gives nothing for any.
func worst(s subject, value func(*correlate.Stream) float64) float64 {
	largest := math.NaN()
	for _, id := range s.call.StreamIDs {
		if st := s.in.stream(id); st != nil {
			if v := value(st); v > largest || math.IsNaN(largest) {
				largest = v
			}
		}
	}
	return largest
}

// loss is in percent, as the list shows it.
func loss(s subject) float64 {
	return worst(s, func(st *correlate.Stream) float64 {
		if st.Quality.Expected == 0 {
			return math.NaN()
		}
		return 100 * float64(st.Quality.Lost) / float64(st.Quality.Expected)
	})
}

// jitter is the mean of a stream.
func jitter(s subject) float64 {
	return worst(s, func(st *correlate.Stream) float64 {
		if !st.Quality.HasJitter {
			return math.NaN()
		}
		return st.Quality.JitterMean * 1e6
	})
}

func packetTimes(s subject, test func(float64) bool) bool {
	return eachStream(s, func(st *correlate.Stream) bool { return st.Quality.PTime > 0 && test(st.Quality.PTime*1e6) })
}

func ssrcs(s subject, test func(float64) bool) bool {
	return eachStream(s, func(st *correlate.Stream) bool { return test(float64(st.SSRC)) })
}

func codecs(s subject, test func(string) bool) bool {
	return eachStream(s, func(st *correlate.Stream) bool { return try(st.Codec, test) })
}

// secure tells whether a call with media has a stream that is encrypted.
func secure(s subject) answer {
	if len(s.call.StreamIDs) == 0 {
		return unknown
	}
	return answerOf(s.call.EncryptedMedia || eachStream(s, func(st *correlate.Stream) bool { return st.Secure }))
}

// fax tells whether a call that describes media describes T.38.
func fax(s subject) answer {
	described := false
	if eachMessage(s, func(m *correlate.Message) bool {
		if m.SDP == nil {
			return false
		}
		described = true
		for i := range m.SDP.Media {
			if m.SDP.Media[i].UDPTL() {
				return true
			}
		}
		return false
	}) {
		return yes
	}
	if !described {
		return unknown
	}
	return no
}

// score is that of the worst stream while the call was up.
func score(s subject) float64 {
	if s.call.Score == nil {
		return math.NaN()
	}
	return s.call.Score.MOS
}

// burstRatio is that of the losses of a stream, as its score counts them.
func burstRatio(s subject) float64 {
	return worst(s, func(st *correlate.Stream) float64 {
		if !st.Score.Known {
			return math.NaN()
		}
		return st.Score.BurstRatio
	})
}
