package correlate

import (
	"container/list"
	"net/netip"

	"sipsniff/decode"
)

// maxErrorPairs bounds the pairs of addresses of which errors are remembered;
// that which was quiet longest leaves. maxListedErrors is how many of those
// that belong to no call a Snapshot has.
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
	pairs   map[errorPair]*list.Element
	recent  list.List // of *errorRecord, the quietest first
	changed bool
	listed  []NetworkError
}

type errorRecord struct {
	errorPair
	networkErrors
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
	at.Value.(*errorRecord).add(p, e, 0)
	t.changed = true
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

// publish lists the errors that concern what is followed, the quietest first.
func (t *errorTable) publish(concerns func(errorPair) bool) []NetworkError {
	if !t.changed {
		return t.listed
	}
	t.changed, t.listed = false, nil
	for e := t.recent.Front(); e != nil && len(t.listed) < maxListedErrors; e = e.Next() {
		if r := e.Value.(*errorRecord); concerns(r.errorPair) {
			t.listed = append(t.listed, r.publish()...)
		}
	}
	return t.listed
}
