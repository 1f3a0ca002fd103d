package diagnosis

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func delayRules() []*Rule {
	return []*Rule{{
		Code: "SIG-05", Name: "slow-setup", Title: "It took long until the caller heard anything",
		Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitInvite,
		Graded:     "error above the threshold `error`",
		Means:      "The post-dial delay (docs/METRICS.md) is above the thresholds: from the INVITE to ringing, progress, early audio or the answer. Digits dialled one after the other (484) do not count, nor does a failure, which has a finding of its own.",
		Advice:     "Look at the slowest part of the delay: a hop, authentication, name resolution, servers that were tried in vain.",
		References: []string{"RFC 6076 §4.3"},
		Thresholds: []Threshold{{"warn", 4, "s", "from which it is a warning"}, {"error", 8, "s", "from which it is an error"}},
		Check:      slowSetup,
	}, {
		Code: "SIG-06", Name: "no-ringback", Title: "The caller probably heard silence before the answer",
		Severity: correlate.Warning, Confidence: correlate.Suspect, Needs: NeedMedia | NeedSDP, When: TraitProvisional,
		Means: "Before the answer there is no 180 for more than 2 s after the first 18x, and no early audio was announced; or a 18x announces early audio, " +
			"none comes from the callee for more than 2 s, and the capture has audio of this call.",
		Advice:     "Compare 180 and 183, and follow the path of the early audio (P-Early-Media, a firewall that opens only on the answer).",
		References: []string{"RFC 3960", "RFC 5009"},
		Thresholds: []Threshold{{"wait", 2, "s", "of silence"}},
		Check:      noRingback,
	}, {
		Code: "SIG-07", Name: "early-media-only", Title: "The caller heard a tone or announcement, nobody answered",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "A 18x has SDP, at least 3 s of audio come from the callee, and the call ends without a 2xx.",
		Advice:     "Look at the Reason header (Q.850), and listen to the announcement (sipsniff extract --wav).",
		References: []string{"RFC 3960 §3"},
		Thresholds: []Threshold{{"length", 3, "s", "of early audio"}},
		Check:      earlyMediaOnly,
	}}
}

func slowSetup(c *Case) {
	a := &c.Call.Attempt
	if !a.Known() || a.Invited == 0 || a.Alerted == 0 {
		return
	}
	t := a.Timing()
	if t.PostDialEvent == "" || t.PostDialEvent == correlate.DialFailure || float64(t.PostDialDelay) <= c.Number("warn")*1e9 {
		return
	}
	x := c.opening()
	if x == nil || c.dialsOn() {
		return
	}
	d := c.Find("It took %s from the INVITE to %s.%s", span(t.PostDialDelay), dialWords[t.PostDialEvent], c.breakdown(a, t))
	d.Message(x.Requests[0], "INVITE")
	if at := c.alerting(a); at != nil {
		d.Message(at, "%d %s, %s later", at.StatusCode, at.Reason, span(at.Nanos-a.Invited))
	}
	if float64(t.PostDialDelay) > c.Number("error")*1e9 {
		d.Severity = correlate.Error
	}
}

var dialWords = map[string]string{
	correlate.DialRinging: "ringing (180)", correlate.DialProgress: "progress (183)", correlate.DialEarlyMedia: "the first early audio", correlate.DialAnswer: "the answer",
}

// opening is the exchange of the first INVITE of the call; nil when it was not
// captured.
func (c *Case) opening() *Exchange {
	for _, x := range c.Exchanges() {
		if x.Method == "INVITE" && len(x.Requests) > 0 && !x.InDialog() {
			return x
		}
	}
	return nil
}

// alerting is the response that told the caller something.
func (c *Case) alerting(a *correlate.Attempt) *correlate.Message {
	for _, m := range c.Messages() {
		if m.Method == "" && m.Nanos == a.Alerted && m.StatusCode == a.Alert {
			return m
		}
	}
	return nil
}

