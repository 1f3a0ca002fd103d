package tui

import (
	"fmt"
	"net/netip"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// columns are those that the user wants.
func (v *streamsView) columns(width int) []column {
	return columnsIn(v.u.option("streams.columns"), v.allColumns(width))
}

// allColumns are those of the streams.
func (v *streamsView) allColumns(width int) []column {
	wide := width >= wideTabs
	of := func(c column, text func(s *correlate.Stream, width int) cell) column {
		c.cell = func(row, width int) cell { return text(v.shown.rows[row], width) }
		return c
	}
	return []column{
		of(column{id: "ssrc", title: "SSRC", min: 8, ideal: 8, max: 8}, v.ssrc),
		of(column{id: "source", title: "Source", min: 18, ideal: 21, max: 47, elastic: true}, func(s *correlate.Stream, w int) cell { return v.address(s.Src, w) }),
		of(column{id: "destination", title: "Destination", min: 18, ideal: 21, max: 47, elastic: true}, func(s *correlate.Stream, w int) cell { return v.address(s.Dst, w) }),
		of(column{id: "codec", title: "Codec", min: 5, ideal: 6, max: 8, prio: 1, elastic: true}, v.codec),
		of(column{id: "packets", title: "Pkts", min: 7, ideal: 7, max: 9, prio: 4, right: true}, func(s *correlate.Stream, w int) cell {
			return cell{text: figure.Fitted(s.Packets, w)}
		}),
		of(column{id: "loss", title: "Lost%", min: 5, ideal: 5, max: 5, prio: 2, right: true}, v.loss),
		of(column{id: "jitter", title: "Jit", min: 5, ideal: 5, max: 5, prio: 4, right: true}, v.jitter),
		of(column{id: "mos", title: "MOS", min: 4, ideal: 4, max: 4, prio: 1, right: true}, v.mos),
		of(column{id: "call", title: "Call", min: 8, ideal: 9, max: 10, elastic: true}, v.callCell),
		of(column{id: "flag", title: "Flag", min: 4, ideal: 13, max: 24, elastic: true, prio: 1}, v.flag),
		of(column{id: "first", title: "First", min: 8, ideal: 8, max: 8, prio: 8, optional: !wide}, func(s *correlate.Stream, _ int) cell { return v.clock(s.First) }),
		of(column{id: "last", title: "Last", min: 8, ideal: 8, max: 8, prio: 9, optional: !wide}, func(s *correlate.Stream, _ int) cell { return v.clock(s.Last) }),
		of(column{id: "reverse", title: "Reverse", min: 8, ideal: 8, max: 8, prio: 10, optional: !wide}, v.reverseCell),
		of(column{id: "guess", title: "Codec from", min: 10, ideal: 12, max: 30, prio: 11, elastic: true, optional: !wide}, func(s *correlate.Stream, _ int) cell {
			return cell{text: codecReason(s)}
		}),
	}
}

func (v *streamsView) ssrc(s *correlate.Stream, _ int) cell {
	if s.UDPTL {
		return cell{text: v.u.set.None}
	}
	return cell{text: fmt.Sprintf("%08x", s.SSRC)}
}

// address keeps the end of an address with its port: streams between the same
// hosts differ there.
func (v *streamsView) address(a netip.AddrPort, width int) cell {
	return cell{text: cells.CutMiddle(a.String(), width, v.u.set.Ellipsis)}
}

// codec is the encoding, with a question mark when it is guessed.
func (v *streamsView) codec(s *correlate.Stream, width int) cell {
	if s.Secure {
		return cell{text: "SRTP"}
	}
	name := ladder.StreamName(s, v.u.set.ASCII)
	if s.CodecFrom == "guess" || s.CodecFrom == "static" && s.Call == nil {
		return cell{text: cells.Cut(name, width-1, v.u.set.Ellipsis) + "?"}
	}
	return cell{text: name}
}

func (v *streamsView) loss(s *correlate.Stream, _ int) cell {
	if s.Quality.Expected == 0 || s.Repair {
		return cell{text: v.u.set.None}
	}
	text := figure.Percent(s.Quality.Lost, s.Quality.Expected)
	if v.u.drops.during(s.First, s.Last) {
		text = cells.Cut(text, 4, "") + "?"
	}
	return cell{text: text, role: v.u.lossRole(lossOf(s))}
}

func (v *streamsView) jitter(s *correlate.Stream, _ int) cell {
	if !s.Quality.HasJitter {
		return cell{text: v.u.set.None}
	}
	return cell{text: strconv.FormatFloat(s.Quality.JitterMean, 'f', 1, 64)}
}

func (v *streamsView) mos(s *correlate.Stream, _ int) cell {
	if !s.Score.Known {
		return cell{text: v.u.set.None}
	}
	text := figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())
	if v.u.drops.during(s.First, s.Last) {
		text = cells.Cut(text, 3, "") + "?"
	}
	return cell{text: text, role: v.u.mosRole(s.Score.MOS)}
}

