package diagnosis

import (
	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func startRules() []*Rule {
	return []*Rule{{
		Code: "MED-03", Name: "late-media", Title: "Speech started late: the first words were lost",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Graded: "error from two seconds on",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "The first RTP of a side comes more than a second after the answer, or after the description that tells it where to send, and none came before.",
		Advice:     "See what the side waits for: ICE checks, a DTLS handshake, its user interface. Compare the delay for other devices of the same kind.",
		References: []string{"RFC 6076 §4.4", "spec §4.2"},
		Thresholds: []Threshold{{"warning", 1, "s", "from which on it is a warning"}, {"error", 2, "s", "from which on it is an error"}},
		Check:      lateMedia,
	}, {
		Code: "MED-05", Name: "media-after-bye", Title: "One side did not notice that the call was over",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia | NeedResponses, When: TraitMedia,
		Means:      "Ten packets or more of RTP come later than a second after the 2xx to the BYE.",
		Advice:     "Check whether the BYE reached that device (route set, Contact), and what it does when it does; its bill may run on.",
		References: []string{"RFC 3261 §15.1"},
		Thresholds: []Threshold{{"packets", 10, "", "that came too late"}},
		Check:      mediaAfterBye,
	}}
}

func lateMedia(c *Case) {
	k := c.Talk()
	if !k.up || c.answer() == nil {
		return
	}
	ready := c.ready()
	for _, caller := range both() {
		s := k.first(caller)
		if s == nil || s.First < ready || k.paused(ready, s.First) || c.leftOutAtFirst(caller) {
			continue
		}
		delay := s.First - ready
		if delay <= int64(c.Number("warning")*1e9) {
			continue
		}
		d := c.Find("The audio of %s began %s after the answer (%s): what %s said before was not heard.", c.sideName(caller), span(delay), ends(s), c.sideName(caller))
		d.Title = "The first words of " + c.sideName(caller) + " were lost"
		if delay > int64(c.Number("error")*1e9) {
			d.Severity = correlate.Error
		}
		d.Stream(s, "the first packet of %s, %s after the answer", c.sideName(caller), span(delay))
		if m := c.answer(); m != nil {
			d.Message(m, "the answer")
		}
	}
}

// ready is when both sides know where to send: at the answer, or at the ACK
// when that brings the answer to an offer in the 2xx.
func (c *Case) ready() int64 {
	ready := c.Call.Answered
	if m := c.answer(); m != nil {
		ready = max(ready, m.Nanos)
	}
	for i := range c.Descriptions() {
		if d := &c.Descriptions()[i]; d.Method == "ACK" && d.Nanos < ready+32*second {
			return max(ready, d.Nanos)
		}
	}
	return ready
}

// first is the stream of a side whose first packet came first, nil when there
// is none.
func (k *talk) first(fromCaller bool) *correlate.Stream {
	var first *correlate.Stream
	for _, s := range k.audio[side(fromCaller)] {
		if first == nil || s.First < first.First {
			first = s
		}
	}
	return first
}

// leftOutAtFirst reports whether a side was not to send when the call was
// answered, by the first description of either side.
func (c *Case) leftOutAtFirst(fromCaller bool) bool {
	for _, caller := range both() {
		list := c.described(caller)
		if len(list) == 0 {
			continue
		}
		line := audioLine(list[0].SDP)
		if line == nil {
			return true
		}
		mute := sdp.SendOnly // of the other side: it does not listen
		if caller == fromCaller {
			mute = sdp.RecvOnly
		}
		if line.Direction == mute || line.Direction == sdp.Inactive || line.Address.IsUnspecified() {
			return true
		}
	}
	return false
}

func mediaAfterBye(c *Case) {
	a := &c.Call.Attempt
	if a.ByeStatus/100 != 2 || a.ByeDecided == 0 {
		return
	}
	for _, s := range c.Streams {
		e := s.AfterEnd
		if e == nil || e.Last <= a.ByeDecided+second || s.First < c.Call.Started {
			continue
		}
		n := e.Packets
		if from := a.ByeDecided + second; e.First < from { // counted from the BYE
			n = uint64(float64(n) * share(e.First, e.Last, from, e.Last))
		}
		if n < uint64(c.Number("packets")) {
			continue
		}
		d := c.Find("%s went on sending for %s after hanging up was confirmed: %s from %s.", c.sideFirst(s.FromCaller), span(e.Last-a.ByeDecided), amount.Of(n, "packet"), ends(s))
		d.StreamAt(s, e.Frame, e.First, "a packet more than a second after the end of the call")
		for _, m := range c.Messages() {
			if m.Method == "" && m.CSeq.Method == "BYE" && m.StatusCode/100 == 2 && !m.Duplicate {
				d.Message(m, "the BYE is confirmed")
				break
			}
		}
	}
}
