package tui

import (
	"strconv"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
	"sipsniff/tui/ladder"
)

// shortMethods are the methods in a column of four cells.
var shortMethods = map[string]string{
	"INVITE": "INV", "REGISTER": "REG", "SUBSCRIBE": "SUB", "NOTIFY": "NOT", "MESSAGE": "MSG",
	"OPTIONS": "OPT", "PUBLISH": "PUB", "REFER": "REF", "UPDATE": "UPD", "CANCEL": "CAN",
}

// narrowWidth is where From and To share a column.
const narrowWidth = 60

// callColumns are the columns that the user wants; on a narrow screen there is
// no choice.
func (v *callsView) callColumns(width int) []column {
	if width < narrowWidth {
		return v.allColumns(width)
	}
	return columnsIn(v.u.option("calls.columns"), v.allColumns(width))
}

// allColumns are the columns for what is in the snapshot now: columns that
// would be empty in every row are not among them.
func (v *callsView) allColumns(width int) []column {
	digits := max(4, len(strconv.Itoa(v.order.last)))
	number := column{id: "number", title: "#", min: digits, ideal: max(5, digits), max: max(5, digits), right: true, elastic: width >= 100}
	columns := []column{v.column(column{id: "problem", title: "!", min: 1, ideal: 1, max: 1}, v.problem), v.column(number, v.number)}
	if width < narrowWidth {
		return append(columns,
			v.column(column{id: "from", title: "From" + v.u.set.To + "To", min: 15, ideal: 30, max: 40, elastic: true}, v.bothParties),
			v.column(column{id: "state", title: "State", min: 10, ideal: 10, max: 10}, v.state))
	}
	methodPrio, methodMax := 1, 9
	if v.counts().oneMethod {
		methodPrio, methodMax = 5, 6
	}
	columns = append(columns,
		v.column(column{id: "time", title: clockTitles[v.clock], min: 8, ideal: 12, max: 12, prio: 1, elastic: true}, v.time),
		v.column(column{id: "method", title: "Method", short: "Meth", min: 4, ideal: 6, max: methodMax, prio: methodPrio, elastic: true}, v.method),
		v.column(column{id: "from", title: "From", min: 13, ideal: 16, max: 30, elastic: true}, v.from),
		v.column(column{id: "to", title: "To", min: 13, ideal: 16, max: 30, elastic: true}, v.to),
		v.column(column{id: "source", title: "Source", min: 17, ideal: 20, max: 47, prio: 11, elastic: true}, v.source),
		v.column(column{id: "destination", title: "Destination", min: 17, ideal: 20, max: 47, prio: 12, elastic: true}, v.destination),
		v.column(column{id: "state", title: "State", min: 10, ideal: 10, max: 10}, v.state),
		v.column(column{id: "code", title: "Code", min: 4, ideal: 4, max: 4, prio: 3, right: true}, v.code),
		v.column(column{id: "pdd", title: "PDD", min: 5, ideal: 5, max: 5, prio: 6, right: true}, v.pdd),
		v.column(column{id: "duration", title: "Dur", min: 5, ideal: 5, max: 8, prio: 3, right: true, elastic: true}, v.dur),
	)
	if len(v.u.snap.Streams) > 0 {
		columns = append(columns,
			v.column(column{id: "codec", title: "Codec", min: 6, ideal: 6, max: 10, prio: 8, elastic: true}, v.codec),
			v.column(column{id: "mos", title: "MOS", min: 4, ideal: 4, max: 4, prio: 1, right: true}, v.mos),
			v.column(column{id: "loss", title: "Loss%", min: 5, ideal: 5, max: 5, prio: 2, right: true}, v.loss),
			v.column(column{id: "jitter", title: "Jit", min: 5, ideal: 5, max: 5, prio: 7, right: true}, v.jitter),
			v.column(column{id: "spark", title: "MOS/time", min: 8, ideal: 8, max: 12, prio: 7, elastic: true}, v.spark))
	}
	messages := 4
	if v.counts().twice {
		messages = 6
	}
	columns = append(columns,
		v.column(column{id: "messages", title: "Msgs", min: messages, ideal: messages, max: 9, prio: 9, right: true, elastic: true}, v.messages),
		v.column(column{id: "legs", title: "Lg", min: 2, ideal: 2, max: 2, prio: 10, right: true}, v.legs),
		v.column(column{id: "callid", title: "Call-ID", min: 17, ideal: 17, max: 60, prio: 13, elastic: true}, v.callID))
	columns = append(columns, v.optionalColumns()...)
	return append(columns, v.customColumns()...)
}

