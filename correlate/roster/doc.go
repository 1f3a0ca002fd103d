// Package roster says what a Snapshot knows of everything that is not a call:
// who is registered, which trunks answer OPTIONS, who subscribes to what and
// what the latest notification says, what was published, who writes to whom
// (spec §3.7). Of is a function of the Snapshot and of nothing else; its clock
// is the time of the last packet.
//
// Text is part of the messages of the Snapshot and not cleaned. The memory
// that a Roster takes is in proportion to the Snapshot's; lists of one record
// are bounded besides.
package roster
