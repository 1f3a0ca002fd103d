package msrp

import "bytes"

// dashes start an end-line: "-------" transaction flag (RFC 4975 §9).
const dashes = "-------"

// endLine reads the end-line of any transaction at the start of b. n is its
// length with the line end. At the end of a stream the line end may be
// missing.
func endLine(b []byte, atEnd bool) (transaction string, flag Flag, n int, v Verdict) {
	if k := min(len(b), len(dashes)); string(b[:k]) != dashes[:k] {
		return "", NoFlag, 0, No
	}
	const longest = len(dashes) + maxTransaction + len("$\r\n")
	window := b[:min(len(b), longest)]
	lf := bytes.IndexByte(window, '\n')
	line := window
	switch {
	case lf >= 0:
		line, n = window[:lf], lf+1
	case len(window) == longest:
		return "", NoFlag, 0, No
	case !atEnd:
		return "", NoFlag, 0, Undecided
	default:
		n = len(window)
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) <= len(dashes) {
		return "", NoFlag, 0, No
	}
	transaction = string(line[len(dashes) : len(line)-1])
	flag = flagOf(line[len(line)-1])
	if flag == NoFlag || !isTransaction(transaction) {
		return "", NoFlag, 0, No
	}
	return transaction, flag, n, Yes
}

func flagOf(c byte) Flag {
	switch c {
	case '$':
		return Last
	case '+':
		return More
	case '#':
		return Aborted
	}
	return NoFlag
}
