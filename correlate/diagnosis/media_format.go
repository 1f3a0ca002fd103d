package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func formatRules() []*Rule {
	return []*Rule{{
		Code: "MED-08", Name: "payload-type-unknown", Title: "The sender uses a format that the receiver did not offer",
		Severity: correlate.Error, Confidence: correlate.Proven,
		Needs: NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "Ten packets or more have a payload type that no description of their receiver lists; comfort noise (MED-20) and key presses (MED-18) are left out.",
		Advice:     "Compare the payload types of offer and answer: the sender has to use the numbers of the receiver. Look at what maps them in between.",
		References: []string{"RFC 3264 §5.1", "spec §5.1"},
		Thresholds: []Threshold{{"packets", 10, "", "of the payload type"}},
		Check:      unknownType,
	}, {
		Code: "MED-09", Name: "transcoding", Title: "The call is converted between codecs",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Needs: NeedBothMedia, When: TraitMedia,
		Means:      "The two directions, or two legs of the end-to-end call, use different codecs.",
		Advice:     "Decide in the codec policy whether both ends could use the same codec; each conversion costs quality and a channel of the transcoder.",
		References: []string{"ITU-T G.113"},
		Thresholds: []Threshold{{"packets", 100, "", "of either stream"}},
		Check:      transcoding,
	}, {
		Code: "MED-10", Name: "ptime-mismatch", Title: "Packet sizes differ from what was agreed",
		Severity: correlate.Info, Confidence: correlate.Proven,
		Graded: "warning when packets are longer than the receiver's maxptime",
		Needs:  NeedMedia | NeedSDP, When: TraitMedia,
		Means:      "The packets of a side hold another time than the a=ptime of their receiver, more than its a=maxptime, or another one than the packets the other way.",
		Advice:     "Set both devices to the same packet time. Devices that handle only one break up or drop the others.",
		References: []string{"RFC 8866 §6.4", "RFC 3264 §6.1"},
		Thresholds: []Threshold{{"packets", 100, "", "of the stream"}},
		Check:      ptimeMismatch,
	}, {
		Code: "MED-20", Name: "comfort-noise", Title: "Silence suppression disturbs the call",
		Severity: correlate.Warning, Confidence: correlate.Suspect,
		Graded: "proven when comfort noise was not agreed on, or has the wrong clock",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "Packets of comfort noise (payload type 13) that the receiver did not list, or beside a codec of another clock than 8000 Hz; or speech that pauses without a silence descriptor; or more than 30 % of the talkspurts are shorter than 200 ms.",
		Advice:     "Check the settings for voice activity detection and comfort noise (VAD, CN, annexb) of both ends; switching them off is the quickest test.",
		References: []string{"RFC 3389 §5.1", "RFC 3551 §4.1"},
		Thresholds: []Threshold{
			{"packets", 3, "", "of comfort noise that was not agreed on"}, {"pauses", 10, "", "without a descriptor"},
			{"short", 30, "%", "of the talkspurts that are short"}, {"spurts", 10, "", "talkspurts that it takes to judge"},
		},
		Check: comfortNoise,
	}}
}

const (
	comfortType    = 13 // RFC 3389
	oldComfortType = 19
)

// lists reports whether any description of a side lists a payload type. It is
// not known when there is none, or when the first may be missing: later ones
// list only what is left.
func (c *Case) lists(caller bool, payloadType uint8) (listed, known bool) {
	if c.Call.RolesUnknown || c.flagged("no_request_seen") {
		return false, false
	}
	for _, d := range c.described(caller) {
		for i := range d.SDP.Media {
			m := &d.SDP.Media[i]
			known = known || m.RTP() && m.Port != 0
			listed = listed || m.Codec(payloadType) != nil
		}
	}
	return listed, known
}

// namesOf are the codecs that the descriptions of a side list for its audio.
func (c *Case) namesOf(caller bool) string {
	var names []string
	for _, d := range c.described(caller) {
		if line := audioLine(d.SDP); line != nil {
			for i := range line.Codecs {
				name := fmt.Sprintf("%d %s", line.Codecs[i].PayloadType, line.Codecs[i].Name)
				if !slices.Contains(names, name) && len(names) < maxNames {
					names = append(names, name)
				}
			}
		}
	}
	return strings.Join(names, ", ")
}

