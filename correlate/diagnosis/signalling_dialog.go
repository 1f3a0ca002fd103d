package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func dialogRules() []*Rule {
	return []*Rule{{
		Code: "SIG-22", Name: "glare", Title: "Both sides changed the call at the same instant",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitReinvite,
		Graded:     "a warning when more than two attempts in a row failed so",
		Means:      "491 to an INVITE or UPDATE inside the call.",
		Advice:     "Nothing, once. Otherwise look at the timers after which both sides try again: they have to differ.",
		References: []string{"RFC 3261 §14.1"},
		Thresholds: []Threshold{{"row", 2, "", "refusals in a row that are still normal"}},
		Check:      glare,
	}, {
		Code: "SIG-29", Name: "session-timer-cut", Title: "The call was cut because its periodic check failed",
		Severity: correlate.Error, Confidence: correlate.Strong, Needs: NeedRequests | NeedResponses, When: TraitAnswered | TraitReinvite,
		Means: "A session timer was agreed on, and BYE came when it ran out: SE - min(32 s, SE/3) after the last refresh, or SE, give or take 5 s; or a refresh (re-INVITE, UPDATE) was not answered, " +
			"or with 408 or 481, and then came BYE.",
		Advice:     "Find out who has to refresh (refresher=), and why the refresh did not get through: route of the UPDATE, an ALG, a state that a firewall lost.",
		Hides:      []string{"SIG-30"},
		References: []string{"RFC 4028 §10"},
		Thresholds: []Threshold{{"tolerance", 5, "s", "around the end of the interval"}},
		Check:      sessionTimerCut,
	}, {
		Code: "SIG-30", Name: "dialog-lost", Title: "The other side does not know this call any more",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitFailure,
		Graded:     "info when both sides hung up at the same time, a warning when it is a NOTIFY of a subscription",
		Means:      "481 to a request inside a call other than CANCEL.",
		Advice:     "Look for a restart or a failover of that side, and whether both tags and the Call-ID reach it as they are.",
		References: []string{"RFC 3261 §12.2.2", "RFC 5057"},
		Thresholds: []Threshold{{"crossing", 1, "s", "between two BYEs that crossed"}},
		Check:      dialogLost,
	}}
}

func glare(c *Case) {
	var refused []*Exchange
	row, longest := 0, 0
	for _, x := range c.Exchanges() {
		if x.Method != "INVITE" && x.Method != "UPDATE" || !x.InDialog() || x.Final == nil || x.Client.Addr() != c.Call.Source.Addr() && x.Server.Addr() != c.Call.Source.Addr() {
			continue
		}
		if x.Status() == 491 {
			refused = append(refused, x)
			row++
		} else {
			row = 0
		}
		longest = max(longest, row)
	}
	if len(refused) == 0 {
		return
	}
	d := c.Find("A change of the call was refused %s because the other side was changing it, too (491).", times(len(refused)))
	for _, x := range refused {
		d.refusedWith(x)
	}
	d.Nanos = refused[0].Final.Nanos
	if float64(longest) > c.Number("row") {
		d.Severity = correlate.Warning
	}
}

func sessionTimerCut(c *Case) {
	bye := c.firstBye()
	if bye == nil {
		return
	}
	if x := c.failedRefresh(bye); x != nil {
		d := c.Find("%s checked whether the call still stands (%s), %s, and hung up.", x.Client, x.Method, refreshFate(x))
		d.Message(x.Requests[0], "%s to refresh the session", x.Method)
		if x.Final != nil {
			d.Message(x.Final, "%d %s", x.Status(), x.Final.Reason)
		} else {
			d.Absent(x.Server.Addr(), x.Client.Addr(), x.Last().Nanos)
		}
		d.Message(bye, "BYE %s later", span(bye.Nanos-x.Requests[0].Nanos))
		d.Nanos = bye.Nanos
		return
	}
	interval, since := c.sessionInterval(bye.Nanos)
	if interval == 0 {
		return
	}
	passed := float64(bye.Nanos-since.Nanos) / 1e9
	early := float64(interval) - min(32, float64(interval)/3)
	if near(passed, early, c.Number("tolerance")) || near(passed, float64(interval), c.Number("tolerance")) {
		d := c.Find("%s hung up %s after the last refresh of the session, whose timer is %d s: it was not refreshed in time.", bye.Src, span(bye.Nanos-since.Nanos), interval)
		d.Message(since, "Session-Expires: %d", interval)
		d.Message(bye, "BYE")
		d.Nanos = bye.Nanos
		other := bye.Dst.Addr()
		d.Absent(other, bye.Src.Addr(), since.Nanos)
	}
}

