package notice

import (
	"fmt"
	"strconv"
	"strings"
)

// A Summary says which messages wait (RFC 3842 §5.2).
type Summary struct {
	Waiting string // "yes", "no" or "" when it does not say
	Account string // URI
	Counts  []Count
}

// A Count is the messages of one class, such as "voice".
type Count struct {
	Class                string // "voice", "fax", "pager", "multimedia", "text", "none"
	New, Old             int
	Urgent               bool // the urgent ones are told apart
	NewUrgent, OldUrgent int
}

// maxSummaryLines bounds the lines that are read.
const maxSummaryLines = 100

// ParseSummary reads application/simple-message-summary.
func ParseSummary(text string) (*Summary, error) {
	s := &Summary{}
	known, lines := false, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" && known {
			break // what follows are headers of single messages
		}
		if lines++; lines > maxSummaryLines {
			return s, fmt.Errorf("%w: more than %d lines", ErrTooLarge, maxSummaryLines)
		}
		name, value, ok := strings.Cut(line, ":")
		if ok && s.line(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)) {
			known = true
		}
	}
	if !known {
		return nil, fmt.Errorf("no message summary")
	}
	return s, nil
}

// line takes "Name: value" and reports whether it belongs to a summary.
func (s *Summary) line(name, value string) bool {
	switch name {
	case "messages-waiting":
		if value = strings.ToLower(value); value == "yes" || value == "no" {
			s.Waiting = value
		}
		return true
	case "message-account":
		s.Account = value
		return true
	}
	class, ok := strings.CutSuffix(name, "-message")
	if !ok {
		return false
	}
	c, ok := parseCount(value)
	if ok {
		c.Class = class
		s.Counts = append(s.Counts, c)
	}
	return ok
}

// parseCount reads "2/8 (0/2)": new/old (of these urgent).
func parseCount(value string) (c Count, ok bool) {
	head, tail, urgent := strings.Cut(value, "(")
	if c.New, c.Old, ok = parsePair(head); !ok {
		return c, false
	}
	if urgent {
		c.NewUrgent, c.OldUrgent, c.Urgent = parsePair(strings.TrimSuffix(strings.TrimSpace(tail), ")"))
	}
	return c, true
}

func parsePair(s string) (a, b int, ok bool) {
	left, right, ok := strings.Cut(s, "/")
	if !ok {
		return 0, 0, false
	}
	a, okA := parseSmall(left)
	b, okB := parseSmall(right)
	return a, b, okA && okB
}

// parseSmall reads up to nine digits.
func parseSmall(s string) (int, bool) {
	s = strings.TrimSpace(s)
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && len(s) <= 9
}

// Words says it in a line: "waiting: voice 2 new, 8 old (0 and 2 urgent)".
func (s *Summary) Words() string {
	words := map[string]string{"yes": "waiting", "no": "none waiting", "": "does not say whether any wait"}[s.Waiting]
	for i := range s.Counts {
		c := &s.Counts[i]
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		words += fmt.Sprintf("%s%s %d new, %d old", separator, c.Class, c.New, c.Old)
		if c.NewUrgent+c.OldUrgent > 0 {
			words += fmt.Sprintf(" (%d and %d urgent)", c.NewUrgent, c.OldUrgent)
		}
	}
	return words
}
