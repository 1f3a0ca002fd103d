package sip

// A Replaces names the dialog that a new one is to take over (RFC 3891). The
// tags are from the view of who receives it: ToTag is that party's own.
// Join and Target-Dialog have the same form.
type Replaces struct {
	CallID    string
	ToTag     string // for Target-Dialog its local-tag, for which this is the other name
	FromTag   string
	EarlyOnly bool
}

// ParseReplaces reads `call@host;to-tag=7;from-tag=8;early-only`. A Replaces
// out of a Refer-To has to be percent-decoded first: ReferReplaces does it.
func ParseReplaces(value string) Replaces {
	s := trim(value)
	n := 0
	for n < len(s) && s[n] != ';' {
		n++
	}
	r := Replaces{CallID: trim(s[:n])}
	list := headerParams(s[n:])
	r.ToTag, _ = ParamOf(list, "to-tag")
	r.FromTag, _ = ParamOf(list, "from-tag")
	if r.ToTag == "" && r.FromTag == "" {
		r.ToTag, _ = ParamOf(list, "local-tag")
		r.FromTag, _ = ParamOf(list, "remote-tag")
	}
	_, r.EarlyOnly = ParamOf(list, "early-only")
	return r
}

// ReferReplaces reads the Replaces header that a Refer-To carries in the
// headers part of its URI when the transfer is attended (RFC 5589 §7.1).
func ReferReplaces(referTo Address) (Replaces, bool) {
	value, ok := ParseURI(referTo.URI).Header("Replaces")
	if !ok {
		return Replaces{}, false
	}
	return ParseReplaces(value), true
}
