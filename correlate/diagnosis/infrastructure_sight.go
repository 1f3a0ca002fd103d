package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
)

// sightRules are about which side of a talk a capture shows.
func sightRules() []*Rule {
	return []*Rule{{
		Code: "INF-02", Name: "asymmetric-path", Title: "Requests and responses take different ways",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Means:  "Requests and their responses are on different interfaces or VLANs; or of what two hosts say to each other one side only is in the capture.",
		Advice: "Capture where both ways pass. Until then all that is said of these calls relies on half of what happened.",
		Survey: asymmetric,
	}}
}

// seenWords are the words for correlate.Link.Seen.
var seenWords = map[string]string{
	correlate.SeenRequests: "requests that were answered, but no response", correlate.SeenResponses: "responses, but no request", correlate.SeenDirection: "one direction",
}

// A crossing is two interfaces or VLANs that a request and its response were
// captured on.
type crossing struct {
	out, back       string
	outVLAN, inVLAN uint16
}

// asymmetric is INF-02.
func asymmetric(s *Survey) {
	list := s.snap.Links.List
	for i := range list {
		if l := &list[i]; l.Certain {
			d := s.Find("Between %s and %s the capture shows %s.", l.A, l.B, seenWords[l.Seen])
			d.About, d.Count = fmt.Sprintf("%s and %s", l.A, l.B), int(l.AToB.Requests+l.AToB.Responses+l.BToA.Requests+l.BToA.Responses)
			s.between(d, l)
		}
	}
	found := make(map[crossing]*Draft)
	for i, c := range s.Calls {
		begun := s.rows[i].beginning()
		x := begun.way
		if !begun.answered || x.out == x.back && x.outVLAN == x.inVLAN {
			continue
		}
		d := found[x]
		if d == nil {
			request, response := opening(c)
			d = s.Find("Requests are captured on %s, their responses on %s.", x.place(true), x.place(false))
			d.About = x.place(true) + " and " + x.place(false)
			d.Message(request, "%s on %s", request.Method, x.place(true)).Message(response, "%d on %s", response.StatusCode, x.place(false))
			found[x] = d
		}
		d.Count++
		d.Involve(c.Index)
	}
}

// opening is the first request of a call and the first response to it.
func opening(c *correlate.Call) (request, response *correlate.Message) {
	for _, m := range c.Messages() {
		switch {
		case m.First != nil:
		case request == nil && m.Method != "":
			request = m
		case request != nil && m.StatusCode != 0 && m.Branch == request.Branch && m.Dst == request.Src && m.Src == request.Dst:
			return request, m
		}
	}
	return request, nil
}

func (x *crossing) place(out bool) string {
	name, vlan := x.out, x.outVLAN
	if !out {
		name, vlan = x.back, x.inVLAN
	}
	switch {
	case name == "" && vlan == 0:
		return "no VLAN"
	case vlan == 0:
		return name
	case name == "":
		return fmt.Sprintf("VLAN %d", vlan)
	}
	return fmt.Sprintf("%s VLAN %d", name, vlan)
}

// between adds the first messages of a link.
func (s *Survey) between(d *Draft, l *correlate.Link) {
	for _, c := range s.Calls {
		for _, m := range c.Messages() {
			if a, b := m.Src.Addr(), m.Dst.Addr(); a == l.A && b == l.B || a == l.B && b == l.A {
				d.Message(m, "%s from %s to %s", m.CSeq.Method, m.Src, m.Dst).Involve(c.Index)
				break
			}
		}
		if len(d.Evidence) >= 3 {
			return
		}
	}
}
