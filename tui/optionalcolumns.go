package tui

import (
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/cells"
	custom "sipsniff/internal/column"
	"sipsniff/tui/ladder"
)

// assertedHeader is what the column of the P-Asserted-Identity reads.
func assertedHeader() custom.Set {
	c, err := custom.Parse("PAI=header:P-Asserted-Identity")
	if err != nil {
		panic(err) // it is written above
	}
	return custom.Set{c}
}

// optionalColumns are those that the list has when they are asked for.
func (v *callsView) optionalColumns() []column {
	return []column{
		v.column(column{id: "why", title: "Why", min: 16, ideal: 40, max: 80, prio: 13, elastic: true, optional: true}, v.verdict),
		v.column(column{id: "agent", title: "User-Agent", min: 10, ideal: 20, max: 40, prio: 13, elastic: true, optional: true}, v.agent),
		v.column(column{id: "reason", title: "Reason", min: 8, ideal: 16, max: 40, prio: 13, elastic: true, optional: true}, v.reason),
		v.column(column{id: "pai", title: "PAI", min: 13, ideal: 16, max: 30, prio: 13, elastic: true, optional: true}, v.asserted),
		v.column(column{id: "rtt", title: "RTT", min: 5, ideal: 5, max: 5, prio: 13, right: true, optional: true}, v.roundTrip),
		v.column(column{id: "dtmf", title: "DTMF", min: 6, ideal: 8, max: 20, prio: 13, elastic: true, optional: true}, v.digits),
		v.column(column{id: "bytes", title: "Bytes", min: 8, ideal: 8, max: 8, prio: 13, right: true, optional: true}, v.bytes),
		v.column(column{id: "transport", title: "Transport", short: "Tr", min: 4, ideal: 4, max: 9, prio: 13, elastic: true, optional: true}, v.transport),
	}
}

// verdict is what best explains the call, "" when nothing needs to be explained.
func (v *callsView) verdict(c *correlate.Call, width int) cell {
	list := v.u.found.of(c.Index)
	if len(list) == 0 {
		return cell{}
	}
	return cell{text: cells.Cut(v.u.clean(list[0].Title), width, v.u.set.Ellipsis), role: severityRole(list[0].Severity)}
}

func (v *callsView) agent(c *correlate.Call, width int) cell {
	return cell{text: cells.CutMiddle(v.u.clean(c.UserAgent), width, v.u.set.Ellipsis)}
}

func (v *callsView) transport(c *correlate.Call, _ int) cell {
	return cell{text: strings.ToUpper(c.Transport.String())}
}

// reason is why the call ended: the cause of the Reason header, else what the
// final response says.
func (v *callsView) reason(c *correlate.Call, width int) cell {
	return cell{text: cells.Cut(v.u.clean(reasonOf(c)), width, v.u.set.Ellipsis)}
}

func reasonOf(c *correlate.Call) string {
	if c.Cause != "" {
		return briefCause(c.Cause)
	}
	return c.FinalReason
}

// asserted is the user of the P-Asserted-Identity, whom the network vouches for.
func (v *callsView) asserted(c *correlate.Call, width int) cell {
	return cell{text: cells.CutMiddle(v.u.clean(ladder.User(sip.ParseAddress(v.pai.value(c, 0)).URI)), width, v.u.set.Ellipsis)}
}

// bytes is what the media of the call took in IP packets, "" without any.
func (v *callsView) bytes(c *correlate.Call, _ int) cell {
	n := mediaOctets(v.u.streamsOf(c))
	if n == 0 {
		return cell{}
	}
	return cell{text: octets(n)}
}

// mediaOctets are those of the IP packets of some streams.
func mediaOctets(streams []*correlate.Stream) (n uint64) {
	for _, s := range streams {
		n += s.OctetsIP
	}
	return n
}

// roundTrip is in ms, as RTCP tells it.
func (v *callsView) roundTrip(c *correlate.Call, _ int) cell {
	ms := longestTrip(v.u.streamsOf(c))
	if ms < 0 {
		return cell{}
	}
	return cell{text: strconv.FormatFloat(ms, 'f', 0, 64)}
}

// longestTrip is the longest round trip of some streams in ms, negative when
// RTCP tells of none.
func longestTrip(streams []*correlate.Stream) float64 {
	longest := -1.0
	for _, s := range streams {
		longest = max(longest, 2*s.Control.OneWay())
	}
	return longest
}

// digits are the keys that were pressed.
func (v *callsView) digits(c *correlate.Call, width int) cell {
	return cell{text: cells.Cut(v.u.clean(correlate.Keys(c.DTMF, v.u.config.ShowKeys)), width, v.u.set.Ellipsis)}
}
