package hepnet

import (
	"encoding/binary"
	"net"
	"syscall"
)

// controlOctets is the room for what the kernel says besides a datagram.
const controlOctets = 64

// The octets of a control message in front of its value, on 64 and 32 bits.
var controlHead = syscall.CmsgLen(0)

// enlarge asks for a large buffer, beyond the limit of the system when we may,
// and for the number of datagrams that did not fit.
func enlarge(conn *net.UDPConn) {
	_ = conn.SetReadBuffer(socketOctets)
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, socketOctets)
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RXQ_OVFL, 1)
	})
}

// lostBefore is how many datagrams the kernel dropped since the socket was
// opened, which is the only thing it was asked to add.
func lostBefore(control []byte) (n uint32, ok bool) {
	if len(control) < controlHead+4 {
		return 0, false
	}
	return binary.NativeEndian.Uint32(control[controlHead:]), true
}
