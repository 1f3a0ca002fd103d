// Package legs finds which calls are legs of one end-to-end call: a
// back-to-back user agent ends one call and begins another, with a Call-ID of
// its own. Two legs are joined by evidence that is scored (spec §3.9): a key
// that both carry is nearly enough, and what only fits (host, time, numbers,
// outcome) has to add up.
//
// Facts of calls go in, Joins come out. The package knows no clock and starts
// no goroutine. What it finds depends on the facts, not on the order in which
// they came: see Linker.LinkAll.
package legs
