package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/amount"
)

func wrongPort(c *Case) {
	k := c.Talk()
	for _, caller := range both() {
		for _, s := range k.audio[side(caller)] {
			if e := unreachable(s); e != nil {
				d := c.Find("Nobody listens where %s sends its audio (%s): %s says %q.", c.sideName(caller), ends(s), e.From, e.Text())
				d.Confidence = correlate.Proven
				d.Stream(s, "audio to %s, %s", s.Dst, amount.Of(s.Packets, "packet"))
				for i, frame := range e.Frames[:min(len(e.Frames), 3)] {
					at := e.First
					if i > 0 {
						at = 0 // of the others the times are not kept
					}
					d.Frame(frame, at, "ICMP of %s: %s", e.From, e.Text())
				}
				continue
			}
			c.wrongDoor(k, s)
		}
	}
}

// unreachable is what ICMP says of a stream from its beginning, and that went
// on after it; nil when it does not: at the end of a call ports close before
// the last packets come, and who heard the beginning left later.
func unreachable(s *correlate.Stream) *correlate.NetworkError {
	for i := range s.NetworkErrors {
		e := &s.NetworkErrors[i]
		if e.Unreachable && e.Count >= 3 && e.Last-e.First >= second && e.First-s.First < 2*second {
			return e
		}
	}
	return nil
}

// wrongDoor looks whether a stream goes where its receiver does not want it.
func (c *Case) wrongDoor(k *talk, s *correlate.Stream) {
	least := uint64(c.Number("packets"))
	if s.Packets < least || c.usesICE(!s.FromCaller) {
		return
	}
	list := c.described(!s.FromCaller)
	if given, by := c.givenUp(list, s.Dst); given != nil {
		n := packetsBetween(s, by.Nanos+second, s.Last)
		if n < least || k.paused(by.Nanos, by.Nanos) && k.paused(s.Last, s.Last) || k.sendsFrom(!s.FromCaller, s.Dst, by.Nanos+second) {
			return
		}
		at, _ := placeOf(audioLine(by.SDP))
		d := c.Find("%s goes on sending to %s, which %s gave up for %s: %s after that.", c.sideFirst(s.FromCaller), s.Dst, c.sideName(!s.FromCaller), at, amount.Of(n, "packet"))
		d.Message(by.Message, "%s now wants its audio at %s", c.sideName(!s.FromCaller), at)
		d.StreamAt(s, s.LastFrame, s.Last, "still to %s", s.Dst)
		d.Message(given.Message, "%s wanted its audio at %s", c.sideName(!s.FromCaller), s.Dst)
		return
	}
	if k.sendsFrom(!s.FromCaller, s.Dst, 0) {
		return
	}
	for _, m := range list {
		if words := doorBeside(m, s.Dst); words != "" {
			at, _ := placeOf(audioLine(m.SDP))
			d := c.Find("%s sends %s to %s, %s; %s wants its audio at %s.", c.sideFirst(s.FromCaller), amount.Of(s.Packets, "packet"), s.Dst, words, c.sideName(!s.FromCaller), at)
			d.Stream(s, "audio to %s", s.Dst)
			d.Message(m.Message, "%s wants its audio at %s", c.sideName(!s.FromCaller), at)
			return
		}
	}
}

// sendsFrom reports whether a side sends from an address after a moment: then
// it also listens there, whatever it says.
func (k *talk) sendsFrom(fromCaller bool, at netip.AddrPort, since int64) bool {
	return slices.ContainsFunc(k.audio[side(fromCaller)], func(s *correlate.Stream) bool { return s.Src == at && s.Last > since })
}

// givenUp finds the description that asked for audio at an address, and the one
// after which it no longer holds: of the same dialog and hop, and accepted.
func (c *Case) givenUp(list []*correlate.Description, at netip.AddrPort) (given, by *correlate.Description) {
	for _, m := range list {
		now, ok := placeOf(audioLine(m.SDP))
		switch {
		case ok && now == at:
			given, by = m, nil
		case ok && given != nil && by == nil && sameHop(given, m) && c.accepted(m):
			by = m
		}
	}
	if by == nil {
		return nil, nil
	}
	return given, by
}

// sameHop reports whether two descriptions, the earlier first, are of one
// dialog, on one hop. An offer outside a dialog is of all that it makes.
func sameHop(a, b *correlate.Description) bool {
	if a.Src.Addr() != b.Src.Addr() || a.Dst.Addr() != b.Dst.Addr() {
		return false
	}
	if a.FromTag == b.FromTag {
		return a.ToTag == b.ToTag || a.ToTag == ""
	}
	return a.FromTag == b.ToTag && (a.ToTag == b.FromTag || a.ToTag == "")
}

// accepted reports whether a description took effect: it came in a 2xx or an
// ACK, or its request was answered by a 2xx.
func (c *Case) accepted(d *correlate.Description) bool {
	if d.Method == "" {
		return d.StatusCode/100 == 2
	}
	if d.Method == "ACK" {
		return true
	}
	return slices.ContainsFunc(c.Messages(), func(m *correlate.Message) bool {
		return m.Method == "" && m.StatusCode/100 == 2 && m.CSeq == d.CSeq && m.FromTag == d.FromTag
	})
}

// doorBeside says what an address is that is not the one of a description; ""
// when it is that one, or none near it.
func doorBeside(m *correlate.Description, at netip.AddrPort) string {
	line := audioLine(m.SDP)
	want, ok := placeOf(line)
	if !ok || want == at || want.Addr() != at.Addr() {
		return ""
	}
	control := want.Port() + 1
	if line.RTCP.Port() != 0 {
		control = line.RTCP.Port()
	}
	apart := int(at.Port()) - int(want.Port())
	switch {
	case at == m.Src:
		return "the port of its signalling"
	case at.Port() == control && !line.RTCPMux:
		return "the port for RTCP"
	case line.PortCount > 1 || otherLine(m.SDP, at):
		return ""
	case apart >= -2 && apart <= 2:
		return fmt.Sprintf("%d beside the port that was asked for", max(apart, -apart))
	}
	return ""
}

// otherLine reports whether another line of a description wants media at an
// address.
func otherLine(s *sdp.Session, at netip.AddrPort) bool {
	for i := range s.Media {
		if own, ok := placeOf(&s.Media[i]); ok && own == at {
			return true
		}
	}
	return false
}
