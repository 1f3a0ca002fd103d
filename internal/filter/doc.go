// Package filter is the display filter: one small language that says which
// calls are wanted, in the list, in reports and in ladders. docs/FILTER.md
// describes it for users.
//
// Text goes in, and what comes out is a predicate over the calls of a snapshot.
// It looks at data, never at what is drawn, and never at the wall clock: "since"
// counts from the last packet of the capture. A value that is not known is
// absent, and every comparison with it is false.
package filter
