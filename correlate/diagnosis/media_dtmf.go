package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

func keyRules() []*Rule {
	return []*Rule{{
		Code: "MED-18", Name: "dtmf-method", Title: "Key presses are not understood, or counted twice",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Needs: NeedMedia, When: TraitMedia | TraitFailure,
		Means:      "Telephone events have a payload type that the receiver does not list; keys are in the sound (which --inband-dtmf listens for) although both sides agreed on telephone events; a SIP INFO with keys is refused (415, 501); or the same key comes by two methods within 200 ms.",
		Advice:     "Set both ends to one way of sending keys, RFC 4733 with the same payload type best of all.",
		References: []string{"RFC 4733 §2.4", "RFC 6086", "spec §5.10"},
		Thresholds: []Threshold{{"events", 3, "", "packets of a type that the receiver does not list"}, {"doubles", 2, "", "keys that come by two methods"}, {"sound", 2, "", "keys in the sound"}},
		Check:      dtmfMethod,
	}, {
		Code: "MED-19", Name: "dtmf-quality", Title: "Key presses are too short or broken",
		Severity: correlate.Warning, Confidence: correlate.Proven,
		Needs: NeedMedia, When: TraitMedia,
		Means:      "Telephone events that last less than 40 ms, have no end, come apart because their timestamp changes, or are quieter than −36 dBm0.",
		Advice:     "Look at the gateway that makes the events, and at lost packets (MED-11).",
		References: []string{"RFC 4733 §2.5", "ITU-T Q.24"},
		Thresholds: []Threshold{{"duration", 40, "ms", "that a key has to last"}, {"volume", -36, "dBm0", "that it has to have"}, {"keys", 1, "", "that are broken"}},
		Check:      dtmfQuality,
	}}
}

func dtmfMethod(c *Case) {
	if !c.eventsUnknown() && !c.infoRefused() && !c.keysTwice() {
		c.keysInSound()
	}
}

// eventsUnknown looks for telephone events of a payload type that the receiver
// does not take.
func (c *Case) eventsUnknown() bool {
	for _, s := range c.Streams {
		for _, t := range s.Types {
			codec := c.codecOf(s.FromCaller, t.PayloadType)
			if codec == nil || t.Packets < uint64(c.Number("events")) || !strings.EqualFold(codec.Name, "telephone-event") {
				continue
			}
			if listed, known := c.lists(!s.FromCaller, t.PayloadType); listed || !known {
				continue
			}
			takes := "takes none at all"
			if other := c.eventType(!s.FromCaller); other >= 0 {
				takes = fmt.Sprintf("takes them as %d", other)
			}
			d := c.Find("%s sends its key presses as payload type %d (%s); %s %s: keys are not understood.", c.sideFirst(s.FromCaller), t.PayloadType, amount.Of(t.Packets, "packet"), c.sideName(!s.FromCaller), takes)
			d.StreamOther(s, t.Frame, "the first packet of payload type %d", t.PayloadType)
			for _, m := range c.described(!s.FromCaller) {
				d.Message(m.Message, "what %s takes", c.sideName(!s.FromCaller))
				break
			}
			return true
		}
	}
	return false
}

// eventType is the payload type of telephone events in the descriptions of a
// side, -1 when there is none.
func (c *Case) eventType(caller bool) int {
	for _, m := range c.described(caller) {
		if line := audioLine(m.SDP); line != nil {
			for i := range line.Codecs {
				if strings.EqualFold(line.Codecs[i].Name, "telephone-event") {
					return int(line.Codecs[i].PayloadType)
				}
			}
		}
	}
	return -1
}

func (c *Case) infoRefused() bool {
	refused := func(m *correlate.Message) bool {
		return m.CSeq.Method == "INFO" && (m.StatusCode == 415 || m.StatusCode == 501 || m.StatusCode == 405)
	}
	if !slices.ContainsFunc(c.Messages(), refused) {
		return false
	}
	for _, x := range c.Exchanges() {
		if x.Final == nil || !refused(x.Final) || x.Request() == nil {
			continue
		}
		kind := strings.ToLower(c.Header(x.Request(), "Content-Type"))
		if !strings.HasPrefix(kind, "application/dtmf") && !strings.Contains(kind, "nortelnetworks.digits") {
			continue
		}
		d := c.Find("%s sent a key press as SIP INFO; %s does not take that: %d %s.", x.Client.Addr(), x.Server.Addr(), x.Status(), x.Final.Reason)
		d.Message(x.Final, "the key is refused").Message(x.Request(), "a key press as %s", kind)
		return true
	}
	return false
}

