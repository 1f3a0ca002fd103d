package correlate

// A request is one request inside the dialog, whatever the number of hops on
// which it was seen.
type request struct {
	method   string
	number   uint32
	fromTag  string
	toTag    string
	frame    int
	by       Side
	answered bool
}

// maxRequests bounds the requests whose responses are waited for.
const maxRequests = 32

// A requestRing holds the latest requests inside the dialog.
type requestRing struct {
	list []request
	next int // oldest, once it is full
}

func (q *requestRing) find(e *event) *request {
	for i := range q.list {
		r := &q.list[i]
		if r.number == e.number && r.method == e.method && r.fromTag == e.message.FromTag && r.toTag == e.message.ToTag {
			return r
		}
	}
	return nil
}

// take notes a request and reports whether this is its first copy.
func (q *requestRing) take(e *event, by Side) (r *request, first bool) {
	if r := q.find(e); r != nil {
		return r, false
	}
	now := request{method: e.method, number: e.number, fromTag: e.message.FromTag, toTag: e.message.ToTag, frame: e.frame, by: by}
	if len(q.list) < maxRequests {
		q.list = append(q.list, now)
		return &q.list[len(q.list)-1], true
	}
	r = &q.list[q.next]
	*r = now
	q.next = (q.next + 1) % maxRequests
	return r, true
}

// answer is the request that a final response is the first to answer; nil for
// copies and provisional responses.
func (q *requestRing) answer(e *event) *request {
	r := q.find(e)
	if r == nil || r.answered || e.message.StatusCode < 200 {
		return nil
	}
	r.answered = true
	return r
}

// tellResponse tells of the final response to a request inside the dialog, if
// it is worth a step.
func (c *callMachine) tellResponse(e *event, r *request) {
	status := e.message.StatusCode
	s := Step{By: r.by, Status: uint16(status), Frames: [2]int{r.frame, 0}, More: r.method}
	switch {
	case status == 401 || status == 407:
		return // it is sent again
	case status < 300 && r.method == "PRACK":
		s.Kind = StepPrack
	case status < 300 && r.method == "UPDATE" && c.up():
		s.Kind = StepRefreshed
	case status < 300 && r.method == "UPDATE":
		s.Kind = StepUpdate
	case status < 300, (status == 481 || status == 408) && c.up(), r.method == "REFER", r.method == "NOTIFY", r.method == "OPTIONS":
		return
	default:
		s.Kind, s.Detail = StepRequestRefused, e.message.Reason
	}
	c.tell(e, s)
}
