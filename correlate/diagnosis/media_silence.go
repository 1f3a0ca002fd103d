package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func silenceRules() []*Rule {
	return []*Rule{{
		Code: "MED-01", Name: "one-way-audio", Title: "One-way audio: only one party could be heard",
		Severity: correlate.Critical, Confidence: correlate.Strong,
		Graded: "proven when ICMP says that the packets could not be delivered",
		Needs:  NeedBothMedia | NeedSDP, When: TraitMedia,
		Means:      "An answered call without hold, in which both sides want to send and to receive, has RTP of one side only from two seconds after the answer to its end.",
		Advice:     "Look where the silent side was told to send its audio to (the c= and m= lines of the other side), whether a firewall or NAT stands there, and whether both sides wait for the first packet of the other.",
		Hides:      []string{"MED-10", "MED-27", "MED-40"},
		References: []string{"RFC 3264 §5.1", "RFC 4961"},
		Thresholds: []Threshold{
			{"call", 5, "s", "the call has to be up for so long"},
			{"packets", 100, "", "packets that the side that is heard has to send"},
			{"delay", 2, "s", "after the answer, until media have to flow"},
		},
		Check: oneWayAudio,
	}, {
		Code: "MED-02", Name: "no-audio", Title: "No sound at all",
		Severity: correlate.Critical, Confidence: correlate.Strong,
		Needs: NeedSDP, When: TraitAnswered,
		Means:      "An answered call that agreed on audio has no RTP, neither where it is expected nor elsewhere, while other calls of both hosts have some in this capture within ten minutes.",
		Advice:     "Check whether the path of the media is captured at all, and whether its range of ports is open.",
		References: []string{"RFC 3264 §6"},
		Thresholds: []Threshold{{"call", 5, "s", "the call has to be up for so long"}, {"window", 10, "min", "within which other calls of the hosts have media"}},
		Check:      noAudio,
	}, {
		Code: "MED-04", Name: "media-stops", Title: "The sound disappeared in the middle of the call",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Graded: "critical and proven when numbers are missing; suspect when both sides fall silent together",
		Needs:  NeedMedia, When: TraitMedia,
		Means:      "RTP of a side ends ten seconds or more before the call does, or nothing of it arrives for three seconds or more although its sender goes on, as the numbers of the packets show; without hold, fax or a silence descriptor in front.",
		Advice:     "Look for what happened at that moment: a change of the network or of the NAT (MED-24), a re-INVITE, a restart; and whether the sender suppresses silence without saying so.",
		Hides:      []string{"MED-27"},
		References: []string{"RFC 3550 §6.3"},
		Thresholds: []Threshold{{"tail", 10, "s", "without packets before the end"}, {"hole", 3, "s", "in which nothing arrives"}, {"packets", 50, "", "that came before"}},
		Check:      mediaStops,
	}, {
		Code: "MED-21", Name: "dead-air", Title: "Connected, but nobody could hear anything",
		Severity: correlate.Error, Confidence: correlate.Strong,
		Needs: NeedBothMedia | NeedPayload, When: TraitMedia,
		Means:      "The sound of both sides is silent for nearly all of a call of ten seconds or more, without hold.",
		Advice:     "Check the microphones and headsets of both ends, and a transcoder or conference in between that may send silence.",
		Hides:      []string{"MED-22"},
		References: []string{"spec §5.9"},
		Thresholds: []Threshold{{"share", 95, "%", "of the sound that is silent"}, {"time", 10, "s", "of sound that was looked at"}},
		Check:      deadAir,
	}, {
		Code: "MED-22", Name: "muted", Title: "One side sent pure silence",
		Severity: correlate.Info, Confidence: correlate.Strong,
		Needs: NeedMedia | NeedPayload, When: TraitMedia,
		Means:      "Nothing at all moves in nearly all of the sound of one side, for ten seconds or more, as when a machine and not a room is silent.",
		Advice:     "Ask whether the microphone was muted. If not, look for a device on the way that receives nothing and fills in silence.",
		References: []string{"spec §5.9"},
		Thresholds: []Threshold{{"share", 95, "%", "of the sound that is digital silence"}, {"time", 10, "s", "of sound that was looked at"}},
		Check:      muted,
	}}
}

// mutual reports whether both sides want to send and to receive audio, by the
// last description of each that was accepted.
func (c *Case) mutual() bool {
	for _, caller := range both() {
		line := c.lastAudio(caller)
		if line == nil || line.Direction != sdp.SendRecv || line.Address.IsUnspecified() {
			return false
		}
	}
	return true
}

