package tui

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/metrics"
	"sipsniff/tui/figure"
)

// A class groups the states for the counts bar and for colours.
type class uint8

const (
	classUnknown class = iota
	classUp
	classSetup
	classOK
	classBusy
	classCancelled
	classDiverted
	classFailed
	classCount
)

func classOf(s correlate.State) class {
	switch s {
	case correlate.StateAnswered, correlate.StateInCall, correlate.StateHold, correlate.StateRenegotiating,
		correlate.StateTransferring, correlate.StatePartialInCall:
		return classUp
	case correlate.StateNew, correlate.StateTrying, correlate.StateRinging, correlate.StateEarly, correlate.StateQueued,
		correlate.StateAuth, correlate.StateRegistering, correlate.StateChallenged, correlate.StatePending:
		return classSetup
	case correlate.StateCompleted, correlate.StateEnding, correlate.StateRegistered, correlate.StateUnregistered,
		correlate.StateOK, correlate.StateSubscribed, correlate.StateTerminated:
		return classOK
	case correlate.StateBusy:
		return classBusy
	case correlate.StateCancelled, correlate.StateCancelling:
		return classCancelled
	case correlate.StateRedirected, correlate.StateMoved:
		return classDiverted
	case correlate.StateRejected, correlate.StateNoAnswer, correlate.StateFailed, correlate.StateTimeout,
		correlate.StateAuthFailed, correlate.StateDropped, correlate.StateNoReply:
		return classFailed
	}
	return classUnknown
}

func (c class) role() role {
	return [classCount]role{rolePlain, roleUp, roleSetup, roleGood, roleBusy, roleBusy, roleSetup, roleBad}[c]
}

// callCounts is the tally of the calls that the filter lets through.
type callCounts struct {
	classes       [classCount]int // of calls (INVITE)
	failures      map[failure]int // failed calls by what they failed with
	calls         int
	registrations int
	hidden        int // of methods that are hidden from the list of dialogs
	others        int
	method        string // of the rows while it is the same of all, "" without rows
	oneMethod     bool   // all rows shown have the same
	media         bool   // some have streams
	twice         bool   // some were captured twice

	brief  *metrics.Brief
	mos    float64 // sum of the scores
	scored int
	course [spanParts]part // of the scores, over the time of the capture
}

// spanParts is in how many parts the time of the capture is cut for the small
// chart of MOS.
const spanParts = 5

// A part is a sum and how many are in it.
type part struct {
	sum float64
	n   int
}

// A failure is a final status, or the word of the state where there was none.
type failure struct {
	status int
	word   string
}

func (f failure) String() string {
	if f.status > 0 {
		return strconv.Itoa(f.status)
	}
	return strings.ToLower(f.word)
}

func newCallCounts() callCounts { return callCounts{failures: map[failure]int{}, oneMethod: true} }

// take counts a call; the wish says whether it is hidden, and who asks whether it
// is a row.
func (n *callCounts) take(w *listWish, c *correlate.Call, shown bool) {
	switch c.Method {
	case "INVITE":
		n.call(c)
		n.score(w.snap, c)
	case "REGISTER":
		n.registrations++
	}
	switch {
	case w.hide.has(c.Method):
		n.hidden++
	case c.Method != "INVITE" && c.Method != "REGISTER":
		n.others++
	}
	n.media = n.media || len(c.StreamIDs) > 0
	n.twice = n.twice || c.Duplicates > 0
	if n.oneMethod && shown {
		n.see(c.Method)
	}
}

// see takes in the method of rows while all before had the same.
func (n *callCounts) see(method string) {
	if n.oneMethod = n.method == "" || n.method == method; !n.oneMethod {
		method = ""
	}
	n.method = method
}

// add takes in the tally of other calls, without their brief.
func (n *callCounts) add(o *callCounts) {
	for class, many := range o.classes {
		n.classes[class] += many
	}
	for kind, many := range o.failures {
		n.failures[kind] += many
	}
	n.calls += o.calls
	n.registrations += o.registrations
	n.hidden += o.hidden
	n.others += o.others
	switch {
	case !o.oneMethod:
		n.oneMethod, n.method = false, ""
	case n.oneMethod && o.method != "":
		n.see(o.method)
	}
	n.media = n.media || o.media
	n.twice = n.twice || o.twice
	n.mos += o.mos
	n.scored += o.scored
	for i, p := range o.course {
		n.course[i].sum += p.sum
		n.course[i].n += p.n
	}
}

// score takes in the MOS of a call.
func (n *callCounts) score(snap *correlate.Snapshot, c *correlate.Call) {
	if c.Score == nil {
		return
	}
	n.mos += c.Score.MOS
	n.scored++
	if span := snap.Last - snap.First; span > 0 {
		i := int(max(0, min(spanParts-1, (c.Started-snap.First)*spanParts/span)))
		n.course[i].sum += c.Score.MOS
		n.course[i].n++
	}
}

func (n *callCounts) call(c *correlate.Call) {
	n.calls++
	class := classOf(c.State)
	n.classes[class]++
	if class != classFailed {
		return
	}
	if c.FinalStatus > 0 {
		n.failures[failure{status: c.FinalStatus}]++
		return
	}
	n.failures[failure{word: c.State.Word()}]++
}

// topFailures lists the most frequent reasons, most first.
func (n *callCounts) topFailures(limit int) string {
	kinds := slices.SortedFunc(maps.Keys(n.failures), func(a, b failure) int {
		if d := n.failures[b] - n.failures[a]; d != 0 {
			return d
		}
		return strings.Compare(a.String(), b.String())
	})
	var parts []string
	for _, kind := range kinds[:min(limit, len(kinds))] {
		parts = append(parts, fmt.Sprintf("%s:%d", kind, n.failures[kind]))
	}
	return strings.Join(parts, " ")
}

func count(n int) string { return figure.Grouped(uint64(n)) }

// plural writes a number with what it counts.
func plural(n int, what string) string { return figure.Counted(uint64(n), what) }
