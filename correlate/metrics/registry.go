package metrics

import "sipsniff/correlate"

const (
	registerMethod = "REGISTER"
	timeout64T1    = 32 * second // timer F (RFC 3261 §17.1.2.2)
	openRegisters  = 16          // of one call, at most
)

// A registration is one attempt to register, with the challenges in it.
type registration struct {
	latest  *correlate.Message // the REGISTER that waits, or was challenged
	link    int
	part    *Summary // that the attempt belongs to
	status  int      // of the final response, 0 while there is none
	decided int64    // when it came
}

// A registry follows the registrations of one call.
type registry struct {
	open  []registration
	ended []registration
}

func (g *registry) begin() { g.open, g.ended = g.open[:0], g.ended[:0] }

func challenged(status int) bool { return status == 401 || status == 407 }

// request takes a REGISTER: the answer to a challenge, the copy of one on a
// further hop, or a new attempt.
func (g *registry) request(m *correlate.Message, at int, part *Summary) {
	for i := len(g.open) - 1; i >= 0; i-- {
		r := &g.open[i]
		switch {
		case r.latest.CSeq == m.CSeq && r.latest.FromTag == m.FromTag:
			return
		case challenged(r.status) && r.link == at && m.CSeq.Number > r.latest.CSeq.Number && m.Nanos-r.decided < timeout64T1:
			r.latest, r.status, r.decided = m, 0, 0
			return
		}
	}
	if len(g.open) == openRegisters {
		g.close(0)
	}
	g.open = append(g.open, registration{latest: m, link: at, part: part})
}

// response takes a final response on the link of its request.
func (g *registry) response(m *correlate.Message) {
	if m.StatusCode < 200 {
		return
	}
	for i := range g.open {
		r := &g.open[i]
		if r.status == 0 && alike(m, r.latest) && m.Branch == r.latest.Branch {
			r.status, r.decided = m.StatusCode, m.Nanos
			return
		}
	}
}

func (g *registry) close(i int) {
	g.ended = append(g.ended, g.open[i])
	g.open = append(g.open[:i], g.open[i+1:]...)
}

// end counts the attempts.
func (g *registry) end(last int64, links []link) {
	for _, list := range [...][]registration{g.ended, g.open} {
		for i := range list {
			list[i].count(last, links[list[i].link].blind)
		}
	}
}

func (r *registration) count(last int64, blind bool) {
	s := r.part
	switch {
	case r.status == 0 && (blind || last-r.latest.Nanos < timeout64T1), challenged(r.status) && last-r.decided < timeout64T1:
		s.RegistrationsPending++
		return
	case challenged(r.status):
		s.RegistrationsChallenged++
	case r.status/100 == 2:
		s.RegistrationDelay.add(max(r.decided-r.latest.Nanos, 0))
	case r.status == 0, r.status >= 400 && r.status != 402:
		s.RegistrationsFailed++
	}
	s.Registrations++
}
