package gen

// A queue is a heap of actors by the time of their next act; of two at the
// same time the one that was queued first goes first.
type queue struct {
	entries []entry
	serial  uint64
}

type entry struct {
	at     int64
	serial uint64
	actor  actor
}

func (e *entry) before(other *entry) bool {
	return e.at < other.at || e.at == other.at && e.serial < other.serial
}

func (q *queue) push(at int64, a actor) {
	q.serial++
	q.entries = append(q.entries, entry{at, q.serial, a})
	i := len(q.entries) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !q.entries[i].before(&q.entries[parent]) {
			break
		}
		q.entries[i], q.entries[parent] = q.entries[parent], q.entries[i]
		i = parent
	}
}

// top returns the actor whose turn it is and leaves it in place.
//
// While it acts others may be pushed, none of them for an earlier time than
// its own, so it still is the top when delay or pop is called.
func (q *queue) top() (int64, actor) { return q.entries[0].at, q.entries[0].actor }

// delay gives the top another time.
func (q *queue) delay(at int64) {
	q.entries[0].at = at
	q.sink()
}

func (q *queue) pop() {
	last := len(q.entries) - 1
	q.entries[0] = q.entries[last]
	q.entries[last] = entry{}
	q.entries = q.entries[:last]
	q.sink()
}

func (q *queue) sink() {
	n, i := len(q.entries), 0
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && q.entries[child+1].before(&q.entries[child]) {
			child++
		}
		if !q.entries[child].before(&q.entries[i]) {
			return
		}
		q.entries[i], q.entries[child] = q.entries[child], q.entries[i]
		i = child
	}
}
