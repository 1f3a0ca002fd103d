package correlate

import (
	"strconv"
	"strings"

	"sipsniff/correlate/fax"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
)

// faxTunnel is set in the keys of UDPTL: it has no SSRC and may have the
// addresses of RTP.
const faxTunnel = 1 << 31

// takeFax accounts a UDPTL packet that a description explains.
func (t *streamTable) takeFax(p *decode.Packet, b []byte, wireLength int, m *match) {
	k := t.keyOf(p, 0)
	k.tunnel |= faxTunnel
	f := t.flows.find(&k)
	if p.Duplicate {
		if f != nil {
			f.wire++
			f.copies++
			t.touch(f)
		}
		return
	}
	if f == nil || f.call != m.party().call && f.released(p.Nanos, m.party()) {
		f = t.newFlow(k, p)
		t.attachFax(f, m)
	}
	f.wire++
	f.last, f.lastFrame = p.Nanos, p.Frame
	f.first = min(f.first, p.Nanos)
	f.octets += uint64(wireLength)
	if marks := f.network.count(p, wireLength); marks != f.network.marks {
		f.turn(marks)
	}
	k.src, k.dst = k.dst, k.src
	var other *fax.Account
	if back := t.flows.find(&k); back != nil && back.call == f.call {
		other = back.carried.fax
		t.touch(back)
	}
	f.carried.fax.Add(b, wireLength, f.faxVersion(), other)
	f.call.facts.last = max(f.call.facts.last, p.Nanos)
	t.touch(f)
}

// attachFax makes a stream of the UDPTL packets of one direction.
func (t *streamTable) attachFax(f *flow, m *match) {
	t.roomForStream()
	f.carries().fax = new(fax.Account)
	f.call = m.party().call
	f.call.flows = append(f.call.flows, f)
	f.explain(m)
	f.call.facts.began(f)
	t.totals.Streams++
	t.fresh = append(t.fresh, f)
}

// faxVersion is the lower one of the versions of T.38 that both sides
// describe; 0 when a side does not say (T.38 annex D).
func (f *flow) faxVersion() int {
	version := -1
	for _, l := range [...]*mediaLine{f.receiver, f.sender} {
		if l == nil {
			continue
		}
		v := 0
		for _, a := range l.media.Attributes {
			if name, value, _ := strings.Cut(a, ":"); strings.EqualFold(name, "T38FaxVersion") {
				v, _ = strconv.Atoi(strings.TrimSpace(value))
			}
		}
		if version < 0 || v < version {
			version = v
		}
	}
	return max(version, 0)
}

// faxStream is the published form of a flow of UDPTL.
func (f *flow) faxStream() *Stream {
	account := f.carried.fax
	report := account.Report()
	s := &Stream{
		ID: f.id, Call: f.call.ref, Src: f.key.src, Dst: f.key.dst, Media: "fax", Codec: "T.38", UDPTL: true,
		FirstFrame: f.firstFrame, LastFrame: f.lastFrame, First: f.first, Last: f.last, CaptureDuplicates: f.copies,
		Octets: f.octets, FromCaller: f.fromCaller, Quality: account.Sequence.Report(), Fax: &report,
	}
	s.Packets = s.Quality.Received
	f.publishNetwork(s)
	return s
}

// isFax reports whether the flow is UDPTL.
func (f *flow) isFax() bool { return f.carried != nil && f.carried.fax != nil }

// recovered splits what was made good by its way. Packets that came late
// after all are taken off the retransmissions first.
func (c *carried) recovered(q *quality.Report) (blocks, again uint64) {
	over := c.recoveredBlocks + c.recoveredAgain - min(q.Recovered, c.recoveredBlocks+c.recoveredAgain)
	fromAgain := min(over, c.recoveredAgain)
	return c.recoveredBlocks - (over - fromAgain), c.recoveredAgain - fromAgain
}