func near(a, b, tolerance float64) bool { return a >= b-tolerance && a <= b+tolerance }

func refreshFate(x *Exchange) string {
	if x.Final == nil {
		return "got no answer"
	}
	return fmt.Sprintf("was answered with %d %s", x.Status(), x.Final.Reason)
}

// firstBye is the BYE that ended the call, nil when there is none.
func (c *Case) firstBye() *correlate.Message {
	for _, m := range c.Messages() {
		if m.Method == "BYE" && !m.Duplicate {
			return m
		}
	}
	return nil
}

// failedRefresh is the re-INVITE or UPDATE of a session with a timer that came
// to nothing before the BYE of the same side; nil when there is none.
func (c *Case) failedRefresh(bye *correlate.Message) *Exchange {
	if !c.Has(TraitReinvite) {
		return nil
	}
	for _, x := range c.Exchanges() {
		if x.Method != "INVITE" && x.Method != "UPDATE" || !x.InDialog() || x.Client.Addr() != bye.Src.Addr() || x.Requests[0].Nanos > bye.Nanos || bye.Nanos-x.Requests[0].Nanos > 40*second {
			continue
		}
		timed := c.Header(x.Requests[0], "Session-Expires") != ""
		switch status := x.Status(); {
		case !timed:
		case len(x.Responses) == 0 && len(x.Requests) >= 3, status == 408, status == 481:
			return x
		}
	}
	return nil
}

// sessionInterval is the interval in seconds that the latest 2xx before a
// moment agreed on, and that 2xx; 0 when there is none (RFC 4028).
func (c *Case) sessionInterval(before int64) (seconds int64, since *correlate.Message) {
	if c.step(correlate.StepSessionTimer) == nil {
		return 0, nil
	}
	for _, m := range c.Messages() {
		if m.Method != "" || m.StatusCode/100 != 2 || m.Nanos > before || m.Retransmission || m.CSeq.Method != "INVITE" && m.CSeq.Method != "UPDATE" {
			continue
		}
		if s, ok := sip.ParseSessionExpires(c.Header(m, "Session-Expires")); ok && s.Seconds > 0 {
			seconds, since = int64(s.Seconds), m
		}
	}
	return seconds, since
}

func dialogLost(c *Case) {
	for _, x := range c.Refusals(func(x *Exchange) bool { return x.Status() == 481 && x.Method != "CANCEL" }) {
		if m := x.Request(); m != nil && m.ToTag == "" || x.Final.CSeq.Method == "SUBSCRIBE" {
			continue
		}
		d := c.Find("%s answered %s with 481 %s: it does not know this call.", x.Final.Src, x.Method, x.Final.Reason)
		d.refusedWith(x)
		if x.Method == "NOTIFY" {
			d.Title = "The other side does not know this subscription any more"
			d.Severity, d.Explanation = correlate.Warning, fmt.Sprintf("%s answered NOTIFY with 481 %s: it does not know this subscription.", x.Final.Src, x.Final.Reason)
		}
		if x.Method == "BYE" && c.crossed(x) {
			d.Severity = correlate.Info
			d.Explanation = "Both sides hung up at the same time; each had forgotten the call when the BYE of the other came."
		}
	}
}

// crossed reports whether the other side sent a BYE, too, about when this one
// was sent.
func (c *Case) crossed(x *Exchange) bool {
	for _, o := range c.Exchanges() {
		if o == x || o.Method != "BYE" || len(o.Requests) == 0 || o.First().FromTag == x.First().FromTag {
			continue
		}
		apart := o.Requests[0].Nanos - x.First().Nanos
		if float64(max(apart, -apart)) <= c.Number("crossing")*1e9 {
			return true
		}
	}
	return false
}
