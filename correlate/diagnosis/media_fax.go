package diagnosis

import (
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func faxRules() []*Rule {
	return []*Rule{{
		Code: "MED-32", Name: "fax-trouble", Title: "The fax could not be carried",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Graded: "info when T.38 is refused and the call stays with G.711, which can carry a fax",
		Needs:  NeedSDP, When: TraitFailure | TraitMedia,
		Means:      "A change to T.38 is refused (488, 415, 606) and the call has no G.711; more than 1 % of the UDPTL packets are lost beyond repair; or a fax tone goes over a codec that is not made for it.",
		Advice:     "Check whether both ends and the border controllers do T.38, with redundancy; otherwise force G.711 without silence suppression and echo cancelling.",
		Hides:      []string{"SIG-11"},
		References: []string{"ITU-T T.38", "RFC 3362"},
		Thresholds: []Threshold{{"loss", 1, "%", "of UDPTL packets"}, {"packets", 50, "", "of UDPTL"}},
		Check:      faxTrouble,
	}}
}

func faxTrouble(c *Case) {
	c.faxRefused()
	c.faxLost()
	c.faxTone()
}

// faxRefused looks for changes to T.38 that were refused.
func (c *Case) faxRefused() {
	if !slices.ContainsFunc(c.Messages(), func(m *correlate.Message) bool { return refusesFax(m.StatusCode) && m.CSeq.Method == "INVITE" }) {
		return
	}
	for _, x := range c.Refusals(func(x *Exchange) bool {
		return x.Method == "INVITE" && refusesFax(x.Status()) && x.Request() != nil && x.Request().SDP != nil && wantsFax(x.Request().SDP)
	}) {
		made := c.madeAt(x.Final)
		if codec := c.clearCodec(x.Final.Nanos); codec != "" {
			d := c.Find("T.38 was refused with %d %s by %s (frame %d); the call stayed with %s, which can carry a fax when nothing is lost.", x.Status(), x.Final.Reason, made.Src.Addr(), made.Frame, codec)
			d.Severity, d.Title = correlate.Info, "T.38 was refused, the fax stays with "+codec
			d.Confidence = correlate.Proven
			d.Message(made, "T.38 is refused").Message(x.Request(), "the change to T.38")
			continue
		}
		d := c.Find("T.38 was refused with %d %s by %s (frame %d), and the call has no G.711 either: the fax could not be sent.", x.Status(), x.Final.Reason, made.Src.Addr(), made.Frame)
		d.Message(made, "T.38 is refused").Message(x.Request(), "the change to T.38")
	}
}

func refusesFax(status int) bool { return status == 488 || status == 415 || status == 606 }

// madeAt is where a refusal that a B2BUA handed on was made: the same one on
// another leg, a little before.
func (c *Case) madeAt(final *correlate.Message) *correlate.Message {
	const handedOn = 5 * second
	made := final
	for _, index := range c.Call.Joined() {
		leg := c.CallOf(index)
		if leg == nil || index == c.Call.Index {
			continue
		}
		for _, m := range leg.Messages() {
			if m.StatusCode == final.StatusCode && m.CSeq.Method == final.CSeq.Method && m.Nanos < made.Nanos && final.Nanos-m.Nanos < handedOn {
				made = m
			}
		}
	}
	return made
}

// wantsFax reports whether a description asks for T.38.
func wantsFax(s *sdp.Session) bool {
	for i := range s.Media {
		if m := &s.Media[i]; strings.EqualFold(m.Type, "image") && m.Port != 0 {
			return true
		}
	}
	return false
}

// clearCodec is the G.711 that the call has after a moment, "" when it has
// none.
func (c *Case) clearCodec(nanos int64) string {
	for _, s := range c.Streams {
		if s.Last >= nanos && isAudio(s) && (strings.EqualFold(s.Codec, "PCMU") || strings.EqualFold(s.Codec, "PCMA")) {
			return "G.711 (" + strings.ToUpper(s.Codec) + ")"
		}
	}
	if len(c.Streams) > 0 {
		return ""
	}
	for _, caller := range both() { // no media in the capture: what was agreed on
		if line := c.lastAudio(caller); line != nil && (line.Codec(0) != nil || line.Codec(8) != nil) {
			return "G.711"
		}
	}
	return ""
}

func (c *Case) faxLost() {
	for _, s := range c.Streams {
		if !s.UDPTL || s.Packets < uint64(c.Number("packets")) {
			continue
		}
		lost := s.Quality.Residual()
		if percentOf(lost, s.Quality.Expected) <= c.Number("loss") {
			continue
		}
		d := c.Find("%.1f %% of the fax of %s was lost beyond repair (%s of %s packets of T.38, %s): lines or pages are missing.", percentOf(lost, s.Quality.Expected), c.sideName(s.FromCaller), amount.Grouped(lost), amount.Grouped(s.Quality.Expected), ends(s))
		d.Confidence = correlate.Proven
		d.Stream(s, "%s packets of T.38 lost, %s made good", amount.Grouped(s.Quality.Lost), amount.Grouped(s.Quality.Recovered))
	}
}

// faxTone looks for tones of fax machines over codecs that distort them.
func (c *Case) faxTone() {
	for i := range c.Call.DTMF {
		t := &c.Call.DTMF[i]
		if !t.Machine {
			continue
		}
		s := c.StreamOf(t.Stream)
		if s == nil || !lowRate(s.Codec) {
			continue
		}
		d := c.Find("A fax machine (%s) answers over %s, a codec for speech that cannot carry a fax.", t.Key, s.Codec)
		d.Show(correlate.Evidence{Frame: t.Frame, Nanos: t.At, Stream: s.ID, Text: "the tone " + t.Key})
		return
	}
}

// lowRate reports whether a codec is made for speech only.
func lowRate(codec string) bool {
	switch strings.ToUpper(codec) {
	case "G729", "G723", "GSM", "GSM-EFR", "ILBC", "AMR", "AMR-WB", "OPUS", "SPEEX", "EVRC":
		return true
	}
	return false
}
