package diagnosis

import (
	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func transferRules() []*Rule {
	return []*Rule{{
		Code: "SIG-33", Name: "transfer-failed", Title: "The transfer did not work",
		Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitRefer | TraitTransfer | TraitFailure | TraitUnanswered,
		Graded: "strong when nothing was reported of it for 32 s",
		Means: "A REFER was refused (300 and above); its NOTIFY reports a failure; no NOTIFY and no transferred call came within 32 s of its acceptance; or an INVITE with Replaces ended with 481, 486 or without " +
			"an answer.",
		Advice:     "Compare the tags in Replaces with the dialog that they name, and look at the permissions of the account.",
		References: []string{"RFC 5589", "RFC 3515", "RFC 3891"},
		Thresholds: []Threshold{{"wait", 32, "s", "for the first NOTIFY"}},
		Check:      transferFailed,
	}, {
		Code: "SIG-34", Name: "stuck-on-hold", Title: "One side was left on silent hold",
		Severity: correlate.Warning, Confidence: correlate.Suspect, Needs: NeedRequests | NeedSDP | NeedMedia, When: TraitHeld,
		Means: "A hold lasts until the BYE, for more than 60 s after an attempt to resume failed; or it lasts to the end, the holder sends no audio and no music, and the side that is held " +
			"hangs up.",
		Advice:     "Look at the re-INVITE that should have resumed the call, and at the source of the music on hold.",
		References: []string{"RFC 3264 §8.4"},
		Thresholds: []Threshold{{"length", 60, "s", "on hold after a resume that failed"}, {"silence", 5, "s", "on hold until the other side gives up"}},
		Check:      stuckOnHold,
	}}
}

func transferFailed(c *Case) {
	for i := range c.Call.Transfers {
		c.judgeTransfer(&c.Call.Transfers[i])
	}
	if c.Call.Method != "INVITE" || c.answered() || !c.Call.State.Terminal() {
		return
	}
	if len(c.Messages()) == 0 || !c.Messages()[0].Headers.Has(sip.HeaderReplaces) {
		return
	}
	x := c.opening()
	if x == nil || c.Header(x.Requests[0], "Replaces") == "" || c.Call.Attempt.Cancelled != 0 {
		return
	}
	wanted := sip.ParseReplaces(c.Header(x.Requests[0], "Replaces")).CallID
	switch status := c.Call.FinalStatus; {
	case status == 481, status == 486, status == 408:
		c.Find("%s should have taken the place of the call %s, but was refused with %d %s.", c.caller(), wanted, status, c.Call.FinalReason).refusedWith(c.Origin("INVITE", status))
	case status == 0 && len(x.Responses) == 0 && len(x.Requests) >= 3 && c.Passed(x.Requests[0].Nanos+32*second):
		d := c.Find("%s should have taken the place of the call %s, but nobody answered.", c.caller(), wanted)
		d.Confidence = correlate.Strong
		d.Message(x.Requests[0], "INVITE with Replaces")
		d.Absent(x.Server.Addr(), x.Client.Addr(), x.Last().Nanos)
	}
}

func (c *Case) judgeTransfer(t *correlate.Transfer) {
	asked := c.at(t.Frame)
	if asked == nil {
		return
	}
	target := party(t.Target)
	var d *Draft
	switch {
	case t.Accepted >= 300 && t.Accepted != 401 && t.Accepted != 407:
		d = c.Find("The transfer to %s was refused with %d.", target, t.Accepted)
	case t.Status >= 300:
		d = c.Find("The call to %s that the transfer made failed with %d %s.", target, t.Status, sip.ReasonPhrase(t.Status))
	case t.Accepted/100 == 2 && t.Status == 0 && t.Call == nil && t.Outcome != correlate.TransferDone && c.Passed(t.Asked+int64(c.Number("wait")*1e9)) && !c.notified(t):
		d = c.Find("The transfer to %s was accepted, and nothing more was heard of it in %s.", target, span(int64(c.Number("wait")*1e9)))
		d.Confidence = correlate.Strong
		d.Absent(asked.Dst.Addr(), asked.Src.Addr(), t.Asked)
	default:
		return
	}
	d.Message(asked, "REFER to %s", t.Target)
	for _, m := range c.Messages() {
		switch {
		case m.Nanos < t.Asked || m.Retransmission || m.Duplicate:
		case m.Method == "" && m.CSeq.Method == "REFER" && m.StatusCode == t.Accepted:
			d.Message(m, "%d %s", m.StatusCode, m.Reason)
		case m.Method == "NOTIFY" && m.Nanos <= t.Reported:
			d.Message(m, "NOTIFY")
		}
	}
	d.Nanos = max(t.Reported, t.Asked)
}

// notified reports whether a NOTIFY came after a REFER, or the REFER asked for
// none (RFC 4488).
func (c *Case) notified(t *correlate.Transfer) bool {
	for _, m := range c.Messages() {
		if m.Nanos >= t.Asked && m.Method == "NOTIFY" {
			return true
		}
	}
	m := c.at(t.Frame)
	return m != nil && c.Header(m, "Refer-Sub") == "false"
}

func stuckOnHold(c *Case) {
	if c.Call.Ended == 0 || c.firstBye() == nil {
		return
	}
	for i := range c.Call.Holds {
		h := &c.Call.Holds[i]
		if h.To != 0 {
			continue
		}
		start := c.at(h.Frames[0])
		if start == nil {
			continue
		}
		bye := c.firstBye()
		if failed := c.failedResume(h); failed != nil && float64(bye.Nanos-failed.Final.Nanos) > c.Number("length")*1e9 {
			d := c.Find("The %s put the other side on hold, taking it back failed with %d, and the call stayed on hold for %s until it ended.", h.By, failed.Status(), span(bye.Nanos-h.From))
			d.Message(start, "hold (%s)", h.Method)
			d.refusedWith(failed)
			d.Message(bye, "BYE")
			return
		}
		held := h.By.String() != c.Call.EndedBy && c.Call.EndedBy != "network" && c.Call.EndedBy != ""
		if !held || h.Music || len(c.Streams) == 0 || float64(bye.Nanos-h.From) < c.Number("silence")*1e9 || c.soundFrom(h) {
			continue
		}
		d := c.Find("The %s put the other side on hold without music; after %s of silence that side hung up.", h.By, span(bye.Nanos-h.From))
		d.Message(start, "hold (%s)", h.Method)
		d.Message(bye, "BYE of the other side")
	}
}

// failedResume is the re-INVITE that should have ended a hold and was refused.
func (c *Case) failedResume(h *correlate.Hold) *Exchange {
	for _, x := range c.Exchanges() {
		m := x.Request()
		if m == nil || x.Method != "INVITE" || m.Nanos <= h.From || x.Status() < 300 || x.Status() == 401 || x.Status() == 407 || m.SDP == nil {
			continue
		}
		for i := range m.SDP.Media {
			if l := &m.SDP.Media[i]; l.Type == "audio" && l.Direction == 0 && !l.Address.IsUnspecified() {
				return x
			}
		}
	}
	return nil
}

// soundFrom reports whether the holder sent audio while it held.
func (c *Case) soundFrom(h *correlate.Hold) bool {
	for _, s := range c.Streams {
		if s.FromCaller == (h.By == correlate.SideCaller) && s.Last > h.From+second {
			return true
		}
	}
	return false
}
