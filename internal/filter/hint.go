package filter

import (
	"fmt"
	"slices"
	"strings"
)

// hint remembers that name looks like a field and is none. Schemes of URIs
// and what may begin an IPv6 address do not look like fields.
func (p *parser) hint(name string, op operator) {
	for i := range len(name) {
		if !isLetter(name[i]) {
			return
		}
	}
	low := strings.ToLower(name)
	scheme := slices.Contains([]string{"sip", "sips", "tel", "urn", "http", "https", "mailto", "im", "pres"}, low)
	if len(name) < 2 || op == has && (scheme || strings.Trim(low, "abcdef") == "") {
		return
	}
	text := fmt.Sprintf("%s%s is no field, searching the text", name, op)
	if near := nearest(low); near != "" {
		text += " (" + near + ":?)"
	}
	p.hints = append(p.hints, text)
}

// nearest is the field that is spelled most like name, "" when none is. Of
// several the one that begins like it wins.
func nearest(name string) string {
	best, least := "", 0
	for i := range fieldTable {
		f := fieldTable[i].name
		changes, same := distance(name, f), commonPrefix(name, f)
		if changes >= min(3, len(name)) && same == 0 {
			continue
		}
		if d := 4*changes - same; best == "" || d < least {
			best, least = f, d
		}
	}
	return best
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && n < 3 && a[n] == b[n] {
		n++
	}
	return n
}

// distance counts the letters that have to be put in, left out or replaced
// to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
