package report

import "bytes"

// lineStart is a line end and room for what stands in front of a line.
const lineStart = "\n                                                                "

// indentStep is how far each level stands to the right of the one around it.
const indentStep = 2

// appendIndented appends JSON that an encoder wrote without spaces as
// json.Indent would, with so many spaces in front of each line but the first
// and two more for each level. It is made for what is known to be JSON, of
// which it reads no more than it has to.
func appendIndented(dst, text []byte, before int) []byte {
	for i := 0; i < len(text); {
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
			before += indentStep
			dst = appendLine(append(dst, c), before)
		case '}', ']':
			before -= indentStep
			dst = append(appendLine(dst, before), c)
		case ',':
			dst = appendLine(append(dst, c), before)
		case ':':
			dst = append(dst, c, ' ')
		default:
			dst = append(dst, c)
		}
		i++
	}
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
