package correlate

import (
	"container/list"
	"net/netip"
	"slices"

	"sipsniff/decode"
)

// maxErrorPairs bounds the pairs of addresses of which errors are remembered;
// that which was quiet longest leaves. maxListedErrors is of how many a
// Snapshot has the errors that belong to no call.
const (
	maxErrorPairs   = 4096
	maxListedErrors = 200
)

// errorPair is the flow that errors are about.
type errorPair struct {
	src, dst  netip.AddrPort
	transport decode.Transport
}

// An errorTable remembers the errors that are about no message of a call: of
// media, and of connections that never came to be.
type errorTable struct {
	pairs  map[errorPair]*list.Element
	recent list.List // of *errorRecord, the quietest first
	moved  bool      // one of them did since the last publication
}

type errorRecord struct {
	errorPair
	networkErrors
	moved bool // since the last publication
}

func (t *errorTable) add(p *decode.Packet, e *decode.ICMPError) {
	pair := errorPair{e.Src, e.Dst, e.Transport}
	at := t.pairs[pair]
	if at == nil {
		if t.pairs == nil {
			t.pairs = make(map[errorPair]*list.Element)
		}
		for len(t.pairs) >= maxErrorPairs {
			delete(t.pairs, t.recent.Remove(t.recent.Front()).(*errorRecord).errorPair)
		}
		at = t.recent.PushBack(&errorRecord{errorPair: pair})
		t.pairs[pair] = at
	} else {
		t.recent.MoveToBack(at)
	}
	r := at.Value.(*errorRecord)
	r.add(p, e, 0)
	r.moved, t.moved = true, true
}

// Errors come within errorDelay after the packet that they are about; those of
// a stream are looked for that long before and behind it.
const errorDelay = 2 * second

// of returns the errors about packets between two addresses at some time.
func (t *errorTable) of(src, dst netip.AddrPort, from, to int64) []NetworkError {
	at := t.pairs[errorPair{src, dst, decode.UDP}]
	if at == nil {
		return nil
	}
	var found []NetworkError
	for _, n := range at.Value.(*errorRecord).publish() {
		if n.Last >= from-errorDelay && n.First <= to+errorDelay {
			found = append(found, n)
		}
	}
	return found
}

// takeMoved returns the ways of UDP on which errors came since it was asked last.
func (t *errorTable) takeMoved() map[pair]bool {
	if !t.moved {
		return nil
	}
	t.moved = false
	moved := make(map[pair]bool)
	for e := t.recent.Back(); e != nil; e = e.Prev() {
		r := e.Value.(*errorRecord)
		if r.moved && r.transport == decode.UDP {
			moved[pair{r.src, r.dst}] = true
		}
		r.moved = false
	}
	return moved
}

// publish lists the errors that concern what is followed, the quietest first;
// of too many the latest. What is followed changes without an error, so that
// the list is made anew every time.
func (t *errorTable) publish(concerns func(errorPair) bool) []NetworkError {
	var latest []*errorRecord
	for e := t.recent.Back(); e != nil && len(latest) < maxListedErrors; e = e.Prev() {
		if r := e.Value.(*errorRecord); concerns(r.errorPair) {
			latest = append(latest, r)
		}
	}
	var listed []NetworkError
	for _, r := range slices.Backward(latest) {
		listed = append(listed, r.publish()...)
	}
	return listed
}
