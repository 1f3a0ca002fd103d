package msrp

import (
	"bytes"
	"strings"
)

// Limits of a start line, in octets. RFC 4975 §9 has 32 for the transaction.
const (
	maxStartLine   = 512
	maxTransaction = 64
	maxMethod      = 32
)

// prefix is what every start line starts with.
const prefix = "MSRP "

// A Verdict says whether octets are what they were taken for.
type Verdict uint8

// Undecided wants more octets.
const (
	Undecided Verdict = iota
	Yes
	No
)

// Opening reports whether b starts with the start line of a frame.
func Opening(b []byte) Verdict {
	_, _, v := startLine(b)
	return v
}

// startLine reads "MSRP transaction METHOD" or "MSRP transaction 200 comment"
// with its line end. n is its length.
func startLine(b []byte) (f Frame, n int, v Verdict) {
	if k := min(len(b), len(prefix)); string(b[:k]) != prefix[:k] {
		return f, 0, No
	}
	lf := bytes.IndexByte(b[:min(len(b), maxStartLine)], '\n')
	if lf < 0 {
		return f, 0, early(b)
	}
	line := strings.TrimSuffix(string(b[len(prefix):lf]), "\r")
	transaction, what, _ := strings.Cut(line, " ")
	if !isTransaction(transaction) {
		return f, 0, No
	}
	f.Transaction = transaction
	if isMethod(what) {
		f.Method = what
		return f, lf + 1, Yes
	}
	code, comment, _ := strings.Cut(what, " ")
	if f.StatusCode = statusCode(code); f.StatusCode == 0 {
		return f, 0, No
	}
	f.Comment = comment
	return f, lf + 1, Yes
}

// early judges a start line whose end is not there yet.
func early(b []byte) Verdict {
	if len(b) >= maxStartLine {
		return No
	}
	if len(b) <= len(prefix) {
		return Undecided
	}
	transaction, _, _ := bytes.Cut(b[len(prefix):], []byte(" "))
	if len(transaction) > 0 && !isTransaction(string(transaction)) {
		return No
	}
	return Undecided
}

// isTransaction reports whether s can be a transact-id (RFC 4975 §9: ident).
func isTransaction(s string) bool {
	if s == "" || len(s) > maxTransaction {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && strings.IndexByte(".-+%=", c) < 0 {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isMethod reports whether s can be a method: upper case letters.
func isMethod(s string) bool {
	if s == "" || len(s) > maxMethod {
		return false
	}
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// statusCode reads three digits; 0 when that is not what s is.
func statusCode(s string) int {
	if len(s) != 3 {
		return 0
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}
