// Package correlate is the memory of the program: transactions, dialogs,
// calls and media streams. One goroutine feeds a Tracker; everybody else
// reads the immutable Snapshots that it publishes.
//
// Time comes from packets only, so the same file gives the same answer each
// time. Every table has a cap; finished calls leave first, and the snapshot
// says how many left.
package correlate
