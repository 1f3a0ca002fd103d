// Package hep reads and writes the Homer Encapsulation Protocol, in which a
// capture agent sends a collector copies of what it saw, with the addresses
// and the time of the original (HEP3 specification, revision 37; versions 1
// and 2 are read as Kamailio and sngrep write them).
//
// Octets come in and values go out: the package opens no sockets, asks for no
// time and keeps nothing but the unfinished end of a stream.
package hep