// codecOf is the codec that the descriptions of a side give to a payload type,
// nil when none lists it.
func (c *Case) codecOf(caller bool, payloadType uint8) *sdp.Codec {
	for _, d := range c.described(caller) {
		for i := range d.SDP.Media {
			if codec := d.SDP.Media[i].Codec(payloadType); codec != nil {
				return codec
			}
		}
	}
	return nil
}

func unknownType(c *Case) {
	for _, s := range c.Streams {
		if s.UDPTL || s.Packets == 0 {
			continue
		}
		for _, t := range s.Types {
			if t.Packets < uint64(c.Number("packets")) || t.PayloadType == comfortType || t.PayloadType == oldComfortType {
				continue
			}
			if listed, known := c.lists(!s.FromCaller, t.PayloadType); listed || !known {
				continue
			}
			means := ""
			codec := c.codecOf(s.FromCaller, t.PayloadType)
			if codec != nil && strings.EqualFold(codec.Name, "telephone-event") {
				continue
			}
			if codec != nil && codec.Name != "" {
				means = fmt.Sprintf(" (its own number for %s)", codec.Name)
			} else if codec, ok := sdp.Static(t.PayloadType); ok {
				means = fmt.Sprintf(" (%s)", codec.Name)
			}
			d := c.Find("%s sends %s of payload type %d%s, which %s did not list: it takes %s. It may hear noise, or nothing.",
				c.sideFirst(s.FromCaller), amount.Of(t.Packets, "packet"), t.PayloadType, means, c.sideName(!s.FromCaller), c.namesOf(!s.FromCaller))
			d.StreamOther(s, t.Frame, "the first packet of payload type %d", t.PayloadType)
			for _, m := range c.described(!s.FromCaller) {
				d.Message(m.Message, "what %s takes", c.sideName(!s.FromCaller))
				break
			}
		}
	}
}

// codecKnown is the codec of a stream as a person would call it; "" when it is
// not known for certain.
func codecKnown(s *correlate.Stream) string {
	if s == nil || s.CodecFrom == "guess" {
		return ""
	}
	return s.Codec
}

func transcoding(c *Case) {
	k := c.Talk()
	least := uint64(c.Number("packets"))
	a, b := k.main(true), k.main(false)
	if a != nil && b != nil && a.Packets >= least && b.Packets >= least {
		if x, y := codecKnown(a), codecKnown(b); x != "" && y != "" && !strings.EqualFold(x, y) {
			d := c.Find("The caller sends %s and the callee %s: the two directions sound different, and something may have to convert.", x, y)
			d.Stream(a, "%s from the caller", x).Stream(b, "%s from the callee", y)
			return
		}
	}
	joined := c.Call.Joined()
	if len(joined) < 2 || joined[0] != c.Call.Index || a == nil || a.Packets < least || codecKnown(a) == "" {
		return
	}
	for _, index := range joined[1:] {
		other := c.CallOf(index)
		if other == nil {
			continue
		}
		for _, id := range other.StreamIDs {
			o := c.StreamOf(id)
			if o == nil || !o.FromCaller || !isAudio(o) || o.Packets < least || codecKnown(o) == "" || strings.EqualFold(o.Codec, a.Codec) {
				continue
			}
			d := c.Find("The call is converted between %s (this leg) and %s (leg %s); some quality is lost.", a.Codec, o.Codec, other.CallID)
			d.Stream(a, "%s on this leg", a.Codec).Stream(o, "%s on the other leg", o.Codec)
			return
		}
	}
}

