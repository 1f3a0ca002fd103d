// Package ring captures live on Linux from a ring of memory that the kernel
// fills (TPACKET_V3 of packet(7)), without libpcap and without copying: frames
// lie in the ring until the next one is asked for. It gives the frames that
// capture/libpcap does, in the same order; libpcap compiles its filters. It is
// pure Go, so that a program built without cgo can capture, unfiltered.
package ring

import "errors"

// ErrUnsuited is returned by Open where there is no such ring: on other systems
// than Linux, and for interfaces of other kinds than Ethernet, loopback and "any".
// They are for libpcap.
var ErrUnsuited = errors.New("no ring for this interface")
