package report

import (
	"bytes"
	"io"
	"iter"

	"sipsniff/correlate"
)

// emptyList is an empty list of the document as its encoder writes it. It is
// found in nothing else: deeper names stand further to the right, and no text
// has line ends.
func emptyList(name string) string { return "\n  \"" + name + "\": []" }

// A listWriter writes until something goes wrong.
type listWriter struct {
	w   io.Writer
	err error
}

func (o *listWriter) text(s string) {
	if o.err == nil {
		_, o.err = io.WriteString(o.w, s)
	}
}

// writeList writes a list of the document, one entry at a time, as an encoder
// of the whole document would.
func writeList[T any](o *listWriter, name string, list iter.Seq[T]) {
	var b bytes.Buffer
	enc := newEncoder(&b)
	enc.SetIndent("    ", "  ")
	before := "\n  \"" + name + "\": ["
	end := before + "]"
	for v := range list {
		b.Reset()
		if o.err == nil {
			o.err = enc.Encode(v)
		}
		if o.err != nil {
			return
		}
		o.text(before + "\n    ")
		o.text(string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))))
		before, end = ",", "\n  ]"
	}
	o.text(end)
}

// callsOf makes the calls of a report, one at a time.
func callsOf(r Result) iter.Seq[*call] {
	return func(yield func(*call) bool) {
		links := &r.Snapshot.Links
		for _, c := range r.Snapshot.Calls {
			out := newCallOf(&r, c, links)
			if !yield(&out) {
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
func streamsOf(r Result) iter.Seq[*stream] {
	return func(yield func(*stream) bool) {
		s := r.Snapshot
		ended := make(map[int]int64, len(s.Calls))
		for _, c := range s.Calls {
			ended[c.Index] = c.Ended
		}
		for _, st := range s.Streams {
			out := newStream(st, &r)
			var end int64
			if st.Call != nil {
				end = ended[st.Call.Index]
			}
			out.EndedBy = st.EndedBy(end, s.Last)
			if !yield(&out) {
				return
			}
		}
	}
}
