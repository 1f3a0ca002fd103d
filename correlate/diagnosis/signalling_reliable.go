package diagnosis

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func reliableRules() []*Rule {
	return []*Rule{{
		Code: "SIG-32", Name: "prack-problem", Title: "A reliable ring message is not confirmed",
		Severity: correlate.Warning, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitProvisional | TraitFailure,
		Graded: "proven when the extension is refused (420) or the numbers (RSeq) have a gap",
		Means:  "A provisional response with RSeq was sent at least three times and no PRACK came; 420 with Unsupported: 100rel; or RSeq does not grow by one.",
		Advice: "Look at whether both sides support 100rel, and for an ALG between them.", References: []string{"RFC 3262 §3"},
		Thresholds: []Threshold{{"copies", 3, "", "of the response without PRACK"}},
		Check:      prackProblem,
	}}
}

func prackProblem(c *Case) {
	if !c.Has(TraitInvite) {
		return
	}
	if c.Has(TraitFailure) {
		for _, x := range c.Refusals(func(x *Exchange) bool { return x.Status() == 420 }) {
			if value := c.Header(x.Final, "Unsupported"); strings.Contains(strings.ToLower(value), "100rel") {
				d := c.Find("%s does not support reliable ring messages (100rel), which %s requires.", x.Final.Src, x.Client)
				d.Confidence = correlate.Proven
				d.refusedWith(x)
				return
			}
		}
	}
	for _, m := range c.Messages() {
		if m.Method == "" && m.StatusCode > 100 && m.StatusCode < 200 && m.Headers.Has(sip.HeaderRSeq) {
			c.reliableResponses()
			return
		}
	}
}

// reliableResponses checks the provisional responses of each dialog that have
// an RSeq.
func (c *Case) reliableResponses() {
	for _, x := range c.Exchanges() {
		if x.Method != "INVITE" {
			continue
		}
		latest := make(map[string]uint32)
		count := make(map[string]map[uint32][]*correlate.Message)
		for _, m := range x.Responses {
			number, ok := sip.ParseRSeq(c.Header(m, "RSeq"))
			if !ok || m.StatusCode >= 200 {
				continue
			}
			if before, known := latest[m.ToTag]; known && number != before && number != before+1 {
				d := c.Find("%s numbers its reliable ring messages wrongly: RSeq %d comes after %d.", m.Src, number, before)
				d.Confidence = correlate.Proven
				d.Message(m, "%d with RSeq %d", m.StatusCode, number)
				return
			}
			latest[m.ToTag] = number
			if count[m.ToTag] == nil {
				count[m.ToTag] = make(map[uint32][]*correlate.Message)
			}
			count[m.ToTag][number] = append(count[m.ToTag][number], m)
			if list := count[m.ToTag][number]; float64(len(list)) >= c.Number("copies") && !c.pracked(x, number) {
				d := c.Find("%s sent its reliable %d %s %s, and no PRACK confirmed it.", m.Src, m.StatusCode, m.Reason, times(len(list)))
				for _, o := range list {
					d.Message(o, "%d with RSeq %d", o.StatusCode, number)
				}
				d.Absent(x.Client.Addr(), m.Src.Addr(), m.Nanos)
				return
			}
		}
	}
}

// pracked reports whether a PRACK names a response by its RSeq (RFC 3262 §7.2).
func (c *Case) pracked(x *Exchange, number uint32) bool {
	for _, m := range c.Messages() {
		if m.Method != "PRACK" {
			continue
		}
		if r, ok := sip.ParseRAck(c.Header(m, "RAck")); ok && r.RSeq == number && r.CSeq.Number == x.Number {
			return true
		}
	}
	return false
}
