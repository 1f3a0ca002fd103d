package filter

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// What is in the messages of a call. A message that came again says nothing
// new.

func eachMessage(s subject, test func(*correlate.Message) bool) bool {
	for _, m := range s.call.Messages() {
		if m.First == nil && test(m) {
			return true
		}
	}
	return false
}

func messages(s subject, test func(string) bool) bool {
	return eachMessage(s, func(m *correlate.Message) bool { return try(m.Text(), test) })
}

func bodies(s subject, test func(string) bool) bool {
	return eachMessage(s, func(m *correlate.Message) bool {
		if i := strings.Index(m.Text(), "\r\n\r\n"); i >= 0 && i+4 == m.Size() {
			return false // nothing behind the headers: not worth parsing
		}
		return try(m.SIP().Body, test)
	})
}

func descriptions(s subject, test func(string) bool) bool {
	return eachMessage(s, func(m *correlate.Message) bool {
		if m.SDP == nil {
			return false
		}
		text, _ := m.SIP().SDP()
		return try(text, test)
	})
}

// userAgents are those of both sides: requests say User-Agent, responses
// Server.
func userAgents(s subject, test func(string) bool) bool {
	return try(s.call.UserAgent, test) || bothAgents(s, test)
}

var bothAgents = headers("User-Agent", "Server")

// headers gives the values of headers in every message, compact forms
// included.
func headers(names ...string) func(subject, func(string) bool) bool {
	ids := make([]sip.HeaderID, len(names))
	wanted := make([]needle, len(names))
	compact := false
	for i, name := range names {
		ids[i], wanted[i] = sip.LookupHeader(name), newNeedle(name, &lowerCase)
		compact = compact || hasCompactForm(ids[i])
	}
	return func(s subject, test func(string) bool) bool {
		return eachMessage(s, func(m *correlate.Message) bool {
			if !compact && !anyIn(wanted, m.Text()) {
				return false
			}
			parsed := m.SIP()
			for i := range parsed.Headers {
				h := &parsed.Headers[i]
				for k, name := range names {
					if h.ID == ids[k] && (h.ID != sip.Other || strings.EqualFold(h.Name, name)) && try(sip.Unfold(h.Value), test) {
						return true
					}
				}
			}
			return false
		})
	}
}

func anyIn(wanted []needle, text string) bool {
	for i := range wanted {
		if wanted[i].in(text) {
			return true
		}
	}
	return false
}

// hasCompactForm reports whether one letter may stand for the header.
func hasCompactForm(id sip.HeaderID) bool {
	for letter := 'a'; letter <= 'z' && id != sip.Other; letter++ {
		if sip.LookupHeader(string(letter)) == id {
			return true
		}
	}
	return false
}

func cseqs(s subject, test func(float64) bool) bool {
	for _, m := range s.call.Messages() {
		if m.CSeq.Method != "" && test(float64(m.CSeq.Number)) {
			return true
		}
	}
	return false
}

// interfaces are those that messages were captured on, copies too.
func interfaces(s subject, test func(string) bool) bool {
	last := ""
	for _, m := range s.call.Messages() {
		if m.Interface != "" && m.Interface != last {
			if test(m.Interface) {
				return true
			}
			last = m.Interface
		}
	}
	return false
}

// vlans are the outermost tags of messages.
func vlans(s subject, test func(float64) bool) bool {
	for _, m := range s.call.Messages() {
		if m.VLAN != 0 && test(float64(m.VLAN)) {
			return true
		}
	}
	return false
}