// lastAudio is the audio line of the latest description of a side, nil when
// there is none.
func (c *Case) lastAudio(caller bool) *sdp.Media {
	list := c.described(caller)
	for i := len(list) - 1; i >= 0; i-- {
		if line := audioLine(list[i].SDP); line != nil {
			return line
		}
	}
	return nil
}

func oneWayAudio(c *Case) {
	k := c.Talk()
	if !k.up || len(c.Call.Holds) > 0 || k.length() < int64(c.Number("call")*1e9) || !c.mutual() {
		return
	}
	from := k.from + int64(c.Number("delay")*1e9)
	for _, heard := range both() {
		silent := !heard
		if k.packets(silent, from, k.to) > 0 || c.reported(silent) || c.strays(silent, from, k.to) {
			continue
		}
		n := k.packets(heard, from, k.to)
		loud := k.main(heard)
		if n < uint64(c.Number("packets")) || loud.Dst.Addr().IsMulticast() || k.bothWays(heard) {
			continue
		}
		c.tellOneWay(k, loud, silent, n)
	}
}

func (c *Case) tellOneWay(k *talk, loud *correlate.Stream, silent bool, n uint64) {
	deaf := c.sideName(!silent)
	d := c.Find("%s heard nothing: no audio of %s came through from the answer to the end, %s, while %s of audio went the other way (%s).",
		c.sideFirst(!silent), c.sideName(silent), span(k.to-k.from), amount.Of(n, "packet"), ends(loud))
	d.Title = "One-way audio: " + deaf + " heard nothing"
	if m := c.answer(); m != nil {
		d.Message(m, "the answer; from here on both sides should be heard")
	}
	d.StreamAt(loud, loud.FirstFrame, loud.First, "audio of %s: %s packets from %s", c.sideName(!silent), amount.Grouped(loud.Packets), ends(loud))
	c.absent(d, silent, k.from)
	d.Likely = c.whySilent(d, silent)
	if e := c.undelivered(!silent); e != nil {
		d.Confidence = correlate.Proven
		d.Explanation += fmt.Sprintf(" %s says %q about the packets to %s.", e.From, e.Text(), e.Dst)
		for _, frame := range e.Frames[:min(len(e.Frames), 3)] {
			d.Frame(frame, e.First, "ICMP of %s: %s", e.From, e.Text())
		}
	}
}

// bothWays reports whether streams that are all taken for those of one side go
// from one host to another and back. Where both sides stand behind one address
// that may be a talk with a third host, and nobody can tell who speaks.
func (k *talk) bothWays(fromCaller bool) bool {
	list := k.audio[side(fromCaller)]
	return slices.ContainsFunc(list, func(s *correlate.Stream) bool {
		return slices.ContainsFunc(list, func(back *correlate.Stream) bool {
			return s.Src.Addr() == back.Dst.Addr() && s.Dst.Addr() == back.Src.Addr() && s.Src.Addr() != s.Dst.Addr()
		})
	})
}

// undelivered is what ICMP says of audio that a side sent, nil when nothing.
func (c *Case) undelivered(fromCaller bool) *correlate.NetworkError {
	for _, s := range c.Talk().audio[side(fromCaller)] {
		for i := range s.NetworkErrors {
			if e := &s.NetworkErrors[i]; e.Unreachable {
				return e
			}
		}
	}
	return nil
}

// reported reports whether RTCP tells of audio of a side although the capture
// has none of its RTP.
func (c *Case) reported(fromCaller bool) bool {
	for _, s := range c.Streams {
		if s.FromCaller == fromCaller && s.Packets == 0 && s.Control != nil && s.Control.Only {
			return true
		}
	}
	return false
}

// strays reports whether audio of a side came that no description explains:
// between the hosts of the two sides, but to or from other ports.
func (c *Case) strays(fromCaller bool, from, to int64) bool {
	for _, src := range c.hosts(fromCaller) {
		for _, s := range c.orphansOf(src) {
			if s.Last >= from && s.First <= to && contains(c.hosts(!fromCaller), s.Dst.Addr()) {
				return true
			}
		}
	}
	return false
}