// breakdown says where the time went.
func (c *Case) breakdown(a *correlate.Attempt, t correlate.Timing) string {
	var parts []string
	if t.TryingDelay > second/5 {
		parts = append(parts, fmt.Sprintf("the first server took %s to say that it is at work (100)", span(t.TryingDelay)))
	}
	if asked := a.Credited - a.Invited; a.Credited != 0 && asked > second/5 {
		parts = append(parts, fmt.Sprintf("%s went by until the INVITE was accepted, with credentials or elsewhere", span(asked)))
	}
	slowest, wait := (*Exchange)(nil), int64(0)
	for _, x := range c.Exchanges() {
		if x.Method != "INVITE" || x.InDialog() || len(x.Requests) == 0 {
			continue
		}
		if len(x.Responses) == 0 {
			parts = append(parts, fmt.Sprintf("%s was tried in vain", x.Server))
			continue
		}
		for _, m := range x.Responses {
			if m.StatusCode > 100 {
				if w := m.Nanos - x.Requests[0].Nanos; w >= wait*9/10 { // the deepest hop stands last
					slowest, wait = x, w
				}
				break
			}
		}
	}
	if slowest != nil && slowest.Client.Addr() != c.Call.Source.Addr() && wait > t.PostDialDelay/2 {
		parts = append(parts, fmt.Sprintf("%s of it behind %s", span(wait), slowest.Server))
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + capital(strings.Join(parts, "; ")) + "."
}

func noRingback(c *Case) {
	if c.Call.Method != "INVITE" || c.rings() {
		return
	}
	x := c.opening()
	if x == nil {
		return
	}
	var first, described *correlate.Message
	end := int64(0)
	for _, m := range x.Responses {
		switch {
		case m.StatusCode == 180 && first == nil, m.StatusCode >= 200 && first == nil:
			if m.SDP == nil || m.StatusCode >= 200 {
				return
			}
			first, described = m, m
		case m.StatusCode > 100 && m.StatusCode < 200:
			if first == nil {
				first = m
			}
			if described == nil && m.SDP != nil {
				described = m
			}
			if m.StatusCode == 180 && end == 0 && described == nil {
				end = m.Nanos
			}
		case m.StatusCode >= 200 && (end == 0 || m.Nanos < end):
			end = m.Nanos
		}
	}
	if first == nil || end == 0 || c.Call.Attempt.Cancelled != 0 && c.Call.Attempt.Cancelled < end {
		return
	}
	wait := int64(c.Number("wait") * 1e9)
	if described == nil {
		if end-first.Nanos > wait {
			c.Find("%s sent %d %s and then, for %s, neither ringing (180) nor a description of early audio.", first.Src, first.StatusCode, first.Reason, span(end-first.Nanos)).
				Message(first, "%d without SDP", first.StatusCode)
		}
		return
	}
	early := c.Call.Attempt.FirstFromCallee
	if end-described.Nanos <= wait || len(c.Streams) == 0 || early != 0 && early-described.Nanos <= wait {
		return
	}
	d := c.Find("%s announced early audio with %d %s, but none came from it in the %s before the answer.", described.Src, described.StatusCode, described.Reason, span(end-described.Nanos))
	d.Message(described, "%d with SDP", described.StatusCode)
}

// rings reports whether the first provisional response to the INVITE is 180
// without early audio, so that the caller's device rings.
func (c *Case) rings() bool {
	for _, m := range c.Messages() {
		if m.Method == "" && m.StatusCode > 100 && m.StatusCode < 200 && m.CSeq.Method == "INVITE" && m.Dst.Addr() == c.Call.Source.Addr() {
			return m.StatusCode == 180 && m.SDP == nil
		}
	}
	return false
}

func earlyMediaOnly(c *Case) {
	if c.answered() || !c.Call.State.Terminal() || c.Call.Method != "INVITE" {
		return
	}
	described := c.firstDescribed()
	if described == nil {
		return
	}
	for _, s := range c.Streams {
		if s.FromCaller || s.UDPTL || float64(s.Last-s.First) < c.Number("length")*1e9 {
			continue
		}
		d := c.Find("%s of audio came from %s before the call ended without an answer.%s", span(s.Last-s.First), s.Src, c.causeWords())
		d.Message(described, "%d with SDP", described.StatusCode)
		d.Show(correlate.Evidence{Frame: s.FirstFrame, Nanos: s.First, Stream: s.ID, Text: fmt.Sprintf("first of %s packets of audio", amount.Grouped(s.Packets))})
		return
	}
}

// firstDescribed is the first 18x with SDP, nil when there is none.
func (c *Case) firstDescribed() *correlate.Message {
	for _, m := range c.Messages() {
		if m.Method == "" && m.StatusCode > 100 && m.StatusCode < 200 && m.SDP != nil && m.CSeq.Method == "INVITE" {
			return m
		}
	}
	return nil
}

// causeWords says why the call ended, in a sentence.
func (c *Case) causeWords() string {
	words := correlate.CauseWords(c.Call.Cause, c.Call.FinalStatus)
	if words == "" {
		return ""
	}
	return " It ended because: " + words + "."
}
