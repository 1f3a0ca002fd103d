package correlate

// An alarm is the place of a record in the timerQueue.
type alarm struct {
	at    int64 // Unix ns, 0 when it is not in the queue
	place int
}

// A timerQueue is a binary heap of the records by the time at which a timer
// of theirs runs out; records with equal times leave in the order of their
// first messages, so that the same capture always gives the same result.
type timerQueue struct {
	heap []*callRecord
}

func (q *timerQueue) less(i, j int) bool {
	a, b := q.heap[i], q.heap[j]
	return a.alarm.at < b.alarm.at || a.alarm.at == b.alarm.at && a.index < b.index
}

func (q *timerQueue) swap(i, j int) {
	q.heap[i], q.heap[j] = q.heap[j], q.heap[i]
	q.heap[i].alarm.place, q.heap[j].alarm.place = i, j
}

// set puts the alarm of a record at a time, or takes it out when at is 0.
func (q *timerQueue) set(r *callRecord, at int64) {
	switch {
	case r.alarm.at == at:
		return
	case at == 0:
		q.remove(r)
		return
	case r.alarm.at == 0:
		r.alarm.place = len(q.heap)
		q.heap = append(q.heap, r)
	}
	r.alarm.at = at
	q.fix(r.alarm.place)
}

func (q *timerQueue) remove(r *callRecord) {
	if r.alarm.at == 0 {
		return
	}
	i, last := r.alarm.place, len(q.heap)-1
	q.swap(i, last)
	q.heap[last] = nil
	q.heap = q.heap[:last]
	r.alarm = alarm{}
	if i < last {
		q.fix(i)
	}
}

// due takes the record out whose alarm ran out first, nil when none did up to
// now.
func (q *timerQueue) due(now int64) *callRecord {
	if len(q.heap) == 0 || q.heap[0].alarm.at > now {
		return nil
	}
	r := q.heap[0]
	q.remove(r)
	return r
}

func (q *timerQueue) fix(i int) {
	for i > 0 && q.less(i, (i-1)/2) {
		q.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
	for {
		child := 2*i + 1
		if child+1 < len(q.heap) && q.less(child+1, child) {
			child++
		}
		if child >= len(q.heap) || !q.less(child, i) {
			return
		}
		q.swap(i, child)
		i = child
	}
}
