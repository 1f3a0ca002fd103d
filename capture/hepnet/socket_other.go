//go:build !linux

package hepnet

import "net"

// controlOctets is the room for what the kernel says besides a datagram.
const controlOctets = 0

// enlarge asks for a large buffer.
func enlarge(conn *net.UDPConn) { _ = conn.SetReadBuffer(socketOctets) }

// lostBefore is not known on this system.
func lostBefore([]byte) (n uint32, ok bool) { return 0, false }
