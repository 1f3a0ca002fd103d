package diagnosis

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
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
	told := make(map[string]bool)
	for _, m := range c.Call.Messages {
		if m.Duplicate || m.Retransmission || m.Cut != "" {
			continue
		}
		for i := range m.Findings {
			f := &m.Findings[i]
			key := m.Src.Addr().String() + f.Code
			if f.Severity != sip.Error || told[key] {
				continue
			}
			told[key] = true
			d := c.Find("A message from %s breaks the protocol: %s.", m.Src, strings.ReplaceAll(f.Code, "_", " "))
			d.Message(m, "%s at octet %d", strings.ReplaceAll(f.Code, "_", " "), f.Offset)
			if x := c.refusedFor(m); x != nil {
				d.Severity = correlate.Error
				d.Message(x.Final, "%d %s", x.Status(), x.Final.Reason)
			}
		}
	}
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
