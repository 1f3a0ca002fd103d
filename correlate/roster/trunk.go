package roster

import (
	"net/netip"
	"slices"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/decode"
)

// downAfter is how many OPTIONS in a row have to stay unanswered for a trunk
// to be down (spec §3.7).
const downAfter = 3

// A Trunk is a destination that a source asks with OPTIONS whether it is
// there. Those within a dialog are audits of a call and do not count.
type Trunk struct {
	Source      netip.AddrPort // of the latest; a connection has another port each time
	Destination netip.AddrPort
	Transport   decode.Transport
	State       State // Up, Down, Pending or Unknown
	Since       int64 // Unix ns: the first answer, or the first that was not given; 0 while Pending or Unknown

	Sent, Answered, Lost, Open int // Open: their time has not run out, or the capture hides the answer
	Retransmissions            int
	Responses                  []StatusCount
	UserAgent, Server          string

	// From a request to its final response, ns; -1 when there is none.
	DelayMin, DelayMean, DelayP95, DelayMax int64
	First, LastSent, LastAnswer             int64 // Unix ns; 0 when there is none

	Changes []Change // the latest
	Before  int      // changes that are not in Changes
	Frames  []int    // the latest

	delays []int64
	missed []*correlate.Message // unanswered in a row
}

// A StatusCount is how many final responses had a status.
type StatusCount struct{ Status, Count int }

// addStatus counts a status; those beyond the bound are counted under 0.
func addStatus(list []StatusCount, status int) []StatusCount {
	i := slices.IndexFunc(list, func(c StatusCount) bool { return c.Status == status })
	switch {
	case i >= 0:
		list[i].Count++
		return list
	case len(list) >= maxKinds && status != 0:
		return addStatus(list, 0)
	}
	return append(list, StatusCount{status, 1})
}

// A trunkKey leaves out the source port of connections, which is another each
// time.
type trunkKey struct {
	source, destination netip.AddrPort
	transport           decode.Transport
}

func (c *collector) trunks() (list []*Trunk, omitted int) {
	byKey, beyond := make(map[trunkKey]*Trunk), make(map[trunkKey]struct{})
	for _, x := range inOrder(c.options) {
		if x.request == nil || x.request.ToTag != "" {
			continue
		}
		key := trunkKey{x.request.Src, x.request.Dst, x.request.Transport}
		if key.transport != decode.UDP {
			key.source = netip.AddrPortFrom(key.source.Addr(), 0)
		}
		t := byKey[key]
		if t == nil {
			if len(list) >= maxRecords {
				beyond[key] = struct{}{}
				continue
			}
			t = &Trunk{Destination: key.destination, Transport: key.transport, State: Pending, First: x.at()}
			byKey[key] = t
			list = append(list, t)
		}
		t.take(c, x)
	}
	for _, t := range list {
		t.finish()
	}
	return list, len(beyond)
}

func (t *Trunk) take(c *collector, x *exchange) {
	t.Sent++
	t.Source, t.LastSent = x.request.Src, x.at()
	t.Retransmissions += x.copies
	t.Frames = x.frames(t.Frames, new(int))
	if t.Sent <= describedBy {
		t.describe(c, x)
	}
	if x.final == nil {
		t.unanswered(x, x.unanswered(c.now))
		return
	}
	t.Answered++
	t.LastAnswer = max(t.LastAnswer, x.final.Nanos)
	t.delays = append(t.delays, x.delay())
	t.Responses = addStatus(t.Responses, x.status())
	t.missed = t.missed[:0]
	if code := x.status(); code == 408 || code >= 500 && code < 600 {
		t.turn(Down, x.final.Nanos, x.final.Frame, code, "")
		return
	}
	t.turn(Up, x.final.Nanos, x.final.Frame, x.status(), "") // any other answer shows that somebody is there
}

// unanswered counts what has no response. The trunk is down since the first
// request of the row, though that is known only after the last one's time ran out.
func (t *Trunk) unanswered(x *exchange, how State) {
	if how != NoReply {
		t.Open++
		if how == Unknown && t.State == Pending {
			t.State = Unknown
		}
		return
	}
	t.Lost++
	t.missed = append(t.missed, x.request)
	if len(t.missed) == downAfter {
		first := t.missed[0]
		t.turn(Down, first.Nanos, first.Frame, 0, strconv.Itoa(downAfter)+" unanswered in a row")
	}
	if len(t.missed) > downAfter {
		t.missed = t.missed[:downAfter+1] // enough to know that it was said
	}
}

func (t *Trunk) turn(to State, at int64, frame, status int, why string) {
	if t.State == to {
		return
	}
	t.State, t.Since = to, at
	t.Changes = tail(t.Changes, Change{At: at, Frame: frame, State: to, Status: status, Detail: why}, maxChanges, &t.Before)
}

// describedBy is how many exchanges are read to find who both sides are.
const describedBy = 5

func (t *Trunk) describe(c *collector, x *exchange) {
	t.UserAgent = kept(t.UserAgent, agentOf(c, x.request))
	if x.final != nil {
		t.Server = kept(t.Server, agentOf(c, x.final))
	}
}

// kept is a value that is not replaced once it is known.
func kept(have, now string) string {
	if have != "" {
		return have
	}
	return now
}

// finish works out the response times.
func (t *Trunk) finish() {
	t.DelayMin, t.DelayMean, t.DelayP95, t.DelayMax = -1, -1, -1, -1
	n := len(t.delays)
	if n > 0 {
		slices.Sort(t.delays)
		sum := int64(0)
		for _, d := range t.delays {
			sum += d
		}
		t.DelayMin, t.DelayMax, t.DelayMean = t.delays[0], t.delays[n-1], sum/int64(n)
		t.DelayP95 = t.delays[(95*n+99)/100-1] // nearest rank
	}
	t.delays, t.missed = nil, nil
}
