package watch

import (
	"fmt"
	"slices"
	"strings"
)

// An Event is a kind of line.
type Event string

// The events.
const (
	CallStart  Event = "call.start"
	CallAnswer Event = "call.answer"
	CallEnd    Event = "call.end" // the call as in a report, with its streams
	Registered Event = "reg"      // a registration was made, ended or refused
	Statistics Event = "stats"    // every ten seconds
	Drops      Event = "drops"    // packets were lost before anybody saw them
)

// Events are all events.
var Events = []Event{CallStart, CallAnswer, CallEnd, Registered, Statistics, Drops}

// A Set is the events that are wanted. It is a pflag.Value.
type Set []Event

// Set reads a list such as "call.end,stats", or "all".
func (s *Set) Set(text string) error {
	var set Set
	for _, word := range strings.Split(text, ",") {
		switch e := Event(strings.TrimSpace(word)); {
		case e == "all":
			set = append(set, Events...)
		case slices.Contains(Events, e):
			set = append(set, e)
		default:
			return fmt.Errorf("%q is none of all, %s", word, (*Set)(&Events).String())
		}
	}
	*s = set
	return nil
}

func (s *Set) String() string {
	words := make([]string, len(*s))
	for i, e := range *s {
		words[i] = string(e)
	}
	return strings.Join(words, ", ")
}

// Type implements pflag.Value.
func (s *Set) Type() string { return "events" }

// Has reports whether an event is wanted.
func (s Set) Has(e Event) bool { return slices.Contains(s, e) }
