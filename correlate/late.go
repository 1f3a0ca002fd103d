package correlate

import (
	"cmp"
	"slices"
)

// resortLimit is how long a call may be to be followed again at once when a
// message turned up late; longer ones wait for the next Publish.
const resortLimit = 64

// late is the events of a long call that came out of order. They wait until
// the run is done again, because each would cost a move of all that is behind it.
type late struct {
	events []event // in the order in which they came
	leads  bool    // the leading event is one of them, at lead
	lead   int
}

// count is the number of events.
func (r *callRecord) count() int { return len(r.events) + len(r.late.events) }

// isLate reports whether an event has to wait.
func (r *callRecord) isLate(e *event) bool {
	n := len(r.events)
	return n >= resortLimit && !r.dropped && r.precedes(e, &r.events[n-1])
}

// leader is the event that the call begins with, see following.lead.
func (r *callRecord) leader() *event {
	if r.late.leads {
		return &r.late.events[r.late.lead]
	}
	return &r.events[r.lead]
}

func (r *callRecord) addLate(e event) {
	l := &r.late
	l.events = append(l.events, e)
	r.stale = true
	r.latest = max(r.latest, e.nanos)
	if e.message == nil {
		return
	}
	// As in leading, with times in place of places.
	request := e.message.Method != ""
	if before := r.precedes(&e, r.leader()); request && (!r.led || before) || !request && !r.led && before {
		r.led, l.leads, l.lead = request, true, len(l.events)-1
	}
	r.learn(&l.events[len(l.events)-1])
}

// file puts the events that wait at their places in time. Of the same time and
// frame are first those that came first.
func (r *callRecord) file() {
	if len(r.late.events) == 0 {
		return
	}
	lead := r.leader().message
	all := append(r.events, r.late.events...)
	order := make([]int32, len(all))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		switch a, b := &all[i], &all[j]; {
		case r.precedes(a, b):
			return -1
		case r.precedes(b, a):
			return 1
		}
		return cmp.Compare(i, j)
	})
	r.events = make([]event, 0, len(all)+4)
	for _, i := range order {
		r.events = append(r.events, all[i])
	}
	r.lead = slices.IndexFunc(r.events, func(e event) bool { return e.message == lead })
	r.late = late{}
}
