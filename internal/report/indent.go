package report

import (
	"bytes"
	"math"
)

// lineStart is a line end and room for what stands in front of a line.
const lineStart = "\n                                                                "

// indentStep is how far each level stands to the right of the one around it.
const indentStep = 2

// appendIndented appends JSON that an encoder wrote without spaces as
// json.Indent would, with so many spaces in front of each line but the first
// and two more for each level.
func appendIndented(dst, text []byte, spaces int) []byte {
	x := indenter{text: text, spaces: spaces}
	return x.append(dst, math.MaxInt)
}

// An indenter goes through JSON that an encoder wrote without spaces. It is made
// for what is known to be JSON, of which it reads no more than it has to.
type indenter struct {
	text   []byte // what is left
	spaces int    // in front of a line
}

// append appends it until there is so much, or a little more.
func (x *indenter) append(dst []byte, until int) []byte {
	i, text, spaces := 0, x.text, x.spaces
	for i < len(text) && len(dst) < until {
		switch c := text[i]; c {
		case '"':
			end := i + 1 + stringEnd(text[i+1:])
			dst, i = append(dst, text[i:end]...), end
			continue
		case '{', '[':
			if i+1 < len(text) && text[i+1] == c+2 { // empty
				dst, i = append(dst, c, c+2), i+2
				continue
			}
			spaces += indentStep
			dst = appendLine(append(dst, c), spaces)
		case '}', ']':
			spaces = max(spaces-indentStep, 0) // what closes more than was opened is no JSON, and ends all the same
			dst = append(appendLine(dst, spaces), c)
		case ',':
			dst = appendLine(append(dst, c), spaces)
		case ':':
			dst = append(dst, c, ' ')
		default:
			dst = append(dst, c)
		}
		i++
	}
	x.text, x.spaces = text[i:], spaces
	return dst
}

// appendLine begins a line.
func appendLine(dst []byte, spaces int) []byte {
	n := min(spaces, len(lineStart)-1)
	dst = append(dst, lineStart[:1+n]...)
	for ; n < spaces; n++ {
		dst = append(dst, ' ')
	}
	return dst
}

// stringEnd is the length of the rest of a string with its closing quote.
func stringEnd(text []byte) int {
	for from := 0; ; {
		quote := bytes.IndexByte(text[from:], '"')
		if quote < 0 {
			return len(text)
		}
		quote += from
		slashes := 0
		for quote-slashes > 0 && text[quote-slashes-1] == '\\' {
			slashes++
		}
		if from = quote + 1; slashes%2 == 0 {
			return from
		}
	}
}
