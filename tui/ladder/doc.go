// Package ladder turns a call into the rows of a ladder diagram: who takes
// part, one arrow for each message and each RTP stream, retransmissions folded
// into the first copy, silences named. Build makes the rows, Text prints them
// for a pipe, and Lanes draws one row for a screen; the last two share
// everything but the room they have.
//
// The package is pure: calls go in, text comes out. Text from the wire is
// cleaned on its way into a row and nowhere else.
package ladder
