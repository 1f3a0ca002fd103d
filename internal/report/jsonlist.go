package report

import (
	"bytes"
	"io"
	"iter"
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
