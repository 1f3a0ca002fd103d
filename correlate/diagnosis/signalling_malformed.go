package diagnosis

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

func malformedRules() []*Rule {
	return []*Rule{{
		Code: "SIG-35", Name: "malformed", Title: "A message breaks the protocol",
		Severity: correlate.Warning, Confidence: correlate.Proven, When: TraitMalformed,
		Graded:     "error when the message was refused for it with 400, 416, 420, 505 or 513",
		Means:      "The parser found an error (a MUST of the standard that is broken) in a message that was captured whole.",
		Advice:     "Look at the device that sent it, and its version.",
		References: []string{"RFC 3261 §25", "RFC 4475"},
		Check:      malformed,
	}}
}

func malformed(c *Case) {
	var order []netip.AddrPort
	told := make(map[netip.AddrPort]*brokenRules)
	for _, m := range c.Messages() {
		if m.Duplicate || m.Retransmission || m.Cut != "" {
			continue
		}
		for i := range m.Findings {
			f := &m.Findings[i]
			if f.Severity != sip.Error {
				continue
			}
			t := told[m.Src]
			if t == nil {
				t = new(brokenRules)
				told[m.Src] = t
				order = append(order, m.Src)
			}
			t.add(m, f)
		}
	}
	for _, src := range order {
		t := told[src]
		d := c.Find("%s from %s %s the protocol: %s.", amount.Of(len(t.messages), "message"), src, verb(len(t.messages)), strings.Join(t.words, ", "))
		for i, m := range t.messages {
			d.Message(m, "%s", t.of[i])
			if x := c.refusedFor(m); x != nil {
				d.Severity = correlate.Error
				d.Message(x.Final, "%d %s", x.Status(), x.Final.Reason)
			}
		}
	}
}

// brokenRules are the errors in the messages of one sender.
type brokenRules struct {
	messages []*correlate.Message
	of       []string // of each message, the first
	words    []string // each once
}

func (t *brokenRules) add(m *correlate.Message, f *sip.Finding) {
	words := strings.ReplaceAll(f.Code, "_", " ")
	if !slices.Contains(t.words, words) {
		t.words = append(t.words, words)
	}
	if n := len(t.messages); n == 0 || t.messages[n-1] != m {
		t.messages = append(t.messages, m)
		t.of = append(t.of, fmt.Sprintf("%s at octet %d", words, f.Offset))
	}
}

func verb(n int) string {
	if n == 1 {
		return "breaks"
	}
	return "break"
}

// refusedFor is the exchange of a request when it was refused for its form.
func (c *Case) refusedFor(m *correlate.Message) *Exchange {
	if m.Method == "" {
		return nil
	}
	for _, x := range c.Exchanges() {
		if x.Request() != m {
			continue
		}
		switch x.Status() {
		case 400, 416, 420, 505, 513:
			return x
		}
	}
	return nil
}
