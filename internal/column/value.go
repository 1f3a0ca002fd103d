package column

import (
	"strings"
	"unicode/utf8"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// A Set is the columns in the order in which they were asked for.
type Set []Column

// maxValue is how long a value may be, in octets.
const maxValue = 1024

// Values returns the value of each column for a call, "" where there is none:
// that of the first message that has one, requests before responses. Several
// headers of a name are joined with commas (RFC 3261 §7.3.1). Messages are
// read until all is found; with no columns none is.
func (s Set) Values(c *correlate.Call) []string {
	if len(s) == 0 {
		return nil
	}
	values, open := make([]string, len(s)), len(s)
	var m sip.Message
	for _, requests := range []bool{true, false} {
		for _, message := range c.Messages() {
			if open == 0 {
				return values
			}
			if (message.Method != "") != requests || message.Retransmission || message.Duplicate {
				continue
			}
			message.SIPInto(&m)
			open -= s.fill(values, &m)
		}
	}
	return values
}

// fill sets the values that are still missing and returns how many it found.
func (s Set) fill(values []string, m *sip.Message) (found int) {
	for i := range s {
		if values[i] != "" {
			continue
		}
		if values[i] = s[i].of(m); values[i] != "" {
			found++
		}
	}
	return found
}

// of is the value that a message has.
func (c *Column) of(m *sip.Message) string {
	if c.header == "" {
		return bounded(m.RequestURI)
	}
	var b strings.Builder
	for i := range m.Headers {
		h := &m.Headers[i]
		if h.ID != c.id || h.ID == sip.Other && !strings.EqualFold(h.Name, c.header) {
			continue
		}
		if value := sip.Unfold(h.Value); value != "" && b.Len() <= maxValue {
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(value)
		}
	}
	return bounded(b.String())
}

// bounded cuts a value that is too long, between characters.
func bounded(s string) string {
	if len(s) <= maxValue {
		return s
	}
	n := maxValue
	for n > maxValue-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
