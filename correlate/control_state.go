package correlate

import (
	"math/bits"
	"slices"
	"strings"
	"time"
	"unsafe"

	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// controlState is what a stream remembers of the RTCP about it.
type controlState struct {
	seen bool // something that belongs into a Control came
	only bool // no RTP was seen

	sent     SenderControl
	received ReceiverControl
	trip     RoundTrip
	compared LossSplit
	feedback FeedbackCount
	extended [rtp.KnownBlocks + 1]uint64

	wire   ControlWire
	frozen Freeze // that goes on; From is 0 when there is none
	stood  uint32 // the highest number that it has
	passed uint64 // packets of the stream that were seen when it began

	cname, goodbye string
	apps           uint64
	summary        *rtp.Summary
	voip           *rtp.VoIP

	base  senderMark   // the first sender report since the count began anew
	mark  receiverMark // the latest report block that the next is compared with
	odd   oddities
	units [2]uint32 // latest and highest plausible jitter, timestamp units
}

// senderMark is the sender's count and the probe's at one moment.
type senderMark struct {
	known   bool
	packets uint32
	span    uint64 // numbers expected at the probe
}

// receiverMark is where a report interval ends.
type receiverMark struct {
	known   bool
	highest uint32
	lost    int32
	at      int64 // highest as the probe numbers it; valid iff located
	located bool
}

// oddities counts what cannot be.
type oddities struct {
	jitter, order, delay uint64
	fractions, mismatch  uint64 // report intervals that were checked, and whose fraction is wrong
}

const (
	controlSize      = int64(unsafe.Sizeof(controlState{}) + unsafe.Sizeof(rtp.Summary{}) + unsafe.Sizeof(rtp.VoIP{}) + 64) // with its texts
	maxControlText   = 255                                                                                                  // octets, as SDES items have
	jitterLimit      = 2                                                                                                    // s
	maxTrip          = 10 * time.Second
	tripTolerance    = time.Millisecond
	maxReceiverDelay = 60 << 16 // 1/65536 s
	maxInterval      = 1 << 20  // packets between two reports; what is beyond begins anew
)

// controlOf is the state of a flow, made when there is none.
func (t *streamTable) controlOf(f *flow) *controlState {
	s := t.controlBegun(f)
	s.seen = true
	return s
}

// controlBegun is controlOf for what does not by itself make a Control.
func (t *streamTable) controlBegun(f *flow) *controlState {
	if f.reports == nil {
		f.reports = &controlState{trip: RoundTrip{Near: -1, Far: -1, Total: -1, Worst: -1}}
		t.reporting++
	}
	return f.reports
}

// sender takes a sender report of the stream.
func (s *controlState) sender(info *rtp.SenderInfo, f *flow) {
	span := f.account.Expected()
	if !s.base.known || info.Packets < s.sent.Packets || span < s.base.span {
		s.base = senderMark{true, info.Packets, span}
	}
	s.sent.Reports++
	s.sent.Packets, s.sent.Octets = info.Packets, info.Octets
	s.sent.Counted, s.sent.Span = uint64(info.Packets-s.base.packets), span-s.base.span
	s.sent.Comparable = !s.only && s.sent.Counted > 0 && s.base.span > 0
}

// block takes a report block about the stream, sent by ssrc.
func (s *controlState) block(b *rtp.ReportBlock, f *flow, ssrc uint32, nanos int64, frame int) {
	r := &s.received
	if r.Reports == 0 {
		r.First = nanos
	} else if r.SSRC != ssrc || b.Highest < s.mark.highest {
		s.mark = receiverMark{} // another receiver, or one that began anew
		s.frozen = Freeze{}
	}
	r.Reports++
	r.SSRC, r.Last = ssrc, max(r.Last, nanos)
	r.Fraction = float64(b.FractionLost) / 256
	r.WorstFraction = max(r.WorstFraction, r.Fraction)
	r.CumulativeLost, r.Highest = b.CumulativeLost, b.Highest
	s.freeze(b, f, nanos, frame)
	s.jitter(b, f)
	s.interval(b, f)
}

// freeze follows how long the highest number of the reports stands still, and
// what passed the probe meanwhile.
func (s *controlState) freeze(b *rtp.ReportBlock, f *flow, nanos int64, frame int) {
	now := &s.frozen
	if now.From == 0 || b.Highest != s.stood {
		*now, s.stood, s.passed = Freeze{From: nanos, To: nanos, Frame: frame}, b.Highest, f.wire-f.copies
		return
	}
	now.Reports++
	now.To, now.Frame = max(now.To, nanos), frame
	now.Packets = f.wire - f.copies - s.passed
	if worst := &s.received.Frozen; now.To-now.From >= worst.To-worst.From {
		*worst = *now
	}
}

// count counts a packet of RTCP that the source of the stream sent.
func (w *ControlWire) count(p *decode.Packet, wireLength int) {
	if w.Packets == 0 {
		w.First = p.Nanos
	}
	w.Packets++
	w.Octets += uint64(wireLength) + uint64(p.OverheadIP)
	w.Last = max(w.Last, p.Nanos)
}

// jitter takes the jitter of a block; beyond two seconds it is none.
func (s *controlState) jitter(b *rtp.ReportBlock, f *flow) {
	clock := f.clockRate()
	if clock > 0 && uint64(b.Jitter) > jitterLimit*uint64(clock) {
		s.odd.jitter++
		return
	}
	s.units[0] = b.Jitter
	s.units[1] = max(s.units[1], b.Jitter)
	s.received.HasJitter = true
}

// interval compares a block with the one before: what was lost in between at
// the receiver, and of the same packets at the probe.
func (s *controlState) interval(b *rtp.ReportBlock, f *flow) {
	now := receiverMark{known: true, highest: b.Highest, lost: b.CumulativeLost}
	now.at, now.located = f.account.Locate(uint16(b.Highest))
	before := s.mark
	s.mark = now
	if !before.known {
		s.first(b, f, now)
		return
	}
	expected, lost := int64(b.Highest-before.highest), int64(b.CumulativeLost-before.lost)
	if expected == 0 || expected > maxInterval {
		return
	}
	if s.check(b, expected, lost); lost > expected {
		return // it cannot be
	}
	s.received.Expected += expected
	s.received.Lost += lost
	if !before.located || !now.located || now.at-before.at != expected {
		return
	}
	if missing, ok := f.account.Missing(before.at, now.at); ok {
		s.compare(expected, lost, int64(missing))
	}
}

// first takes the first block of a receiver. What its losses are counted from
// is known when the probe saw the first packet that it saw: then the share
// over the interval is that of all packets so far.
func (s *controlState) first(b *rtp.ReportBlock, f *flow, now receiverMark) {
	begin := f.account.Begin()
	expected, lost := now.at-begin, int64(b.CumulativeLost)
	if s.only {
		expected = int64(s.sent.Packets)
	}
	if expected <= 0 || expected > maxInterval || !now.located && !s.only || lost > expected || !fits(b.FractionLost, expected, lost) {
		return
	}
	s.received.Expected += expected
	s.received.Lost += lost
	if missing, ok := f.account.Missing(begin, now.at); ok && !s.only {
		s.compare(expected, lost, int64(missing))
	}
}

// fits reports whether a fraction lost is that of so many packets, but for
// rounding and the packets at the edges of an interval.
func fits(fraction uint8, expected, lost int64) bool {
	const edge = 8 // packets that one side may have expected more
	share := int64(fraction)
	d := share*expected - max(lost, 0)*256
	return max(d, -d) <= expected+256+edge*share
}

// check compares the fraction with what the cumulative counts say.
func (s *controlState) check(b *rtp.ReportBlock, expected, lost int64) {
	s.odd.fractions++
	if lost > expected || !fits(b.FractionLost, expected, lost) {
		s.odd.mismatch++
	}
}

func (s *controlState) compare(expected, lost, missing int64) {
	c := &s.compared
	c.Intervals++
	c.Packets += expected
	c.Reported += lost
	c.Here += missing
}

// roundTrip takes a measurement of one half of the way.
func (s *controlState) roundTrip(far bool, d time.Duration) {
	t := &s.trip
	if far {
		t.Far = d
	} else {
		t.Near = d
	}
	t.Count++
	if t.Near >= 0 && t.Far >= 0 {
		t.Total = t.Near + t.Far
		t.Worst = max(t.Worst, t.Total)
	}
}

// control is the published form; nil when RTCP said nothing.
func (f *flow) control(clock uint32) *Control {
	s := f.reports
	if s == nil || !s.seen {
		return nil
	}
	c := &Control{Only: s.only, Sent: s.sent, Received: s.received, Trip: s.trip, Compared: s.compared, Feedback: s.feedback, Wire: s.wire,
		CNAME: s.cname, Goodbye: s.goodbye, Apps: s.apps, Extended: s.extended, Summary: s.summary, VoIP: s.voip}
	if r := &c.Received; clock > 0 {
		r.Jitter, r.WorstJitter = float64(s.units[0])*1000/float64(clock), float64(s.units[1])*1000/float64(clock)
	} else {
		r.HasJitter = false
	}
	c.Received.Implausible = s.odd.names()
	return c
}

// names lists what cannot be. One interval whose fraction does not fit may be
// two, of which a report was lost; a habit of it is a fault.
func (o *oddities) names() []string {
	var names []string
	if o.jitter > 0 {
		names = append(names, "jitter")
	}
	if o.mismatch >= 2 && o.mismatch*4 > o.fractions {
		names = append(names, "loss")
	}
	if o.order > 0 {
		names = append(names, "last_sr")
	}
	if o.delay > 0 {
		names = append(names, "delay")
	}
	return names
}

// clockRate is that of the latest packet's payload type, else of the first
// format that a description names; 0 when unknown.
func (f *flow) clockRate() uint32 {
	if f.known && f.format.clock > 0 {
		return f.format.clock
	}
	if first, _ := f.assumed(); first != nil {
		return first.clock
	}
	return 0
}

// controlText copies a text out of a packet.
func controlText(s string) string {
	return strings.Clone(s[:min(len(s), maxControlText)])
}

// swapped reports whether a value is another with its octets the other way
// round.
func swapped(a, b uint32) bool { return a != b && bits.ReverseBytes32(a) == b }

// assumed is the format that a stream without packets most likely has: the
// first of the newer description that carries media. It is sure when there is
// no other.
func (f *flow) assumed() (first *format, sure bool) {
	lines := []*mediaLine{f.receiver, f.sender}
	if f.sender != nil && f.receiver != nil && f.sender.party.order > f.receiver.party.order {
		slices.Reverse(lines)
	}
	for _, l := range lines {
		if l == nil {
			continue
		}
		others := 0
		for i := range l.formats {
			switch {
			case l.formats[i].role != quality.Media:
			case first == nil:
				first = &l.formats[i]
			default:
				others++
			}
		}
		if first != nil {
			return first, others == 0
		}
	}
	return nil, false
}