// column gives c a cell function over calls.
func (v *callsView) column(c column, of func(c *correlate.Call, width int) cell) column {
	c.cell = func(row, width int) cell {
		call, left := v.lastSeen(row)
		if call == nil {
			return cell{}
		}
		out := of(call, width)
		if left {
			out.role = roleDim
		}
		return out
	}
	return c
}

// problem is the worst that was found out about the call.
func (v *callsView) problem(c *correlate.Call, _ int) cell {
	worst, found := v.u.found.worst(c.Index)
	if !found && len(remarks(c)) > 0 {
		return cell{text: v.u.set.Dot, role: roleDim}
	}
	if !found {
		return cell{}
	}
	return cell{text: v.u.severityGlyph(worst), role: severityRole(worst)}
}

func (v *callsView) legs(c *correlate.Call, _ int) cell {
	n := c.LegCount()
	if n > 99 {
		return cell{text: "99"}
	}
	return cell{text: strconv.Itoa(n)}
}

// spark is how the worst stream went on.
func (v *callsView) spark(c *correlate.Call, width int) cell {
	if c.Score == nil {
		return cell{}
	}
	return cell{text: v.sparks.of(v.u, streamAt(v.u.snap, c.Score.Stream), width), role: v.u.mosRole(c.Score.MOS)}
}

func (v *callsView) number(c *correlate.Call, _ int) cell { return cell{text: strconv.Itoa(c.Index)} }

func (v *callsView) method(c *correlate.Call, width int) cell {
	if short, ok := shortMethods[c.Method]; ok && width < len(c.Method) {
		return cell{text: short}
	}
	return cell{text: v.u.clean(c.Method)}
}

func (v *callsView) from(c *correlate.Call, width int) cell {
	return v.party(c, v.parties.from(c), width)
}
func (v *callsView) to(c *correlate.Call, width int) cell { return v.party(c, v.parties.to(c), width) }

// party shows an end of a call; of a long number the tail stays.
func (v *callsView) party(c *correlate.Call, name string, width int) cell {
	return cell{role: v.partyRole(c), text: cells.CutMiddle(v.u.clean(name), width, v.u.set.Ellipsis)}
}

func (v *callsView) bothParties(c *correlate.Call, width int) cell {
	from, to := v.u.clean(v.parties.from(c)), v.u.clean(v.parties.to(c))
	if v.parties == partyUser {
		from, to = v.u.parties(c)
	}
	half := (width - 1) / 2
	if rest := half - cells.Width(from); rest > 0 {
		half += rest
	}
	to = cells.CutMiddle(to, min(half, width-2), v.u.set.Ellipsis)
	from = cells.CutMiddle(from, width-1-cells.Width(to), v.u.set.Ellipsis)
	return cell{text: from + v.u.set.To + to}
}

func (v *callsView) state(c *correlate.Call, _ int) cell {
	return cell{text: c.Word(), role: classOf(c.State).role()}
}

func (v *callsView) code(c *correlate.Call, _ int) cell {
	switch {
	case c.FinalStatus > 0:
		return cell{text: strconv.Itoa(c.FinalStatus)}
	case c.State.Terminal():
		return cell{text: "---"}
	}
	return cell{}
}

func (v *callsView) pdd(c *correlate.Call, _ int) cell {
	if c.PostDialDelay < 0 {
		return cell{}
	}
	return cell{text: figure.Seconds(c.PostDialDelay)}
}

func (v *callsView) dur(c *correlate.Call, _ int) cell {
	d, ok := v.u.duration(c)
	if !ok {
		return cell{}
	}
	return cell{text: figure.Clock(d)}
}

func (v *callsView) codec(c *correlate.Call, _ int) cell {
	return cell{text: v.u.clean(v.u.codecOf(c))}
}

// mos is the estimate of the worst stream: "4.21", "~4.2" when it rests on an
// assumption, a dash when there is media but nothing to base one on.
func (v *callsView) mos(c *correlate.Call, _ int) cell {
	if c.Score == nil {
		if len(c.StreamIDs) > 0 {
			return cell{text: v.u.set.None}
		}
		return cell{}
	}
	return cell{text: v.u.doubt(c, figure.MOS(c.Score.MOS, c.Score.Assumed), 4), role: v.u.mosRole(c.Score.MOS)}
}

