package legs

import "net/netip"

// endpoints looks for addresses of media that both legs describe.
func (s *score) endpoints(a, b *leg, crowded *crowd) {
	for i := range a.Endpoints {
		for j := range b.Endpoints {
			x, y := &a.Endpoints[i], &b.Endpoints[j]
			if x.At == y.At && crowded.endpoints&(1<<j) == 0 && passedOn(a, b, x, y) {
				s.once(ByEndpoint, 80)
			}
		}
	}
}

// streams looks for RTP that both legs have.
func (s *score) streams(a, b []Stream, crowded *crowd) {
	for i := range a {
		for j := range b {
			if crowded.streams&(1<<j) == 0 && sameStream(&a[i], &b[j]) {
				s.once(ByStream, 85)
			}
		}
	}
}

// passedOn reports whether an address in descriptions of two legs links them:
// another host says it of the second leg, or it is what a relay shows to both
// sides. One host that says the same in two calls only uses a port again.
// Private addresses exist many times: there the host must fit as well.
func passedOn(a, b *leg, x, y *Endpoint) bool {
	if a.own(x.At) || b.own(x.At) {
		return false
	}
	if x.by == y.by {
		// A relay sets both sides up at once.
		return x.ByCaller != y.ByCaller && b.Invited-a.Invited <= maxDelay
	}
	return !x.At.Addr().IsPrivate() || a.received(b.Sender) ||
		b.Invited-a.Invited <= maxDelay && (alike(a.Callees, b.Callees) != unlike || alike(a.Callers, b.Callers) != unlike)
}

// own reports that both sides of one call describe one address: then it says
// nothing, as on a test bench that has all on one host.
func (f *Facts) own(at netip.AddrPort) bool {
	var sides [2]bool
	for i := range f.Endpoints {
		if e := &f.Endpoints[i]; e.At == at {
			side := 0
			if e.ByCaller {
				side = 1
			}
			sides[side] = true
		}
	}
	return sides[0] && sides[1]
}

func sharedEndpoint(a, b *Facts) string {
	for _, x := range a.Endpoints {
		for _, y := range b.Endpoints {
			if x.At == y.At {
				return x.At.String()
			}
		}
	}
	return ""
}

// sameStream reports whether two streams are one that a relay passed on: the
// same numbers of the same source at the same time. Equal numbers at another
// time are a recording that is played to many.
func sameStream(x, y *Stream) bool {
	if x.SSRC != y.SSRC || x.FirstNumber > y.LastNumber || y.FirstNumber > x.LastNumber {
		return false
	}
	number := max(x.FirstNumber, y.FirstNumber)
	apart := x.at(number) - y.at(number)
	return apart <= symmetric && apart >= -symmetric
}

// at is about when a number came.
func (s *Stream) at(number int64) int64 {
	if s.LastNumber == s.FirstNumber {
		return s.First
	}
	share := float64(number-s.FirstNumber) / float64(s.LastNumber-s.FirstNumber)
	return s.First + int64(share*float64(s.Last-s.First))
}
