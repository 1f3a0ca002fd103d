package sip

// A WarningValue is one element of a Warning header (RFC 3261 §20.43).
type WarningValue struct {
	Code  int    // 3 digits, or 0 when it is something else
	Agent string // host or pseudonym of who added it
	Text  string // unquoted
}

// ParseWarning reads one element: code, agent, text in quotes.
func ParseWarning(value string) WarningValue {
	w, _ := parseWarning(value)
	return w
}

func parseWarning(value string) (w WarningValue, ok bool) {
	s := trim(value)
	n := span(s, classDigit)
	code, _, _ := saturated(s[:n], 1<<31)
	if n == 3 {
		w.Code, ok = int(code), true
	}
	w.Agent = trimLeft(s[n:])
	if i := indexLWS(w.Agent); i >= 0 {
		w.Text = Unquote(trimLeft(w.Agent[i:]))
		w.Agent = w.Agent[:i]
	}
	return w, ok
}

// warnings checks that each warning code has three digits.
func (m *Message) warnings(h *Header) {
	for e := newElements(h.Value); ; {
		element, more := e.next()
		if !more {
			return
		}
		if _, ok := parseWarning(element); !ok {
			m.flag(ruleWarning, h.Offset)
		}
	}
}
