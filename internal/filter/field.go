package filter

import (
	"net/netip"
	"strings"
)

// A kind says what the values of a field are, and so what it is compared with.
type kind uint8

const (
	kindText         kind = iota
	kindWhole             // a whole number; 4xx is 400 to 499
	kindNumber            // a measured number
	kindSeconds           // a duration; a bare number is seconds
	kindMilliseconds      // a duration; a bare number is milliseconds
	kindAge               // a duration before the last packet of the capture
	kindTime              // a point in time
	kindAddress           // an IP address with a port
	kindSSRC
	kindState
	kindYesNo
	kindSeverity
)

// A field is one thing that is known of calls. Exactly one of the functions
// is set; none is while nothing measures the value, which then is absent of
// every call. Those with test call it for each value until it returns true,
// and return whether it did.
type field struct {
	name string
	kind kind

	number    func(subject) float64 // durations are ns; NaN when absent
	numbers   func(s subject, test func(float64) bool) bool
	texts     func(s subject, test func(string) bool) bool // "" is no value
	addresses func(s subject, test func(netip.AddrPort) bool) bool
	instant   func(subject) int64 // Unix ns, 0 when absent
	answer    func(subject) answer

	phrase bool                // "-", "_" and " " are the same in its texts
	spell  func(string) string // brings a wanted text in the form of its texts
	deep   bool                // looks into the messages

	aliases bool // it is the names that the user gave to both ends
}

// ranked reports whether the values of the field have an order that no text
// spells: nothing that they are compared with begins with an operator.
func (f *field) ranked() bool {
	switch f.kind {
	case kindWhole, kindNumber, kindSeconds, kindMilliseconds, kindAge, kindTime, kindSeverity:
		return true
	}
	return false
}

// An answer is yes, no, or not known.
type answer uint8

const (
	unknown answer = iota
	yes
	no
)

func answerOf(b bool) answer {
	if b {
		return yes
	}
	return no
}

// measured reports whether calls can have the value at all.
func (f *field) measured() bool {
	return f.number != nil || f.numbers != nil || f.texts != nil || f.addresses != nil || f.instant != nil || f.answer != nil || f.aliases || f.kind == kindState || f.kind == kindSeverity
}

// lookup finds a field by its name in any case, nil when there is none.
func lookup(name string) *field {
	for i := range fieldTable {
		if strings.EqualFold(fieldTable[i].name, name) {
			return &fieldTable[i]
		}
	}
	return nil
}

// cutHeader cuts the prefix of "header.NAME".
func cutHeader(name string) (header string, found bool) {
	const prefix = "header"
	if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return "", false
	}
	if len(name) == len(prefix) {
		return "", true
	}
	return name[len(prefix)+1:], name[len(prefix)] == '.'
}

// headerField is the field of a header of any name, with the name as typed.
func headerField(header string) *field {
	return &field{name: "header." + header, kind: kindText, texts: headers(header), deep: true}
}
