// Package gen writes synthetic captures of any size, and the truth about them.
//
// What comes out is decided by Options alone: the same options give the same
// octets, on every machine. Calls, their audio, the faults put into it and the
// traffic around it are simulated as actors on one time line, so memory grows
// with the calls that are up at the same moment and not with the file.
//
// The package writes capture files, frames, SIP and RTP with its own code and
// imports nothing of sipsniff: what it says is there can be held against what
// sipsniff finds. It is for tests and measurements, not for the network.
package gen
