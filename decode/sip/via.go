package sip

import (
	"net/netip"
	"strings"
)

// A Via is one element of the Via headers (RFC 3261 §20.42).
type Via struct {
	Transport string // upper-case when known, such as "UDP"; else as on the wire
	Host      string // sent-by host without brackets
	Port      uint16 // 0 when absent
	Branch    string
	Received  string // without brackets
	RPort     string // "" when absent or without value
	HasRPort  bool
	Params    string // all parameters as on the wire, without the leading ';'
}

// magicCookie starts the branch of an RFC 3261 element (RFC 3261 §8.1.1.7).
const magicCookie = "z9hG4bK"

// HasCookie reports whether the branch is one of RFC 3261: the magic cookie
// and more behind it.
func (v *Via) HasCookie() bool {
	return len(v.Branch) > len(magicCookie) && equalFold(v.Branch[:len(magicCookie)], magicCookie)
}

// Param returns a parameter such as "maddr", "ttl", "alias", "keep" or "oc".
func (v *Via) Param(name string) (value string, ok bool) { return ParamOf(v.Params, name) }

// Addr returns the sent-by host when it is an IP address.
func (v *Via) Addr() (netip.Addr, bool) { return ParseHost(v.Host) }

// ParseVia reads one element of a Via header.
func ParseVia(value string) Via {
	v, _ := parseVia(trim(value))
	return v
}

func parseVia(s string) (v Via, f fault) {
	rest := s
	if strings.HasPrefix(s, version2+"/") {
		rest = s[len(version2)+1:]
	} else {
		rest, f = viaProtocol(s)
	}
	rest = trimLeft(rest)
	n := span(rest, classToken)
	v.Transport = transportName(rest[:n])
	if n == 0 || n == len(rest) || !isLWS(rest[n]) {
		f |= faultSyntax
	}
	return v, f | v.sentBy(trimLeft(rest[n:]))
}

// viaProtocol reads "SIP" "/" "2.0" "/" with white space anywhere in between.
func viaProtocol(s string) (rest string, f fault) {
	name, rest, ok := strings.Cut(s, "/")
	if !ok {
		return s, faultSyntax
	}
	version, after, ok := strings.Cut(rest, "/")
	if !ok {
		return rest, faultSyntax
	}
	if !equalFold(trim(name), "SIP") || trim(version) != "2.0" {
		f = faultVersion
	}
	return after, f
}

// transports are the names that are the same in any case.
var transports = [...]string{"UDP", "TCP", "TLS", "WS", "WSS", "SCTP", "TLS-SCTP", "TLS-UDP", "DTLS-UDP"}

func transportName(s string) string {
	for _, t := range transports {
		if equalFold(s, t) {
			return t
		}
	}
	return s
}

// sentBy reads host [":" port] *(";" parameter); a comment of RFC 2543 behind
// them is passed over.
func (v *Via) sentBy(s string) (f fault) {
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	} else {
		v.Params = s[end+1:]
		f = v.params()
	}
	host := s[:end]
	if i := strings.IndexByte(host, '('); i >= 0 {
		host = host[:i]
	}
	var hf fault
	v.Host, v.Port, hf = parseHostPort(trim(host))
	return f | hf
}

func (v *Via) params() (f fault) {
	for p := newParams(v.Params); ; {
		param, ok := p.next()
		if !ok {
			return f
		}
		switch {
		case param.Name == "":
			f |= faultSyntax
		case equalFold(param.Name, "branch"):
			v.Branch = first(v.Branch, param.Value)
		case equalFold(param.Name, "received"):
			v.Received = first(v.Received, unbracket(param.Value))
		case equalFold(param.Name, "rport"):
			v.HasRPort = true
			v.RPort = first(v.RPort, param.Value)
		}
	}
}

// first keeps a value once there is one.
func first(have, next string) string {
	if have != "" {
		return have
	}
	return next
}

// unbracket removes the [ ] around an IPv6 address; both forms are in use for
// received (RFC 5118 §4.5).
func unbracket(s string) string {
	if len(s) >= 2 && s[0] == '[' && s[len(s)-1] == ']' {
		return s[1 : len(s)-1]
	}
	return s
}
