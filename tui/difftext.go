package tui

import (
	"unicode/utf8"
)

// A piece is part of a value as on the wire; changed ones are not in the other
// value.
type piece struct {
	text    string
	changed bool
}

// diffTokens bounds how many tokens of a value are compared with each other;
// of longer values only a common beginning and end are told.
const diffTokens = 400

// changedPieces divides two values into what they share and what they do not.
func changedPieces(a, b string) (pa, pb []piece) {
	if a == b {
		return []piece{{a, false}}, []piece{{b, false}}
	}
	ta, tb := tokens(a), tokens(b)
	front := 0
	for front < len(ta) && front < len(tb) && ta[front] == tb[front] {
		front++
	}
	back := 0
	for back < len(ta)-front && back < len(tb)-front && ta[len(ta)-1-back] == tb[len(tb)-1-back] {
		back++
	}
	ma, mb := ta[front:len(ta)-back], tb[front:len(tb)-back]
	keepA, keepB := make([]bool, len(ma)), make([]bool, len(mb))
	if len(ma) <= diffTokens && len(mb) <= diffTokens {
		common(ma, mb, func(i, j int) { keepA[i], keepB[j] = true, true })
	}
	return pieces(ta, front, back, keepA), pieces(tb, front, back, keepB)
}

func pieces(tokens []string, front, back int, keep []bool) []piece {
	var out []piece
	for i, t := range tokens {
		changed := i >= front && i < len(tokens)-back && !keep[i-front]
		if n := len(out); n > 0 && out[n-1].changed == changed {
			out[n-1].text += t
		} else {
			out = append(out, piece{t, changed})
		}
	}
	return out
}

// tokens cuts a value into words, numbers and single other characters.
func tokens(s string) []string {
	var out []string
	for s != "" {
		n := 0
		for n < len(s) && isWordByte(s[n]) {
			n++
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s)
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}

// common calls pair for the indexes of a longest common subsequence.
func common[T comparable](a, b []T, pair func(i, j int)) {
	n := len(b) + 1
	longest := make([]int32, (len(a)+1)*n)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*n+j] = longest[(i+1)*n+j+1] + 1
			} else {
				longest[i*n+j] = max(longest[(i+1)*n+j], longest[i*n+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pair(i, j)
			i, j = i+1, j+1
		case longest[(i+1)*n+j] >= longest[i*n+j+1]:
			i++
		default:
			j++
		}
	}
}
