package correlate

import "slices"

// adopt makes streams of the candidates that a new description explains.
func (t *streamTable) adopt(p *party) {
	for _, e := range p.expectations {
		if e.control {
			continue
		}
		t.adoptList(t.waiting.byDst[e.at], dstLink, p)
		t.adoptList(t.waiting.bySrc[e.at], srcLink, p)
	}
	t.adoptControls(p)
}

// adoptList attaches candidates of one address, the newest flow first.
func (t *streamTable) adoptList(head *flow, of func(*flow) *addressLink, p *party) {
	if head == nil {
		return
	}
	found := recent(t.waiting.found[:0], head, of, p.nanos-lateSDP)
	slices.SortFunc(found, func(a, b *flow) int { return int(int64(b.order) - int64(a.order)) })
	missed := 0
	for _, f := range found {
		if !f.links.waits {
			continue // it had to leave for another
		}
		if !t.adoptFlow(f) {
			if missed++; missed == maxMissed {
				break
			}
		}
	}
	clear(found)
	t.waiting.found = found[:0]
}

// recent collects the candidates of one address whose last packet is not from
// before since. Those are in front of the list, but for captures that are out
// of order, so the search ends after some that are not.
func recent(found []*flow, head *flow, of func(*flow) *addressLink, since int64) []*flow {
	missed := 0
	for f := head; f != nil && missed < maxMissed; f = of(f).next {
		if f.last < since {
			missed++
			continue
		}
		found = append(found, f)
	}
	return found
}

// adoptFlow attaches a candidate whose last packet is not long ago, or came
// with a later time in a capture that is out of order.
func (t *streamTable) adoptFlow(f *flow) bool {
	m, ok := t.match(sought{src: f.key.src, dst: f.key.dst, ssrc: f.key.ssrc, nanos: f.last})
	if ok {
		t.attach(f, &m)
	}
	return ok
}
