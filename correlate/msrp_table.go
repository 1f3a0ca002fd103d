package correlate

import (
	"container/list"
	"hash/maphash"
	"slices"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/msrp"
	"sipsniff/decode/sdp"
)

const (
	maxMSRPSessions  = 1000 // whose call is not known
	maxMSRPClaims    = 8    // calls that name one session id
	maxMSRPIDs       = 32   // session ids of one call
	maxMSRPSessionID = 256  // octets
)

// An msrpTable knows which call a message session belongs to: the one whose
// session descriptions name it (a=path, RFC 4975 §8).
type msrpTable struct {
	claims   map[string][]msrpClaim // by session id, the latest last
	sessions map[[2]string]*list.Element
	order    list.List // of *msrpOrphan, the one that was idle for longest in front
	evicted  uint64
	seed     maphash.Seed
}

// An msrpClaim says which call, and which side of it, has a session id.
type msrpClaim struct {
	call      *callRecord
	caller    bool
	authority string // host and port that the description gives
}

// An msrpOrphan is a session whose call is not known.
type msrpOrphan struct {
	msrpRecord
	key  [2]string
	from string // id of its source
}

func newMSRPTable() msrpTable {
	return msrpTable{claims: make(map[string][]msrpClaim), sessions: make(map[[2]string]*list.Element), seed: maphash.MakeSeed()}
}

// MSRP takes a request or response of MSRP. f is read and not kept.
func (t *Tracker) MSRP(p *decode.Packet, f *msrp.Frame) {
	t.Advance(p.Nanos)
	t.touched = true
	t.totals.MSRPMessages++
	if r, byCaller := t.msrp.callOf(f); r != nil {
		r.msrp.frame(p, f, byCaller, t.msrp.request(f, byCaller))
		t.mark(r)
		return
	}
	t.msrp.orphan(p, f)
}

// callOf finds the call of a frame, and who of it sent the frame.
func (x *msrpTable) callOf(f *msrp.Frame) (r *callRecord, byCaller bool) {
	var best int
	x.eachClaim(f.FromPath, func(c msrpClaim, authority string) {
		score := 2
		if c.authority == authority {
			score++
		}
		x.eachClaim(f.ToPath, func(o msrpClaim, _ string) {
			if o.call == c.call && o.caller != c.caller {
				score += 4
			}
		})
		if score >= best {
			best, r, byCaller = score, c.call, c.caller
		}
	})
	if r != nil {
		return r, byCaller
	}
	x.eachClaim(f.ToPath, func(c msrpClaim, authority string) {
		score := 1
		if c.authority == authority {
			score++
		}
		if score >= best {
			best, r, byCaller = score, c.call, !c.caller
		}
	})
	return r, byCaller
}

// eachClaim calls f for what is known of each session id in a path.
func (x *msrpTable) eachClaim(path string, f func(c msrpClaim, authority string)) {
	for u := range msrp.Path(path) {
		for _, c := range x.claims[u.Session] {
			f(c, u.Authority)
		}
	}
}

// request is what a request has in common on all hops; 0 when it has no
// Message-ID.
func (x *msrpTable) request(f *msrp.Frame, bySource bool) uint64 {
	if f.MessageID == "" || !f.Request() {
		return 0
	}
	key := struct {
		method, id string
		first      uint64
		status     int
		bySource   bool
	}{f.Method, f.MessageID, f.Range.First, f.Status, bySource}
	return max(maphash.Comparable(x.seed, key), 1)
}

// endOf names the endpoint at the end of a path: its session id, or the
// address when it has none.
func endOf(path string) string {
	var last msrp.URI
	for u := range msrp.Path(path) {
		last = u
	}
	if last.Session == "" {
		return last.Authority
	}
	return last.Session
}

