package correlate

// The timers of RFC 3261 §17 and Table 4 that a passive observer needs.
const (
	millisecond = int64(1e6)
	second      = int64(1e9)

	timeout64T1 = 32 * second // timers B, F, H, J: 64*T1
	// afterFinal is how long a transaction is kept after its final response,
	// afterSilence how long without one (spec §3.2).
	afterFinal   = timeout64T1 + 5*second
	afterSilence = 600 * second
)

// A transaction is one request with its responses on one link (RFC 3261 §17;
// spec §3.2). The ACK to a failure belongs to its INVITE, the ACK to a 2xx is
// one by itself without a response.
type transaction struct {
	target   uint64 // of the Request-URI, RFC 2543 only
	request  uint64 // print of the request on its first way, 0 when only responses were seen
	status   int    // of the final response, 0 while there is none
	expires  int64  // Unix ns; the same key after that is a new transaction
	modified bool   // the request came again with other contents
}

// A transactionTable holds the transactions of one call.
type transactionTable struct {
	table hashTable[transaction]
	count uint64 // all that ever were
}

// add files the event under its transaction, which is made when it is new.
func (t *transactionTable) add(e *event) *transaction {
	x := t.table.find(e.transaction)
	if x == nil || e.nanos > x.expires || x.target != e.target && e.target != 0 && x.target != 0 {
		x = t.table.put(e.transaction, transaction{target: e.target})
		t.count++
	}
	x.add(e)
	return x
}

func (x *transaction) add(e *event) {
	status := e.message.StatusCode
	switch {
	case e.verb() == "ACK":
		x.expires = e.nanos + timeout64T1
		return
	case e.message.Method != "" && x.request == 0:
		x.request = e.print
	case e.message.Method != "" && x.request != e.print && magicBranch(e.message.Branch):
		x.modified = true
	case status >= 200 && x.status == 0:
		x.status = status
	}
	if x.status != 0 {
		x.expires = e.nanos + afterFinal
	} else {
		x.expires = e.nanos + afterSilence
	}
}

// A branchTable remembers which call used a branch, to find those that two
// calls share. It forgets the older half when it is full.
type branchTable struct {
	recent, older map[uint64]int // branch key to Call.Index
}

const branchLimit = 1 << 17 // entries of one generation

// use notes that a call used a branch and returns the other call that did so
// before, 0 when there is none.
func (t *branchTable) use(key uint64, call int) (other int) {
	if key == 0 {
		return 0
	}
	before, known := t.recent[key]
	if !known {
		before, known = t.older[key]
	}
	if known {
		if before != call {
			return before
		}
		return 0
	}
	if t.recent == nil || len(t.recent) >= branchLimit {
		t.recent, t.older = make(map[uint64]int), t.recent
	}
	t.recent[key] = call
	return 0
}
