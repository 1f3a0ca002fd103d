package sip

import (
	"math"
	"strings"
)

// An Event is the value of the Event header (RFC 6665 §8.2.1).
type Event struct {
	Package  string // "dialog"
	Template string // "winfo" of "presence.winfo", "" when there is none
	ID       string
}

// ParseEvent reads `presence.winfo;id=7`.
func ParseEvent(value string) Event {
	s := trim(value)
	n := span(s, classToken)
	var e Event
	e.Package, e.Template, _ = strings.Cut(s[:n], ".")
	e.ID, _ = ParamOf(headerParams(s[n:]), "id")
	return e
}

// A SubscriptionState is the value of the Subscription-State header
// (RFC 6665 §8.2.3).
type SubscriptionState struct {
	State      string // "active", "pending", "terminated", as on the wire
	Reason     string // "timeout", "noresource" …
	Expires    int64  // seconds; -1 when absent or not a number
	RetryAfter int64  // seconds; -1 when absent or not a number
}

// ParseSubscriptionState reads `terminated;reason=timeout`.
func ParseSubscriptionState(value string) SubscriptionState {
	s := trim(value)
	n := span(s, classToken)
	list := headerParams(s[n:])
	state := SubscriptionState{State: s[:n], Expires: seconds(list, "expires"), RetryAfter: seconds(list, "retry-after")}
	state.Reason, _ = ParamOf(list, "reason")
	return state
}

// seconds reads a parameter in seconds, saturated at 2^32-1; -1 when it is
// absent or not a number.
func seconds(list, name string) int64 {
	value, _ := ParamOf(list, name)
	n, _, ok := saturated(value, math.MaxUint32)
	if !ok {
		return -1
	}
	return int64(n)
}