func ptimeMismatch(c *Case) {
	k := c.Talk()
	least := uint64(c.Number("packets"))
	found := false
	for _, caller := range both() {
		s := k.main(caller)
		if s == nil || s.Packets < least || s.Quality.PTime == 0 {
			continue
		}
		asked, most, by := c.ptimeOf(!caller)
		got := s.Quality.PTime
		switch {
		case most > 0 && got > most+0.5:
			d := c.Find("%s sends packets of %g ms; %s takes %g ms at most.", c.sideFirst(caller), got, c.sideName(!caller), most)
			d.Severity = correlate.Warning
			d.Stream(s, "packets of %g ms: %s", got, ends(s)).Message(by.Message, "maxptime %g", most)
			found = true
		case asked > 0 && (got > asked+0.5 || got < asked-0.5):
			d := c.Find("%s sends packets of %g ms; %s asked for %g ms.", c.sideFirst(caller), got, c.sideName(!caller), asked)
			d.Stream(s, "packets of %g ms: %s", got, ends(s)).Message(by.Message, "ptime %g", asked)
			found = true
		}
	}
	a, b := k.main(true), k.main(false)
	if found || a == nil || b == nil || a.Packets < least || b.Packets < least || a.Quality.PTime == 0 || b.Quality.PTime == 0 || a.Quality.PTime == b.Quality.PTime {
		return
	}
	d := c.Find("The caller sends packets of %g ms and the callee of %g ms.", a.Quality.PTime, b.Quality.PTime)
	d.Stream(a, "packets of %g ms: %s", a.Quality.PTime, ends(a)).Stream(b, "packets of %g ms: %s", b.Quality.PTime, ends(b))
}

// ptimeOf is what the latest description of a side with audio asks for; 0 is
// nothing.
func (c *Case) ptimeOf(caller bool) (asked, most float64, by *correlate.Description) {
	list := c.described(caller)
	for i := len(list) - 1; i >= 0; i-- {
		if line := audioLine(list[i].SDP); line != nil {
			return line.PTime, line.MaxPTime, list[i]
		}
	}
	return 0, 0, nil
}

func comfortNoise(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		for _, s := range k.audio[side(caller)] {
			if !c.noiseNotAgreed(s) {
				c.choppy(s)
			}
		}
	}
}

// noiseNotAgreed looks at packets of comfort noise that should not be there.
func (c *Case) noiseNotAgreed(s *correlate.Stream) bool {
	for _, t := range s.Types {
		if t.PayloadType != comfortType || t.Packets < uint64(c.Number("packets")) || t.Packets == s.Packets {
			continue
		}
		if s.ClockRate != 0 && s.ClockRate != 8000 {
			d := c.Find("%s sends comfort noise of 8000 Hz (payload type 13) beside %s of %d Hz: its times do not fit.", c.sideFirst(s.FromCaller), s.Codec, s.ClockRate)
			d.Confidence = correlate.Proven
			d.StreamOther(s, t.Frame, "the first packet of comfort noise, %s in all", amount.Grouped(t.Packets))
			return true
		}
		if listed, known := c.lists(!s.FromCaller, comfortType); !listed && known {
			d := c.Find("%s sends comfort noise (payload type 13, %s), which %s did not list: pauses may click or sound dead.", c.sideFirst(s.FromCaller), amount.Of(t.Packets, "packet"), c.sideName(!s.FromCaller))
			d.Confidence = correlate.Proven
			d.StreamOther(s, t.Frame, "the first packet of comfort noise")
			for _, m := range c.described(!s.FromCaller) {
				d.Message(m.Message, "what %s takes", c.sideName(!s.FromCaller))
				break
			}
			return true
		}
	}
	return false
}

// choppy looks at speech that is cut into pieces.
func (c *Case) choppy(s *correlate.Stream) {
	b := s.Quality.Breaks
	if b == nil || b.Spurts < uint64(c.Number("spurts")) {
		return
	}
	switch short := percentOf(b.ShortSpurts, b.Spurts); {
	case short > c.Number("short"):
		d := c.Find("The speech of %s is cut into pieces: %s of %s talkspurts are shorter than 200 ms.", c.sideName(s.FromCaller), amount.Grouped(b.ShortSpurts), amount.Grouped(b.Spurts))
		d.Stream(s, "%s of %s talkspurts are short: %s", amount.Grouped(b.ShortSpurts), amount.Grouped(b.Spurts), ends(s))
	case b.BareSpurts >= uint64(c.Number("pauses")) && s.Quality.ComfortNoise == 0:
		d := c.Find("%s stops sending in pauses, %s times, without a packet that says so: %s hears the line go dead and come back.", c.sideFirst(s.FromCaller), amount.Grouped(b.BareSpurts), c.sideName(!s.FromCaller))
		d.Stream(s, "%s pauses without a silence descriptor: %s", amount.Grouped(b.BareSpurts), ends(s))
	}
}