func (v *callsView) loss(c *correlate.Call, _ int) cell {
	s := worstLoss(v.u.streamsOf(c))
	if s == nil {
		return cell{}
	}
	return cell{text: v.u.doubt(c, figure.Percent(s.Quality.Lost, s.Quality.Expected), 5), role: v.u.lossRole(lossOf(s))}
}

func (v *callsView) jitter(c *correlate.Call, _ int) cell {
	s := worstJitter(v.u.streamsOf(c))
	if s == nil {
		return cell{}
	}
	return cell{text: strconv.FormatFloat(s.Quality.JitterMean, 'f', 1, 64)}
}

func (v *callsView) messages(c *correlate.Call, _ int) cell {
	text := strconv.Itoa(c.MessageCount)
	if c.Duplicates > 0 {
		text += v.u.set.Twin + strconv.Itoa(c.Duplicates)
	}
	return cell{text: text}
}

func (v *callsView) source(c *correlate.Call, width int) cell {
	return v.address(v.u.endpoint(c.Source), c.Source.IsValid(), width)
}

func (v *callsView) destination(c *correlate.Call, width int) cell {
	return v.address(v.u.endpoint(c.Destination), c.Destination.IsValid(), width)
}

func (v *callsView) address(s string, valid bool, width int) cell {
	if !valid {
		return cell{}
	}
	return cell{text: cells.CutMiddle(s, width, v.u.set.Ellipsis)}
}

func (v *callsView) callID(c *correlate.Call, width int) cell {
	return cell{text: cells.CutMiddle(v.u.clean(c.CallID), width, v.u.set.Ellipsis)}
}

// at is a capture time on the user's clock.
func (u *UI) at(nanos int64) time.Time { return time.Unix(0, nanos).In(u.config.Location) }

// parties are the two ends of a call as people call them, cleaned.
func (u *UI) parties(c *correlate.Call) (from, to string) {
	from, to = ladder.Parties(c)
	return u.clean(from), u.clean(to)
}

// duration is how long a call was up, or is up by the time of the capture.
func (u *UI) duration(c *correlate.Call) (nanos int64, ok bool) { return durationIn(u.snap, c) }

func durationIn(snap *correlate.Snapshot, c *correlate.Call) (nanos int64, ok bool) {
	switch {
	case c.Answered > 0 && c.Ended == 0 && classOf(c.State) == classUp:
		return max(0, snap.Last-c.Answered), true
	case c.Duration >= 0 && c.Answered > 0:
		return c.Duration, true
	}
	return 0, false
}

// streamsOf returns the streams of a call, in the order of their first packet,
// then those that were bound to it by hand.
func (u *UI) streamsOf(c *correlate.Call) []*correlate.Stream {
	if len(u.bound) > 0 {
		return append(streamsIn(u.snap, c), u.boundTo(c)...)
	}
	return streamsIn(u.snap, c)
}

func streamsIn(snap *correlate.Snapshot, c *correlate.Call) []*correlate.Stream {
	if len(c.StreamIDs) == 0 {
		return nil
	}
	out := make([]*correlate.Stream, 0, len(c.StreamIDs))
	for _, id := range c.StreamIDs {
		if s := streamAt(snap, id); s != nil {
			out = append(out, s)
		}
	}
	return out
}

// codecOf names the codec of the call's first stream that has one.
func (u *UI) codecOf(c *correlate.Call) string { return codecIn(u.snap, c) }

func codecIn(snap *correlate.Snapshot, c *correlate.Call) string {
	for _, s := range streamsIn(snap, c) {
		if s.Codec != "" && !s.Repair {
			return s.Codec
		}
	}
	return ""
}

func lossOf(s *correlate.Stream) float64 {
	return float64(s.Quality.Lost) / float64(max(1, s.Quality.Expected))
}

// worstLoss returns the stream that lost the largest part, nil when none can
// tell.
func worstLoss(streams []*correlate.Stream) *correlate.Stream {
	var worst *correlate.Stream
	for _, s := range streams {
		if s.Quality.Expected > 0 && !s.Repair && (worst == nil || lossOf(s) > lossOf(worst)) {
			worst = s
		}
	}
	return worst
}

// worstJitter returns the stream with the largest mean jitter, nil when none
// is known.
func worstJitter(streams []*correlate.Stream) *correlate.Stream {
	var worst *correlate.Stream
	for _, s := range streams {
		if s.Quality.HasJitter && (worst == nil || s.Quality.JitterMean > worst.Quality.JitterMean) {
			worst = s
		}
	}
	return worst
}
