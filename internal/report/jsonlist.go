package report

import (
	"bytes"
	"cmp"
	"iter"
	"runtime"
	"sync"

	"sipsniff/correlate"
)

// A portion of a list is encoded at a time on one core: enough to be worth the
// change of hands, and little enough to be held. What is longer than portionText
// is encoded by itself.
const (
	portion     = 64
	portionText = 1 << 20
	entryIndent = 4 // spaces in front of its lines
)

// writeList writes a list of n entries of the document as an encoder of the
// whole document would. The entries are made and encoded on all cores, a few
// portions at a time.
func writeList[T any](o *documentWriter, name string, n int, entry func(i int) T) {
	o.separate()
	o.text("\n  \"" + name + "\": [")
	before, end := "\n    ", "]"
	parts := make([]encodedPart, max(1, runtime.GOMAXPROCS(0)))
	for from := 0; from < n && o.err == nil; from += portion * len(parts) {
		var at sync.WaitGroup
		for i := range parts {
			first := min(n, from+i*portion)
			at.Go(func() { encodePart(&parts[i], first, min(n, first+portion), entry) })
		}
		at.Wait()
		for i := range parts {
			for p := &parts[i]; len(p.ends) > 0 && o.err == nil; encodePart(p, p.next, p.to, entry) {
				o.err = p.err
				for text := range p.entries() {
					o.text(before)
					o.octets(text)
					before, end = ",\n    ", "\n  ]"
				}
			}
			o.err = cmp.Or(o.err, parts[i].err)
		}
	}
	o.text(end)
}

// An encodedPart is some entries of a list, as text.
type encodedPart struct {
	text     []byte
	dense    bytes.Buffer // an entry without spaces
	ends     []int        // of each entry
	next, to int          // the entries that did not fit
	err      error
}

// encodePart encodes entries until there is enough text, one at least.
func encodePart[T any](p *encodedPart, from, to int, entry func(i int) T) {
	p.text, p.ends, p.next, p.to = p.text[:0], p.ends[:0], from, to
	enc := newEncoder(&p.dense)
	for p.next < to && len(p.text) < portionText {
		p.dense.Reset()
		if p.err = enc.Encode(entry(p.next)); p.err != nil {
			p.ends = p.ends[:0]
			return
		}
		p.text = appendIndented(p.text, bytes.TrimSuffix(p.dense.Bytes(), lineEnd), entryIndent)
		p.ends = append(p.ends, len(p.text))
		p.next++
	}
}

// entries are the texts, to be used before the next are encoded.
func (p *encodedPart) entries() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		from := 0
		for _, to := range p.ends {
			if !yield(p.text[from:to]) {
				return
			}
			from = to
		}
	}
}

// callsOf makes the calls of a report, one at a time.
func callsOf(r Result) iter.Seq[*call] { return each(len(r.Snapshot.Calls), callOf(r)) }

// callOf makes the i-th call of a report; several goroutines may ask.
func callOf(r Result) func(i int) *call {
	return func(i int) *call {
		out := newCallOf(&r, r.Snapshot.Calls[i], &r.Snapshot.Links)
		return &out
	}
}

func each[T any](n int, entry func(i int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n {
			if !yield(entry(i)) {
				return
			}
		}
	}
}

// newCallOf makes a call of a report.
func newCallOf(r *Result, c *correlate.Call, links *correlate.Links) call {
	out := newCall(c)
	out.Metrics, out.Attempts = newCallMetrics(&c.Attempt, links), newAttempts(c, links)
	out.Columns = columnsOf(c, r.Columns)
	out.Findings = newFindings(r.Diagnosis.Of(c.Index))
	if r.Verbose || r.Diagnosis.Verdict(c.Index) != nil {
		out.Negotiations = newNegotiations(c)
	}
	out.callDigits = newCallDigits(c, r.ShowDTMF, r.Snapshot.Last)
	return out
}

// streamsOf makes the streams of a report, one at a time.
func streamsOf(r Result) iter.Seq[*stream] { return each(len(r.Snapshot.Streams), streamOf(r)) }

// streamOf makes the i-th stream of a report; several goroutines may ask.
func streamOf(r Result) func(i int) *stream {
	s := r.Snapshot
	ended := make(map[int]int64, len(s.Calls))
	for _, c := range s.Calls {
		ended[c.Index] = c.Ended
	}
	return func(i int) *stream {
		st := s.Streams[i]
		out := newStream(st, &r)
		var end int64
		if st.Call != nil {
			end = ended[st.Call.Index]
		}
		out.EndedBy = st.EndedBy(end, s.Last)
		return &out
	}
}
