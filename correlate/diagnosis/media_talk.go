package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode/sdp"
)

// A talk is the media of one call as the rules about media see it: when people
// could speak, and what each side sent.
type talk struct {
	up       bool  // the call was answered, and the capture shows when
	from, to int64 // from the answer to the end, or to the latest packet of the capture
	over     bool  // the end was seen
	pauses   []stretch
	audio    [2][]*correlate.Stream // RTP by its sender, see side; without repairs
	others   []*correlate.Stream    // RTP that is not audio
}

// A stretch is a time, Unix ns.
type stretch struct{ from, to int64 }

// side is the place of a side in pairs of them.
func side(fromCaller bool) int {
	if fromCaller {
		return 0
	}
	return 1
}

// both are the two values of FromCaller.
func both() [2]bool { return [2]bool{true, false} }

// sideName names a side. When the call began before the capture nobody knows
// who called whom.
func (c *Case) sideName(caller bool) string {
	switch {
	case c.Call.RolesUnknown && caller:
		return "one side"
	case c.Call.RolesUnknown:
		return "the other side"
	case caller:
		return "the caller"
	}
	return "the callee"
}

// sideFirst is sideName at the start of a sentence.
func (c *Case) sideFirst(caller bool) string {
	name := c.sideName(caller)
	return strings.ToUpper(name[:1]) + name[1:]
}

// Talk is made when it is asked for.
func (c *Case) Talk() *talk {
	if c.talked != nil {
		return c.talked
	}
	k := &talk{from: c.Call.Answered, to: c.Call.Ended, over: c.Call.Ended != 0}
	c.talked = k
	k.up = k.from != 0 && !c.Call.RolesUnknown
	if !k.over {
		k.to = c.Now
	}
	k.pauses = pausesOf(c.Call, k.to)
	for _, s := range c.Streams {
		switch {
		case s.Packets == 0 || s.UDPTL || s.Repair:
		case isAudio(s):
			i := side(s.FromCaller)
			k.audio[i] = append(k.audio[i], s)
		default:
			k.others = append(k.others, s)
		}
	}
	return k
}

func isAudio(s *correlate.Stream) bool { return s.Media == "audio" || s.Media == "" && s.Codec != "" }

// pausesOf are the times in which nobody is expected to speak: on hold, and
// while a fax goes over the call.
func pausesOf(c *correlate.Call, end int64) (list []stretch) {
	for i := range c.Holds {
		list = append(list, stretch{c.Holds[i].From, orEnd(c.Holds[i].To, end)})
	}
	var fax int64
	for i := range c.Story {
		switch s := &c.Story[i]; {
		case s.Kind == correlate.StepFaxStarted && fax == 0:
			fax = s.Nanos
		case s.Kind == correlate.StepFaxEnded && fax != 0:
			list = append(list, stretch{fax, s.Nanos})
			fax = 0
		}
	}
	if fax != 0 {
		list = append(list, stretch{fax, end})
	}
	return list
}

func orEnd(to, end int64) int64 {
	if to == 0 {
		return end
	}
	return to
}

// paused reports whether a time touches a pause, with a second to either side
// for what is on its way.
func (k *talk) paused(from, to int64) bool {
	return slices.ContainsFunc(k.pauses, func(p stretch) bool { return from < p.to+second && to > p.from-second })
}

// length is how long people could speak, ns.
func (k *talk) length() int64 {
	if !k.up {
		return 0
	}
	sum := k.to - k.from
	for _, p := range k.pauses {
		sum -= max(0, min(p.to, k.to)-max(p.from, k.from))
	}
	return max(sum, 0)
}

// packets counts the audio of a side within a time.
func (k *talk) packets(fromCaller bool, from, to int64) (n uint64) {
	for _, s := range k.audio[side(fromCaller)] {
		n += packetsBetween(s, from, to)
	}
	return n
}

// packetsBetween is about how many packets of a stream came within a time.
func packetsBetween(s *correlate.Stream, from, to int64) uint64 {
	switch {
	case s.Last < from || s.First > to || from > to:
		return 0
	case s.First >= from && s.Last <= to:
		return s.Packets
	}
	q := &s.Quality
	if q.SecondCount() == 0 || q.SecondWidth == 0 {
		return uint64(float64(s.Packets) * share(s.First, s.Last, from, to))
	}
	var sum float64
	for i := range q.SecondCount() {
		v := q.Second(i)
		begin := q.SecondStart + int64(i)*int64(q.SecondWidth)
		end := min(begin+int64(q.SecondWidth), max(s.Last, begin+1))
		sum += float64(v.Expected-min(v.Lost, v.Expected)) * share(begin, end, from, to)
	}
	return uint64(sum + 0.5)
}

// intervalNanos is the length of the intervals of quality.Report.
const intervalNanos = 5 * second

// share is how much of a time lies within another, 0 to 1.
func share(begin, end, from, to int64) float64 {
	if end <= begin {
		if begin >= from && begin <= to {
			return 1
		}
		return 0
	}
	return float64(max(0, min(end, to)-max(begin, from))) / float64(end-begin)
}

// main is the audio of a side that most packets belong to, nil when there is
// none.
func (k *talk) main(fromCaller bool) *correlate.Stream {
	var most *correlate.Stream
	for _, s := range k.audio[side(fromCaller)] {
		if most == nil || s.Packets > most.Packets {
			most = s
		}
	}
	return most
}

