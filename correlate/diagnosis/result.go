package diagnosis

import (
	"cmp"
	"net/netip"
	"slices"

	"sipsniff/correlate"
)

// A Result is what the rules say of one snapshot. It never changes.
type Result struct {
	// ByCall has the findings of each call that has any, by Call.Index. The
	// first is the verdict of the call; those that follow from others are not
	// in it, see Finding.Because.
	ByCall map[int][]correlate.Finding

	// Capture has the findings that are about no single call, the worst first.
	Capture []correlate.Finding

	// Kinds counts the calls with each kind of finding, the worst kind first,
	// then the most frequent.
	Kinds []Kind

	// Causes are the verdicts of the calls by pair of hosts, the most frequent
	// first: what goes wrong here, and between whom.
	Causes []Cause
}

// A Kind is all findings of one rule.
type Kind struct {
	Code, Name, Title string
	Severity          correlate.Severity // the worst of them
	Calls             []int              // Call.Index, ascending; of a finding of the capture, its examples
	Last              int64              // Unix ns of the latest, 0 when unknown
}

// A Cause is one verdict that several calls between the same hosts share.
type Cause struct {
	Code, Name, Title string
	Severity          correlate.Severity // the worst of them
	A, B              netip.Addr         // who asked, who was asked
	Calls             []int              // Call.Index, ascending
	First, Last       int64              // Unix ns
}

// Of is what is said of a call, the verdict first.
func (r *Result) Of(call int) []correlate.Finding {
	if r == nil {
		return nil
	}
	return r.ByCall[call]
}

// Verdict is the finding that explains best what went wrong with a call; nil
// when nothing did that is worse than a remark.
func (r *Result) Verdict(call int) *correlate.Finding {
	list := r.Of(call)
	if len(list) == 0 || list[0].Severity == correlate.Info {
		return nil
	}
	return &list[0]
}

func (e *Engine) conclude(x *sharing, s *Survey) *Result {
	r := &Result{ByCall: make(map[int][]correlate.Finding)}
	more := make(map[int][]correlate.Finding)
	for _, in := range s.inCalls {
		if stands, _ := in.draft.guard(x); stands {
			more[in.call] = append(more[in.call], in.draft.finish())
		}
	}
	for i, c := range x.snap.Calls {
		known := s.rows[i]
		list := known.settled
		if extra := more[c.Index]; extra != nil {
			list = settle(slices.Concat(known.findings, extra))
		}
		if len(list) > 0 {
			r.ByCall[c.Index] = list
		}
	}
	for _, d := range s.found {
		if stands, _ := d.guard(x); stands {
			r.Capture = append(r.Capture, d.finish())
		}
	}
	slices.SortStableFunc(r.Capture, func(a, b correlate.Finding) int { return byWeight(&a, &b) })
	r.Kinds = kindsOf(x.snap, r)
	r.Causes = causesOf(x.snap, r)
	return r
}

func kindsOf(snap *correlate.Snapshot, r *Result) []Kind {
	byCode := make(map[string]*Kind)
	note := func(f *correlate.Finding, calls ...int) {
		k := byCode[f.Code]
		if k == nil {
			k = &Kind{Code: f.Code, Name: f.Name, Title: RuleOf(f.Code).Title}
			byCode[f.Code] = k
		}
		k.Severity, k.Last = max(k.Severity, f.Severity), max(k.Last, f.Nanos)
		k.Calls = append(k.Calls, calls...)
	}
	for _, c := range snap.Calls {
		list := r.ByCall[c.Index]
		for i := range list {
			note(&list[i], c.Index)
		}
	}
	for i := range r.Capture {
		note(&r.Capture[i], r.Capture[i].Calls...)
	}
	kinds := make([]Kind, 0, len(byCode))
	for _, k := range byCode {
		slices.Sort(k.Calls)
		k.Calls = slices.Compact(k.Calls)
		kinds = append(kinds, *k)
	}
	slices.SortFunc(kinds, func(a, b Kind) int {
		return cmp.Or(int(b.Severity)-int(a.Severity), len(b.Calls)-len(a.Calls), cmp.Compare(a.Code, b.Code))
	})
	return kinds
}

// causeKey is what the calls of a Cause have in common.
type causeKey struct {
	code string
	a, b netip.Addr
}

func causesOf(snap *correlate.Snapshot, r *Result) []Cause {
	byKey := make(map[causeKey]*Cause)
	var causes []*Cause
	for _, c := range snap.Calls {
		v := r.Verdict(c.Index)
		if v == nil {
			continue
		}
		key := causeKey{v.Code, c.Source.Addr(), c.Destination.Addr()}
		k := byKey[key]
		if k == nil {
			k = &Cause{Code: v.Code, Name: v.Name, Title: RuleOf(v.Code).Title, A: key.a, B: key.b, First: v.Nanos}
			byKey[key] = k
			causes = append(causes, k)
		}
		k.Severity, k.Last = max(k.Severity, v.Severity), max(k.Last, v.Nanos)
		k.Calls = append(k.Calls, c.Index)
	}
	slices.SortStableFunc(causes, func(a, b *Cause) int {
		return cmp.Or(int(b.Severity)-int(a.Severity), len(b.Calls)-len(a.Calls), cmp.Compare(a.Code, b.Code))
	})
	list := make([]Cause, len(causes))
	for i, k := range causes {
		slices.Sort(k.Calls)
		list[i] = *k
	}
	return list
}

// Narrow is the result for some of the calls: those of a snapshot that a filter
// made of the one that was judged.
func (r *Result) Narrow(snap *correlate.Snapshot) *Result {
	n := &Result{ByCall: make(map[int][]correlate.Finding), Capture: r.Capture}
	for _, c := range snap.Calls {
		if list := r.ByCall[c.Index]; list != nil {
			n.ByCall[c.Index] = list
		}
	}
	n.Kinds, n.Causes = kindsOf(snap, n), causesOf(snap, n)
	return n
}
