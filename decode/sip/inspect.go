package sip

import "math"

// inspect reads a header that the message is known by, and checks those whose
// mistakes are known to matter (spec §2.6). Of a header that may stand once
// it sees the first.
func (m *Message) inspect(h *Header) {
	switch h.ID {
	case HeaderVia:
		m.vias(h)
	case HeaderFrom:
		m.From = m.address(h, ruleFrom)
	case HeaderTo:
		m.To = m.address(h, ruleTo)
	case HeaderCallID:
		m.callID(h)
	case HeaderCSeq:
		m.cseq(h)
	case HeaderContact:
		m.contacts(h)
	case HeaderContentType:
		m.ContentType = mediaType(h.Value)
	case HeaderMaxForwards:
		m.scalar(h, h.Value, math.MaxUint8, ruleMaxForwards, ruleMaxForwardsTop)
	case HeaderExpires:
		m.scalar(h, h.Value, math.MaxUint32, ruleExpires, ruleExpiresRange)
	case HeaderRetryAfter:
		digits := h.Value[:span(h.Value, classDigit)]
		m.scalar(h, digits, math.MaxUint32, ruleRetryAfter, ruleRetryRange)
	default:
		m.inspectRare(h)
	}
}

func (m *Message) inspectRare(h *Header) {
	switch h.ID {
	case HeaderDate:
		if !isDate(h.Value) {
			m.flag(ruleDate, h.Offset)
		}
	case HeaderWarning:
		m.warnings(h)
	case HeaderRequire, HeaderProxyRequire:
		m.optionTags(h)
	case HeaderAuthorization, HeaderProxyAuthorization, HeaderWWWAuthenticate, HeaderProxyAuthenticate:
		if !knownAuthScheme(h.Value[:span(h.Value, classToken)]) {
			m.flag(ruleAuthScheme, h.Offset)
		}
	}
}

func (m *Message) callID(h *Header) {
	if h.Value == "" {
		m.flag(ruleCallIDMissing, h.Offset)
		return
	}
	m.CallID, m.HasCallID = h.Value, true
}

func (m *Message) cseq(h *Header) {
	var ok bool
	m.CSeq, ok = parseCSeq(h.Value)
	if !ok {
		m.flag(ruleCSeq, h.Offset)
	}
	if m.CSeq.Number > maxCSeq {
		m.flag(ruleCSeqRange, h.Offset)
	}
}

// scalar checks a number: digits only, and not above limit.
func (m *Message) scalar(h *Header, digits string, limit uint64, bad, tooLarge rule) {
	_, over, ok := saturated(digits, limit)
	if !ok {
		m.flag(bad, h.Offset)
	}
	if over {
		m.flag(tooLarge, h.Offset)
	}
}

// vias reads all elements of one Via header; the first of the message is the
// topmost. An element without a host is not counted.
func (m *Message) vias(h *Header) {
	for e := newElements(h.Value); ; {
		element, ok := e.next()
		if !ok {
			return
		}
		v, f := parseVia(element)
		if f != 0 {
			m.flagVia(f, h.Offset)
		}
		if v.Host == "" {
			continue
		}
		if m.ViaCount++; m.ViaCount == 1 {
			m.Via = v
		} else if !m.IsRequest() && v.Host == "255.255.255.255" {
			m.flag(ruleMisrouted, h.Offset)
		}
	}
}

func (m *Message) flagVia(f fault, offset int) {
	if f&faultVersion != 0 {
		m.flag(ruleVersion, offset)
	}
	if f&^(faultsIPv6|faultVersion) != 0 {
		m.flag(ruleVia, offset)
	}
	m.flagIPv6(f, offset)
}

// address reads From or To; bad names a fault that has no name of its own.
func (m *Message) address(h *Header, bad rule) Address {
	a, f := parseAddress(h.Value)
	if f != 0 {
		m.flagAddress(f, bad, h.Offset)
	}
	return a
}

func (m *Message) flagAddress(f fault, bad rule, offset int) {
	for _, c := range [...]struct {
		fault
		rule
	}{
		{faultQuote, ruleQuote},
		{faultAngle, ruleAngle},
		{faultDisplay, ruleDisplay},
		{faultSpace, ruleURISpace},
		{faultBrackets, ruleURIBrackets},
		{faultExpires, ruleContactExpires},
		{faultSyntax | faultHost | faultScheme, bad},
	} {
		if f&c.fault != 0 {
			m.flag(c.rule, offset)
		}
	}
	m.flagIPv6(f, offset)
}

// contacts checks all elements of one Contact header.
func (m *Message) contacts(h *Header) {
	if h.Value == "*" {
		return
	}
	for e := newElements(h.Value); ; {
		element, ok := e.next()
		if !ok {
			return
		}
		if f := contactFaults(element); f != 0 {
			m.flagAddress(f, ruleContact, h.Offset)
		}
	}
}

func contactFaults(element string) fault {
	a, f := parseAddress(element)
	_, uf := parseURI(a.URI)
	if a.Params != "" {
		if expires, ok := a.Param("expires"); ok {
			if _, over, _ := saturated(expires, math.MaxUint32); over {
				f |= faultExpires
			}
		}
	}
	return f | uf
}

// checkWhole makes the remarks that need more than one header.
func (p *parser) checkWhole() {
	m := p.m
	if m.IsRequest() && m.CSeq.Method != "" && m.CSeq.Method != m.Method {
		m.flag(ruleMethodMismatch, 0)
	}
	if p.seen[HeaderFrom] && m.From.Tag == "" {
		m.flag(rule2543, 0)
	}
	if m.ViaCount > 0 && !m.Via.HasCookie() {
		if equalFold(m.Via.Branch, magicCookie) {
			m.flag(ruleBranch, 0)
		} else {
			m.flag(ruleBranch2543, 0)
		}
	}
	if !p.seen[HeaderContentType] && !m.cut && trim(m.Body) != "" {
		m.flag(ruleTypeMissing, len(m.Raw)-len(m.Body)-len(m.Trailing))
	}
	if m.Method == "INVITE" {
		p.checkInvite()
	}
}

// checkInvite remarks on what a called party will refuse (RFC 4475 §3.3.6 and
// §3.3.15).
func (p *parser) checkInvite() {
	m := p.m
	if m.ContentType != "" && !knownContentType(m.ContentType) {
		m.flag(ruleContentType, p.offsetOf(HeaderContentType))
	}
	if p.seen[HeaderAccept] && !m.acceptsSDP() {
		m.flag(ruleAccept, p.offsetOf(HeaderAccept))
	}
}

func (m *Message) acceptsSDP() bool {
	for value := range m.Values(HeaderAccept) {
		t := mediaType(value)
		if equalFold(t, sdpType) || equalFold(t, "application/*") || t == "*/*" {
			return true
		}
	}
	return false
}

// offsetOf returns the offset of the first header with this ID, or 0.
func (p *parser) offsetOf(id HeaderID) int {
	for i := range p.m.Headers {
		if p.m.Headers[i].ID == id {
			return p.m.Headers[i].Offset
		}
	}
	return 0
}
