package report

import (
	"bytes"
	"io"
)

// A documentWriter writes one object of JSON, member by member, until something
// goes wrong. Whoever begins it ends it with "\n}\n".
type documentWriter struct {
	w     io.Writer
	err   error
	begun bool
	dense bytes.Buffer // of a part, without spaces
	lines []byte       // of a part
}

func (o *documentWriter) text(s string) {
	if o.err == nil {
		_, o.err = io.WriteString(o.w, s)
	}
}

func (o *documentWriter) octets(b []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(b)
	}
}

// separate writes what stands in front of a member.
func (o *documentWriter) separate() {
	if o.begun {
		o.text(",")
		return
	}
	o.text("{")
	o.begun = true
}

// writeAt is how many octets of a part are written at a time.
const writeAt = 64 << 10

var lineEnd = []byte("\n")

// members writes the members of a struct.
func (o *documentWriter) members(part any) {
	if o.err != nil {
		return
	}
	o.dense.Reset()
	if o.err = newEncoder(&o.dense).Encode(part); o.err != nil {
		return
	}
	inner := bytes.TrimSuffix(o.dense.Bytes(), lineEnd)
	inner = inner[1 : len(inner)-1]
	if len(inner) == 0 {
		return
	}
	o.separate()
	o.lines = appendLine(o.lines[:0], indentStep)
	for x := (indenter{text: inner, spaces: indentStep}); len(x.text) > 0; o.lines = o.lines[:0] {
		o.lines = x.append(o.lines, writeAt)
		o.octets(o.lines)
	}
}
