package correlate

// A Description is a session description as one side sent it: an offer or an
// answer (RFC 3264), on one hop.
type Description struct {
	*Message
	FromCaller bool
}

// maxDescriptions bounds those of one call, the first ones.
const maxDescriptions = 128

// descriptions are those of the call in order of time, without repetitions.
func (r *callRecord) descriptions() []Description {
	var list []Description
	if !r.announced {
		return nil
	}
	for _, m := range r.messages {
		if m.SDP != nil && !m.Retransmission && !m.Duplicate && len(list) < maxDescriptions {
			list = append(list, Description{m, r.fromCaller(m)})
		}
	}
	return list
}