// whySilent says what most likely keeps the audio of a side away: the address
// that it was told to send to.
func (c *Case) whySilent(d *Draft, silent bool) string {
	for _, m := range c.described(!silent) {
		at, ok := placeOf(audioLine(m.SDP))
		if !ok || !foreign(at.Addr(), m.Src.Addr()) {
			continue
		}
		d.Message(m.Message, "%s asks for its audio at %s", c.sideName(!silent), at)
		return fmt.Sprintf("%s was told to send to %s (frame %d), an address that works only inside the network of %s: that message came from %s.",
			c.sideFirst(silent), at, m.Frame, c.sideName(!silent), m.Src.Addr())
	}
	for _, m := range c.described(silent) {
		at, ok := placeOf(audioLine(m.SDP))
		if !ok || !foreign(at.Addr(), m.Src.Addr()) {
			continue
		}
		d.Message(m.Message, "%s asks for its audio at %s", c.sideName(silent), at)
		return fmt.Sprintf("%s stands behind a NAT: it names %s (frame %d) and its messages come from %s. Many servers send nothing back, and get nothing, until a first packet of it opens the way.",
			c.sideFirst(silent), at, m.Frame, m.Src.Addr())
	}
	if at, ok := placeOf(c.lastAudio(!silent)); ok {
		return fmt.Sprintf("%s was told to send to %s. What keeps the packets from there is in front of this measuring point: a firewall, a NAT, or the device of %s itself.", c.sideFirst(silent), at, c.sideName(silent))
	}
	return ""
}

func noAudio(c *Case) {
	k := c.Talk()
	if k.up && !k.over && !c.Passed(k.from+int64(c.Number("call")*1e9)) {
		return
	}
	if !k.up || len(c.Streams) > 0 || k.length() < int64(c.Number("call")*1e9) || !c.hasMedia() {
		return
	}
	caller, callee := c.lastAudio(true), c.lastAudio(false)
	if caller == nil || callee == nil || caller.Direction == sdp.Inactive || callee.Direction == sdp.Inactive || len(c.Call.Holds) > 0 {
		return
	}
	if c.strays(true, k.from, k.to) || c.strays(false, k.from, k.to) {
		return
	}
	at, ok := placeOf(caller)
	to, ok2 := placeOf(callee)
	if !ok || !ok2 || c.elsewhere(at, k) || c.elsewhere(to, k) {
		return
	}
	other := 0
	for _, host := range [...]netip.Addr{at.Addr(), to.Addr()} {
		n := c.mediaNear(host, k.from, int64(c.Number("window")*60e9), c.Call.Index)
		if n == 0 {
			return // the media of this host are not captured
		}
		other = max(other, n)
	}
	d := c.Find("Nobody heard anything: in %s no packet of audio went between %s (the caller) and %s (the callee), although other calls of these hosts have audio in this capture.", span(k.to-k.from), at, to)
	if m := c.answer(); m != nil {
		d.Message(m, "the answer; from here on audio should flow")
	}
	for _, caller := range both() {
		if list := c.described(caller); len(list) > 0 {
			d.Message(list[0].Message, "%s describes its audio", c.sideName(caller))
		}
	}
	if other > 0 {
		if o := c.StreamOf(other); o != nil {
			d.Stream(o, "audio of another call of these hosts: %s", ends(o))
		}
	}
	d.Absent(to.Addr(), at.Addr(), k.from)
}

func mediaStops(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		c.holesOf(k, caller)
	}
	if !k.up || !k.over || c.Call.EndedBy == "network" {
		return
	}
	tail := int64(c.Number("tail") * 1e9)
	var last [2]*correlate.Stream
	for _, caller := range both() {
		last[side(caller)] = c.stopped(k, caller, tail)
	}
	for _, caller := range both() {
		s := last[side(caller)]
		if s == nil {
			continue
		}
		together := last[side(!caller)] != nil
		if together && !caller {
			continue // told once
		}
		c.tellStop(k, s, last[side(!caller)])
	}
}

// stopped is the stream that a side sent last, when it fell silent too early;
// else nil.
func (c *Case) stopped(k *talk, fromCaller bool, tail int64) *correlate.Stream {
	var latest *correlate.Stream
	var n uint64
	for _, s := range k.audio[side(fromCaller)] {
		if latest == nil || s.Last > latest.Last {
			latest = s
		}
		n += s.Packets
	}
	if latest == nil || n < uint64(c.Number("packets")) || latest.Quality.EndsSilent || latest.Last < k.from || k.to-latest.Last < tail {
		return nil
	}
	if k.paused(latest.Last, k.to) || c.leftOut(fromCaller) {
		return nil
	}
	return latest
}

// leftOut reports whether the other side no longer wants audio of a side, or
// the side said that it sends none.
func (c *Case) leftOut(fromCaller bool) bool {
	own, other := c.lastAudio(fromCaller), c.lastAudio(!fromCaller)
	return own != nil && (own.Direction == sdp.RecvOnly || own.Direction == sdp.Inactive) ||
		other != nil && (other.Direction == sdp.SendOnly || other.Direction == sdp.Inactive)
}

