package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func policyRules() []*Rule {
	return []*Rule{{
		Code: "SIG-23", Name: "call-refused", Title: "The other side refused the call",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitFailure,
		Means:      "The call, or another request that is not of a call, ends with 403, 433, 436 to 438, 603, 607 or 608.",
		Advice:     "Look at barring and permissions of the account, the identity of the caller (STIR), and filters against unwanted calls; the Reason header says more.",
		References: []string{"RFC 3261 §21.6.2", "RFC 8224 §6.2.2", "RFC 8197", "RFC 8688"},
		Check:      callRefused,
	}, {
		Code: "SIG-36", Name: "no-capacity", Title: "No free line",
		Severity: correlate.Warning, Confidence: correlate.Suspect, Needs: NeedResponses, When: TraitFailure,
		Means:      "486, 480, 503, 500 or 403 ends the call, with words such as limit, capacity, channels, licence or congestion, or Q.850 cause 34, 41, 42, 44, 47 or 58.",
		Advice:     "Count the calls at once on this trunk, and compare with its channels and licences.",
		References: []string{"RFC 3398 §7.2.4.1", "ITU-T Q.850"},
		Check:      noCapacity,
	}, {
		Code: "SIG-37", Name: "cause", Title: "What the cause of the release means",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitCause | TraitFailure,
		Means:      "A Reason header with a Q.850 cause other than 16 (normal clearing) ended the call, or a final response other than 487 that has one (RFC 3398).",
		Advice:     "Ask the carrier, with the cause, the number and the time.",
		References: []string{"RFC 3326", "RFC 3398 §8.2.6.1", "ITU-T Q.850"},
		Check:      causeTranslation,
	}}
}

// refusals are the responses that say that somebody does not want to.
var refusals = []int{403, 433, 436, 437, 438, 603, 607, 608}

func callRefused(c *Case) {
	if c.Call.Method != "INVITE" {
		c.requestRefused()
		return
	}
	if !c.decided(refusals...) {
		return
	}
	x := c.Origin("INVITE", c.Call.FinalStatus)
	if x == nil {
		return
	}
	d := c.Find("%s refused the call to %s: %d %s.%s", x.Final.Src, c.callee(), x.Status(), x.Final.Reason, c.reasonWords(x.Final))
	if words := policyWords[x.Status()]; words != "" {
		d.Likely = words
	}
	d.refusedWith(x)
}

// requestRefused is about requests outside of calls: the last of each method.
func (c *Case) requestRefused() {
	for _, x := range c.Refusals(func(x *Exchange) bool {
		return slices.Contains(refusals, x.Status()) && sip.KnownMethod(x.Method) && x.Method != "BYE" && x.Method != "CANCEL"
	}) {
		later := slices.ContainsFunc(c.Exchanges(), func(o *Exchange) bool {
			return o.Method == x.Method && o.Final != nil && o.Final.Nanos > x.Final.Nanos && !slices.Contains(refusals, o.Status())
		})
		if later {
			continue
		}
		d := c.Find("%s refused %s: %d %s.%s", x.Final.Src, x.Method, x.Status(), x.Final.Reason, c.reasonWords(x.Final))
		d.Title, d.Likely = "The other side refused a request", policyWords[x.Status()]
		d.refusedWith(x)
	}
}

var policyWords = map[int]string{
	433: "Anonymous calls are not taken there.", 436: "The Identity header cannot be checked: its certificate was not found.", 437: "The certificate of the Identity header is not accepted.",
	438: "The signature of the Identity header does not fit the call.", 603: "The called party, or a server on its behalf, does not want the call.", 607: "The called party marked the call as unwanted.",
	608: "An intermediary that analyses calls rejected it.",
}

// reasonWords spells the Reason header of a message.
func (c *Case) reasonWords(m *correlate.Message) string {
	value := c.headerOf(m, sip.HeaderReason)
	if value == "" {
		return ""
	}
	return " Reason: " + correlate.CauseWords(value, 0) + "."
}

// capacityWords are what servers say when they are full.
var capacityWords = []string{"limit", "capacity", "channel", "licen", "congest", "max ", "maximum", "too many", "no circuit", "resource", "exceed"}

func noCapacity(c *Case) {
	if !c.decided(486, 480, 503, 500, 403) {
		return
	}
	x := c.Origin("INVITE", c.Call.FinalStatus)
	if x == nil {
		return
	}
	text := x.Final.Reason + " " + c.headerOf(x.Final, sip.HeaderWarning) + " " + c.headerOf(x.Final, sip.HeaderReason)
	why := ""
	for _, word := range capacityWords {
		if strings.Contains(strings.ToLower(text), word) {
			why = fmt.Sprintf("%q", strings.TrimSpace(text))
			break
		}
	}
	switch c.q850(x.Final) {
	case 34, 41, 42, 44, 47, 58:
		why = correlate.CauseWords(c.headerOf(x.Final, sip.HeaderReason), 0)
	}
	if why == "" {
		return
	}
	c.Find("%s answered %d and says %s.", x.Final.Src, x.Status(), why).refusedWith(x)
}

// q850 is the cause of ITU-T Q.850 in the Reason header of a message, 0 when
// there is none.
func (c *Case) q850(m *correlate.Message) int {
	for element := range strings.SplitSeq(c.headerOf(m, sip.HeaderReason), ",") {
		if r := sip.ParseReason(element); strings.EqualFold(r.Protocol, "Q.850") && r.Cause > 0 {
			return r.Cause
		}
	}
	return 0
}

func causeTranslation(c *Case) {
	if c.Call.Method != "INVITE" || !c.Call.State.Terminal() {
		return
	}
	if m, cause := c.causeMessage(); m != nil {
		d := c.Find("%s gave the cause: %s.", m.Src, correlate.CauseWords(c.Call.Cause, 0))
		d.Message(m, "Reason with Q.850 cause %d", cause)
		return
	}
	status := c.Call.FinalStatus
	if c.answered() || status < 400 || status == 401 || status == 407 || status == 487 {
		return
	}
	words := correlate.CauseWords("", status)
	if x := c.Origin("INVITE", status); x != nil && strings.Contains(words, "Q.850") {
		c.Find("%d %s means: %s.", status, x.Final.Reason, words).refusedWith(x)
	}
}

// causeMessage is the message whose Reason header ended the call, and its
// cause; nil when it is normal clearing, or there is none.
func (c *Case) causeMessage() (*correlate.Message, int) {
	if !strings.Contains(strings.ToUpper(c.Call.Cause), "Q.850") {
		return nil, 0
	}
	for _, m := range c.Messages() {
		if m.Retransmission || m.Duplicate || m.Method == "" && m.StatusCode < 300 {
			continue
		}
		if cause := c.q850(m); cause > 0 && cause != 16 && strings.Contains(c.Call.Cause, fmt.Sprintf("cause=%d", cause)) {
			return m, cause
		}
	}
	return nil, 0
}
