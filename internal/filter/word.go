package filter

import (
	"net/netip"
	"strconv"
	"strings"

	"sipsniff/correlate"
)

// wordIn searches for a text in what a row of the list could show: who with
// whom, their addresses and the names of these, the Call-ID, the state, the code,
// the method and the user agent of the caller. Places where the word cannot be are
// not looked at.
func (c *compiler) wordIn(text string) predicate {
	wanted := newNeedle(text, &lowerCase)
	states, codes := statesWith(text), codesWith(text)
	inAddress := func(netip.AddrPort) bool { return false }
	addressable := fitsAddress(text)
	if addressable {
		inAddress = writtenWith(text)
	}
	hosts := c.named(wanted.in)
	return func(s subject) bool {
		c := s.call
		if states[c.State] || codes != nil && uint(c.FinalStatus) < uint(len(codes)) && codes[c.FinalStatus] {
			return true
		}
		return wanted.in(c.From) || wanted.in(c.To) || wanted.in(c.CallID) ||
			wanted.in(c.FromDisplay) || wanted.in(c.ToDisplay) || c.RequestURI != c.To && wanted.in(c.RequestURI) ||
			wanted.in(c.UserAgent) || wanted.in(c.Method) ||
			addressable && (inAddress(c.Source) || inAddress(c.Destination)) || len(hosts) > 0 && eitherOf(s, hosts)
	}
}

// statesWith is the states whose word in the list or name holds text.
func statesWith(text string) (states [256]bool) {
	wanted := newNeedle(text, &lowerCase)
	for i := range states {
		s := correlate.State(i)
		states[i] = wanted.in(s.Word()) || wanted.in(s.String())
	}
	return states
}

// codesWith is the final status codes whose digits hold text, nil when none
// do. 0 is no code.
func codesWith(text string) []bool {
	if text == "" || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return nil
	}
	codes := make([]bool, 700)
	for code := 100; code < len(codes); code++ {
		codes[code] = strings.Contains(strconv.Itoa(code), text)
	}
	return codes
}

// fitsAddress reports whether text may be a part of an address with its port:
// no more than five digits stand together there.
func fitsAddress(text string) bool {
	if !looksLikeAddress(text) {
		return false
	}
	run := 0
	for i := range len(text) {
		if run++; strings.IndexByte(".:[]", text[i]) >= 0 {
			run = 0
		}
		if run > 5 {
			return false
		}
	}
	return true
}
