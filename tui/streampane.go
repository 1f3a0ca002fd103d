package tui

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// mostDescriptions bounds the messages that are searched for an address.
const mostDescriptions = 200_000

// drawPane tells more of the stream under the cursor: why it is in no call, or
// what it is in its call.
func (v *streamsView) drawPane(c canvas) {
	s := v.current()
	if s == nil {
		return
	}
	u := v.u
	title := fmt.Sprintf("%08x", s.SSRC)
	if s.UDPTL {
		title = "T.38"
	}
	var lines []string
	if call := u.callOf(s); call != nil {
		from, to := u.parties(call)
		title += fmt.Sprintf(" %s #%d %s %s %s %s %s", u.set.Dot, call.Index, from, u.set.To, to, u.set.Dot, call.Word())
		lines = v.tiedLines(s)
	} else {
		title += ": why is it not in a call?"
		lines = append(v.why[s.ID], v.guessLines(s)...)
		lines = append(lines, "Enter media view "+u.set.Dot+" b bind to a call by hand "+u.set.Dot+" / filter by an address")
	}
	u.rule(c, 0, title, "")
	for i, line := range lines {
		if i+1 < c.h {
			c.text(1, 1+i, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
		}
	}
}

// tiedLines are what is known of a stream in a call.
func (v *streamsView) tiedLines(s *correlate.Stream) []string {
	u := v.u
	lines := []string{fmt.Sprintf("%s %s %s   %s   %s %s %s", s.Src, u.set.To, s.Dst, u.streamSummary(s),
		u.at(s.First).Format("15:04:05.000"), u.set.To, u.at(s.Last).Format("15:04:05.000"))}
	if s.Score.Known {
		lines = append(lines, "MOS "+figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())+" "+v.sparks.of(u, s, 40))
	} else if s.Score.Reason != "" {
		lines = append(lines, "no MOS: "+strings.ReplaceAll(s.Score.Reason, "_", " "))
	}
	if r := u.reverseOf(s); r != nil {
		lines = append(lines, fmt.Sprintf("Reverse stream: %08x, %s", r.SSRC, packetsOf(r)))
	} else {
		lines = append(lines, "Reverse stream: none between these addresses")
	}
	if s.DescribedSrc.IsValid() {
		lines = append(lines, fmt.Sprintf("The SDP of the sender names %s: NAT, or a relay", s.DescribedSrc))
	}
	return append(lines, "Enter media view "+u.set.Dot+" x its call "+u.set.Dot+" / filter by an address")
}

// guessLines are what the packets of an orphan say by themselves.
func (v *streamsView) guessLines(s *correlate.Stream) []string {
	u := v.u
	line := "First packet " + u.at(s.First).Format("15:04:05.000")
	if u.snap.First > 0 && s.First >= u.snap.First {
		line += ", " + figure.Uptime(time.Duration(s.First-u.snap.First)) + " after the capture began"
	}
	if span := s.Last - s.First; span > 0 && s.Packets > 1 {
		line += fmt.Sprintf(", %.0f packets/s", float64(s.Packets-1)*1e9/float64(span))
	}
	line += ", PT " + strconv.Itoa(int(s.PayloadType)) + ","
	kind := "unknown codec"
	if s.Codec != "" {
		kind = "looks like " + u.clean(s.Codec)
	}
	if s.Quality.PTime > 0 {
		kind += fmt.Sprintf(", %.0f ms", s.Quality.PTime)
	}
	why := codecReason(s)
	if s.CodecFrom == "static" {
		why = "a guess: " + why
	}
	if why != "" {
		kind += " (" + why + ")"
	}
	if s.Packets > 0 {
		kind = figure.Counted(s.Octets/s.Packets, "byte") + ": " + kind
	}
	if s.Detected != "" {
		kind += "; that it is RTP is " + s.Detected
	}
	reverse := "Reverse stream: none seen " + u.set.To + " one-way."
	if r := u.reverseOf(s); r != nil {
		reverse = fmt.Sprintf("Reverse stream: %08x, %s.", r.SSRC, packetsOf(r))
	}
	return []string{line, kind, reverse + u.hiddenSignalling()}
}

// hiddenSignalling says where the signalling may be, from what was seen.
func (u *UI) hiddenSignalling() string {
	switch {
	case u.status.TLSHidden > 0:
		return fmt.Sprintf("   Signalling may be in %s that cannot be read.", plural(u.status.TLSHidden, "TLS connection"))
	case len(u.snap.Calls) == 0:
		return "   There is no SIP at all in the capture."
	}
	return "   Signalling may be on another host, or from before the capture began."
}

// explain looks for descriptions that name the addresses of the stream under
// the cursor.
func (v *streamsView) explain() {
	s := v.current()
	if s == nil || v.u.callOf(s) != nil {
		return
	}
	snap := v.u.snap
	v.u.workshop.do(func() func() {
		lines := whyOrphan(snap, s)
		return func() {
			if len(v.why) > 1000 {
				clear(v.why)
			}
			v.why[s.ID] = lines
		}
	})
}

// whyOrphan says which of the addresses of a stream a description names, and
// whose.
func whyOrphan(snap *correlate.Snapshot, s *correlate.Stream) []string {
	left := mostDescriptions
	var src, dst *correlate.Call
	for _, c := range snap.Calls {
		for _, m := range c.Messages() {
			if left--; left < 0 {
				break
			}
			if m.SDP == nil {
				continue
			}
			for i := range m.SDP.Media {
				media := &m.SDP.Media[i]
				at := netip.AddrPortFrom(media.Address, media.Port)
				if at == s.Src && src == nil {
					src = c
				}
				if at == s.Dst && dst == nil {
					dst = c
				}
			}
		}
	}
	switch {
	case src == nil && dst == nil:
		return []string{fmt.Sprintf("No SDP in the capture names %s or %s.", s.Src, s.Dst)}
	case dst != nil:
		return []string{fmt.Sprintf("Call #%d names %s, but not when these packets came.", dst.Index, s.Dst)}
	}
	return []string{fmt.Sprintf("Call #%d names %s as where it receives; nobody names %s.", src.Index, s.Src, s.Dst)}
}