// callCell is "#345 A▶": the call, its leg, and which way the stream goes.
func (v *streamsView) callCell(s *correlate.Stream, _ int) cell {
	c := v.u.callOf(s)
	switch {
	case c == nil && s.Call == nil:
		return cell{text: v.u.set.None + " orphan", role: roleWarn}
	case c == nil:
		return cell{text: fmt.Sprintf("#%d", s.Call.Index)}
	}
	arrow := v.u.set.Left
	if s.FromCaller {
		arrow = v.u.set.Right
	}
	return cell{text: fmt.Sprintf("#%d %s%s", c.Index, legOf(c), arrow)}
}

// legOf is the letter of a call among its legs.
func legOf(c *correlate.Call) string {
	for i := range c.Legs {
		if c.Legs[i].Ref.Index == c.Index {
			return ladder.Letter(i)
		}
	}
	return "A"
}

// flag is the first thing that is special about a stream.
func (v *streamsView) flag(s *correlate.Stream, _ int) cell {
	u := v.u
	call := v.u.callOf(s)
	if call != nil {
		if f := u.found.ofStream(call.Index, s.ID); f != nil {
			return cell{text: u.severityGlyph(f.Severity) + " " + f.Name, role: severityRole(f.Severity)}
		}
	}
	switch {
	case s.Call == nil && call != nil:
		return cell{text: "by hand"}
	case s.Fax != nil && s.Fax.Pages > 0:
		return cell{text: "fax, " + plural(s.Fax.Pages, "page")}
	case s.UDPTL:
		return cell{text: "fax"}
	case u.lossy(s):
		return cell{text: u.set.Warn + " loss", role: roleWarn}
	case s.Secure:
		return cell{text: "encrypted"}
	case s.Dst.Addr().IsMulticast():
		return cell{text: "multicast"}
	case s.Repair:
		return cell{text: "repair"}
	case s.Codec == "CN":
		return cell{text: "comfort noise"}
	case s.Call == nil && call == nil:
		return cell{text: "no SDP"}
	case s.CodecFrom == "static" || s.CodecFrom == "guess":
		return cell{text: "PT" + u.set.Apart + "SDP"}
	case s.Control != nil && s.Control.Only:
		return cell{text: "RTCP only"}
	}
	return cell{}
}

func (v *streamsView) clock(nanos int64) cell {
	if nanos == 0 {
		return cell{}
	}
	return cell{text: v.u.at(nanos).Format("15:04:05")}
}

func (v *streamsView) reverseCell(s *correlate.Stream, _ int) cell {
	if r := v.u.reverseOf(s); r != nil {
		return cell{text: fmt.Sprintf("%08x", r.SSRC)}
	}
	return cell{text: v.u.set.None}
}

// reverseOf is a stream between the same addresses the other way, nil when
// there is none.
func (u *UI) reverseOf(s *correlate.Stream) *correlate.Stream {
	if u.pairs.of != u.snap {
		u.pairs = newStreamPairs(u.snap)
	}
	return u.pairs.at[[2]netip.AddrPort{s.Dst, s.Src}]
}

// streamPairs finds streams by their addresses.
type streamPairs struct {
	of *correlate.Snapshot
	at map[[2]netip.AddrPort]*correlate.Stream
}

func newStreamPairs(snap *correlate.Snapshot) streamPairs {
	p := streamPairs{snap, make(map[[2]netip.AddrPort]*correlate.Stream, len(snap.Streams))}
	for _, s := range snap.Streams {
		p.at[[2]netip.AddrPort{s.Src, s.Dst}] = s
	}
	return p
}

// codecReason says where the codec is known from.
func codecReason(s *correlate.Stream) string {
	switch s.CodecFrom {
	case "sdp":
		return "SDP"
	case "static":
		return "PT " + strconv.Itoa(int(s.PayloadType)) + " is static"
	case "guess":
		return "guessed"
	}
	return ""
}