// described are the descriptions of one side, in order of time.
func (c *Case) described(caller bool) (list []*correlate.Description) {
	for i := range c.Descriptions() {
		if d := &c.Descriptions()[i]; d.FromCaller == caller {
			list = append(list, d)
		}
	}
	return list
}

// audioLine is the first audio line in use of a description, nil when there is
// none.
func audioLine(s *sdp.Session) *sdp.Media {
	for i := range s.Media {
		if m := &s.Media[i]; strings.EqualFold(m.Type, "audio") && m.Port != 0 && m.RTP() {
			return m
		}
	}
	return nil
}

// placeOf is where a line wants its packets; ok is false when it does not say.
func placeOf(m *sdp.Media) (at netip.AddrPort, ok bool) {
	if m == nil || m.Port == 0 || !m.Address.IsValid() || m.Address.IsUnspecified() {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(m.Address, m.Port), true
}

// usesICE reports whether a side listed candidates.
func (c *Case) usesICE(caller bool) bool {
	for _, d := range c.described(caller) {
		for i := range d.SDP.Media {
			if len(d.SDP.Media[i].Candidates) > 0 {
				return true
			}
		}
	}
	return false
}

// hosts are the addresses of a side: where it wants media, where its streams
// and its messages come from.
func (c *Case) hosts(caller bool) (list []netip.Addr) {
	add := func(a netip.Addr) {
		if a.IsValid() && !a.IsUnspecified() && !slices.Contains(list, a) && len(list) < 32 {
			list = append(list, a)
		}
	}
	for _, s := range c.Talk().audio[side(caller)] {
		add(s.Src.Addr())
	}
	for _, d := range c.described(caller) {
		for i := range d.SDP.Media {
			add(d.SDP.Media[i].Address)
		}
		add(d.Src.Addr())
	}
	return list
}

// ownHosts are the addresses of a side without those of servers that handed on what
// it said.
func (c *Case) ownHosts(caller bool) (list []netip.Addr) {
	var relays []netip.Addr
	for _, d := range c.described(caller) {
		relays = append(relays, d.Dst.Addr())
	}
	for _, d := range c.described(!caller) {
		relays = append(relays, d.Src.Addr())
	}
	for _, a := range c.hosts(caller) {
		if !slices.Contains(relays, a) {
			list = append(list, a)
		}
	}
	return list
}

// absent adds to a draft that it relies on nothing having come from a side: by
// a way from one of its own hosts that the capture shows, if there is one.
func (c *Case) absent(d *Draft, fromCaller bool, nanos int64) *Draft {
	var first *absence
	to := append(c.hosts(!fromCaller), c.namedHosts()...)
	for _, from := range c.ownHosts(fromCaller) {
		for _, to := range to {
			if from == to {
				continue
			}
			if c.Saw(from, to, nanos) && !c.everything().Links.Blind(from, to) {
				return d.Absent(from, to, nanos)
			}
			if first == nil {
				first = &absence{from, to, nanos}
			}
		}
	}
	if first != nil {
		d.Absent(first.from, first.to, nanos)
	}
	return d
}

// Stream adds a measured value of a stream to the evidence, with its first
// packet.
func (d *Draft) Stream(s *correlate.Stream, text string, args ...any) *Draft {
	return d.StreamAt(s, s.FirstFrame, s.First, text, args...)
}

// StreamAt is Stream with another packet.
func (d *Draft) StreamAt(s *correlate.Stream, frame int, nanos int64, text string, args ...any) *Draft {
	return d.Show(correlate.Evidence{Frame: frame, Nanos: nanos, Stream: s.ID, Text: fmt.Sprintf(text, args...)})
}

// StreamGap is Stream with the packet behind the longest gap, where there is one.
func (d *Draft) StreamGap(s *correlate.Stream, text string, args ...any) *Draft {
	if s.Quality.DeltaMaxFrame == 0 {
		return d.Stream(s, text, args...)
	}
	return d.StreamAt(s, s.Quality.DeltaMaxFrame, s.Quality.DeltaMaxAt, text, args...)
}

// StreamOther is Stream with another packet whose time nobody kept; the finding
// is of the time when the stream began.
func (d *Draft) StreamOther(s *correlate.Stream, frame int, text string, args ...any) *Draft {
	if d.Nanos == 0 {
		d.Nanos = s.First
	}
	return d.StreamAt(s, frame, 0, text, args...)
}

// answer is the 2xx that answered the call, nil when it was not captured.
func (c *Case) answer() *correlate.Message {
	for _, m := range c.Messages() {
		if m.Method == "" && m.StatusCode/100 == 2 && m.CSeq.Method == "INVITE" && m.Nanos >= c.Call.Answered && !m.Duplicate {
			return m
		}
	}
	return nil
}

// ends names the two ends of a stream.
func ends(s *correlate.Stream) string { return s.Src.String() + " to " + s.Dst.String() }

// percentOf is a share in percent, 0 of nothing.
func percentOf(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// missing are the times of a stream in which the sender went on and nothing
// arrived, from a length on.
func missing(s *correlate.Stream, least int64) (list []quality.Outage) {
	for _, h := range s.Quality.Outages {
		if h.End-h.Start >= least {
			list = append(list, h)
		}
	}
	return list
}

// clock writes the time of day of a packet, UTC.
func clock(nanos int64) string {
	n := nanos / 1e8 % (24 * 3600 * 10)
	return fmt.Sprintf("%02d:%02d:%02d.%d", n/36000, n/600%60, n/10%60, n%10)
}