func (c *Case) tellStop(k *talk, s, other *correlate.Stream) {
	length := span(k.to - s.Last)
	if len(k.audio[side(!s.FromCaller)]) == 0 {
		d := c.Find("The audio of %s (%s) ends at %s, %s before the call was ended; of the other side there is none at all.", c.sideName(s.FromCaller), ends(s), clock(s.Last), length)
		d.Confidence = correlate.Suspect
		d.StreamAt(s, s.LastFrame, s.Last, "the last packet of %s", c.sideName(s.FromCaller))
		return
	}
	if other == nil {
		d := c.Find("%s heard nothing any more for the last %s: the audio of %s (%s) ends at %s, while that of the other side goes on.",
			c.sideFirst(!s.FromCaller), length, c.sideName(s.FromCaller), ends(s), clock(s.Last))
		d.Title = "The sound of " + c.sideName(s.FromCaller) + " disappeared"
		d.StreamAt(s, s.LastFrame, s.Last, "the last packet of %s", c.sideName(s.FromCaller))
		c.absent(d, s.FromCaller, k.to)
		return
	}
	d := c.Find("Both sides fell silent %s before the call was ended: the last audio of the caller came at %s, that of the callee at %s.",
		length, clock(pick(s, other, true).Last), clock(pick(s, other, false).Last))
	d.Confidence = correlate.Suspect
	d.Likely = "The path of the media broke, or both ends went on elsewhere: a conference, a parked call, another device."
	for _, o := range [...]*correlate.Stream{s, other} {
		d.StreamAt(o, o.LastFrame, o.Last, "the last packet of %s", c.sideName(o.FromCaller))
	}
}

func pick(a, b *correlate.Stream, fromCaller bool) *correlate.Stream {
	if a.FromCaller == fromCaller {
		return a
	}
	return b
}

// holesOf tells of the times in which nothing of a side arrived.
func (c *Case) holesOf(k *talk, caller bool) {
	for _, s := range k.audio[side(caller)] {
		holes := slices.DeleteFunc(missing(s, int64(c.Number("hole")*1e9)), func(h quality.Outage) bool { return k.paused(h.Start, h.End) })
		if len(holes) == 0 || s.Packets < uint64(c.Number("packets")) {
			continue
		}
		var words []string
		var lost uint64
		for i := range holes {
			words = append(words, fmt.Sprintf("%s from %s", span(holes[i].End-holes[i].Start), clock(holes[i].Start)))
			lost += holes[i].Lost
		}
		d := c.Find("Audio towards %s was not seen for %s: %s of %s (%s) lost in a row, %s elsewhere. %s heard nothing of it.",
			s.Dst.Addr(), strings.Join(words, " and "), amount.Of(lost, "packet"), c.sideName(caller), ends(s), amount.Of(s.Quality.Lost-min(lost, s.Quality.Lost), "packet"), c.sideFirst(!caller))
		d.Title = "The sound of " + c.sideName(caller) + " was gone for " + span(holes[0].End-holes[0].Start)
		d.Nanos = holes[0].Start
		for i := range holes {
			d.StreamAt(s, holes[i].Frame, holes[i].End, "the first packet after %s without any; %s numbers are missing", span(holes[i].End-holes[i].Start), amount.Grouped(holes[i].Lost))
		}
		d.Severity, d.Confidence = correlate.Critical, correlate.Proven
		d.Likely = "The sender went on meanwhile, for the numbers of its packets did. They were lost in front of this measuring point or took another way."
		if k.holeAlso(!caller, holes[0]) {
			d.Severity, d.Confidence = correlate.Error, correlate.Suspect
			d.Likely = "The audio of both sides is missing for the same time. If both heard each other, the capture lacks that time."
		}
	}
}

// holeAlso reports whether about the same time is missing of a side.
func (k *talk) holeAlso(fromCaller bool, h quality.Outage) bool {
	for _, s := range k.audio[side(fromCaller)] {
		for _, o := range missing(s, (h.End-h.Start)/2) {
			if common := min(h.End, o.End) - max(h.Start, o.Start); common*5 > max((h.End-h.Start), (o.End-o.Start))*4 {
				return true
			}
		}
	}
	return false
}

func contains(list []netip.Addr, a netip.Addr) bool {
	for _, o := range list {
		if o == a {
			return true
		}
	}
	return false
}