// keysTwice looks for keys that came by two methods at the same time.
func (c *Case) keysTwice() bool {
	var doubles []*correlate.Digit
	var others []string
	for i := range c.Call.DTMF {
		d := &c.Call.DTMF[i]
		if !d.Again || d.Machine {
			continue
		}
		for j := i - 1; j >= 0 && d.At-c.Call.DTMF[j].At <= sameKey; j-- {
			o := &c.Call.DTMF[j]
			if o.Key == d.Key && o.FromCaller == d.FromCaller && o.Source != d.Source {
				doubles, others = append(doubles, d), append(others, o.Source)
				break
			}
		}
	}
	if len(doubles) < int(c.Number("doubles")) {
		return false
	}
	first := doubles[0]
	f := c.Find("%s sends each key press twice, by %s and by %s: the other end may count it twice (%s keys).",
		c.sideFirst(first.FromCaller), methodWords(others[0]), methodWords(first.Source), amount.Grouped(len(doubles)))
	for _, d := range doubles[:min(len(doubles), 5)] {
		f.Show(correlate.Evidence{Frame: d.Frame, Nanos: d.At, Stream: d.Stream, Text: "a key once more, by " + methodWords(d.Source)})
	}
	return true
}

// sameKey is how near to each other two presses of a key are one.
const sameKey = int64(200e6)

func methodWords(source string) string {
	switch source {
	case correlate.DigitEvent:
		return "telephone events (RFC 4733)"
	case correlate.DigitInfo:
		return "SIP INFO"
	}
	return "tones in the sound"
}

// keysInSound looks for tones although both sides agreed on telephone events.
func (c *Case) keysInSound() {
	for _, caller := range both() {
		if c.eventType(caller) < 0 || c.eventType(!caller) < 0 {
			continue
		}
		var tones []*correlate.Digit
		events := false
		for i := range c.Call.DTMF {
			d := &c.Call.DTMF[i]
			if d.FromCaller == caller && !d.Machine {
				events = events || d.Source == correlate.DigitEvent
				if d.Source == correlate.DigitInband && !d.Again {
					tones = append(tones, d)
				}
			}
		}
		if events || len(tones) < int(c.Number("sound")) {
			continue
		}
		d := c.Find("Both sides agreed on telephone events, but %s sends its keys as tones in the sound (%s of them): %s does not listen for these.", c.sideName(caller), amount.Grouped(len(tones)), c.sideName(!caller))
		for _, k := range tones[:min(len(tones), 5)] {
			d.Show(correlate.Evidence{Frame: k.Frame, Nanos: k.At, Stream: k.Stream, Text: "a key as a tone"})
		}
	}
}

func dtmfQuality(c *Case) {
	type fault struct {
		digit *correlate.Digit
		words string
	}
	var faults []fault
	keys := 0
	for i := range c.Call.DTMF {
		d := &c.Call.DTMF[i]
		if d.Source != correlate.DigitEvent || d.Machine {
			continue
		}
		keys++
		switch {
		case d.Doubled:
			faults = append(faults, fault{d, "comes again less than 40 ms later: one press in two pieces"})
		case d.Ended && d.Duration >= 0 && float64(d.Duration) < c.Number("duration")*1e6:
			faults = append(faults, fault{d, "lasts only " + span(d.Duration)})
		case d.NoEnd(c.Now):
			faults = append(faults, fault{d, "has no end"})
		case d.HasVolume && float64(d.Volume) < c.Number("volume"):
			faults = append(faults, fault{d, fmt.Sprintf("has a volume of only %d dBm0", d.Volume)})
		}
	}
	if len(faults) < int(c.Number("keys")) {
		return
	}
	first := faults[0]
	d := c.Find("%s of %s %s broken; the first, at %s, %s. Menus may not understand it, or understand it twice.", amount.Grouped(len(faults)), amount.Of(keys, "key press"), isOrAre(len(faults)), clock(first.digit.At), first.words)
	for _, f := range faults[:min(len(faults), 10)] {
		d.Show(correlate.Evidence{Frame: f.digit.Frame, Nanos: f.digit.At, Stream: f.digit.Stream, Text: "a key press that " + f.words})
	}
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