// orphan counts a frame whose call is not known.
func (x *msrpTable) orphan(p *decode.Packet, f *msrp.Frame) {
	from, to := endOf(f.FromPath), endOf(f.ToPath)
	if from == "" && to == "" || len(from) > maxMSRPSessionID || len(to) > maxMSRPSessionID {
		return // it counts in the totals
	}
	key := [2]string{min(from, to), max(from, to)}
	e := x.sessions[key]
	if e == nil {
		if x.order.Len() >= maxMSRPSessions {
			x.drop(x.order.Front())
			x.evicted++
		}
		o := &msrpOrphan{from: strings.Clone(from), key: [2]string{strings.Clone(key[0]), strings.Clone(key[1])}}
		other := o.key[0]
		if other == o.from {
			other = o.key[1]
		}
		o.counts.Sessions = []string{o.from, other}
		e = x.order.PushBack(o)
		x.sessions[o.key] = e
	}
	x.order.MoveToBack(e)
	o := e.Value.(*msrpOrphan)
	bySource := from == o.from
	o.frame(p, f, bySource, x.request(f, bySource))
}

func (x *msrpTable) drop(e *list.Element) {
	x.order.Remove(e)
	delete(x.sessions, e.Value.(*msrpOrphan).key)
}

// publish lists the sessions without a call in the order of their first frame.
func (x *msrpTable) publish() []*MSRP {
	if x.order.Len() == 0 {
		return nil
	}
	out := make([]*MSRP, 0, x.order.Len())
	for e := x.order.Front(); e != nil; e = e.Next() {
		out = append(out, e.Value.(*msrpOrphan).publish())
	}
	slices.SortStableFunc(out, func(a, b *MSRP) int { return a.FirstFrame - b.FirstFrame })
	return out
}

// claimSessions notes the session ids that a description names, and takes
// over what went over them before it.
func (t *Tracker) claimSessions(r *callRecord, s *sdp.Session, fromCaller bool) {
	for i := range s.Media {
		for _, a := range s.Media[i].Attributes {
			if path, ok := strings.CutPrefix(a, "path:"); ok {
				for u := range msrp.Path(path) {
					t.claimSession(r, u, fromCaller)
				}
			}
		}
	}
}

func (t *Tracker) claimSession(r *callRecord, u msrp.URI, fromCaller bool) {
	if u.Session == "" || len(u.Session) > maxMSRPSessionID {
		return
	}
	if r.msrp == nil {
		r.msrp = &msrpRecord{}
		t.account(r, msrpOverhead)
	}
	claims := t.msrp.claims[u.Session]
	if i := slices.IndexFunc(claims, func(c msrpClaim) bool { return c.call == r }); i >= 0 {
		fromCaller = claims[i].caller // a description may come back from the other side
		claims = slices.Delete(claims, i, i+1)
	}
	switch {
	case slices.Contains(r.msrp.ids, u.Session):
	case len(r.msrp.ids) >= maxMSRPIDs:
		return
	default:
		r.msrp.ids = append(r.msrp.ids, strings.Clone(u.Session))
		t.account(r, int64(2*len(u.Session)+100))
	}
	if len(claims) >= maxMSRPClaims {
		claims = claims[1:]
	}
	t.msrp.claims[strings.Clone(u.Session)] = append(claims, msrpClaim{call: r, caller: fromCaller, authority: strings.Clone(u.Authority)})
	t.adoptSessions(r, u.Session, fromCaller)
}

// adoptSessions takes over the sessions with an id that waited for their call.
func (t *Tracker) adoptSessions(r *callRecord, id string, fromCaller bool) {
	for e := t.msrp.order.Front(); e != nil; {
		o, next := e.Value.(*msrpOrphan), e.Next()
		if o.key[0] == id || o.key[1] == id {
			r.msrp.merge(&o.msrpRecord, (o.from == id) != fromCaller)
			t.msrp.drop(e)
			t.mark(r)
		}
		e = next
	}
}

// forget takes the session ids of a call out of the index.
func (x *msrpTable) forget(r *callRecord) {
	if r.msrp == nil {
		return
	}
	for _, id := range r.msrp.ids {
		claims := slices.DeleteFunc(x.claims[id], func(c msrpClaim) bool { return c.call == r })
		if len(claims) == 0 {
			delete(x.claims, id)
		} else {
			x.claims[id] = claims
		}
	}
}
