package hide

import (
	"bytes"
	"testing"

	"sipsniff/internal/wire"
)

// optioned is a TCP segment without data that has options.
func optioned(options ...any) []byte {
	b := append(wire.TCP(40000, 5060, 1, 1, 0x10, nil), wire.Join(options...)...)
	b[12] = byte(len(b)/4) << 4
	return packetOf(alice4, bob4, protocolTCP, b)
}

// A load balancer tells the address of the client in an option of TCP, MPTCP other addresses of a host, and TCP-MD5
// proves who sent a segment: only options of the protocol itself stay.
func TestOptions(t *testing.T) {
	private := []byte{192, 0, 2, 66}
	for name, tt := range map[string]struct {
		packet []byte
		stays  []byte
	}{
		"client address": {optioned(1, 1, 8, 10, "timestam", 254, 8, uint16(4711), private), []byte("timestam")},
		"MPTCP":          {optioned(2, 4, uint16(1460), 30, 8, 3, 1, private), []byte{2, 4, 1460 >> 8, 1460 & 255}},
		"bad length":     {optioned(254, 40, private, 0, 0), nil},
		"behind the end": {optioned(0, 0, 0, 0, private), nil},
		"no length":      {optioned(1, 3, 1, 1, private), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, h := hiddenFrames(t, Addresses, linkEthernet, wire.EthernetIP(tt.packet))
			if len(got) != 1 {
				t.Fatal(h.LeftOut())
			}
			if bytes.Contains(got[0][54:], private) || !bytes.Contains(got[0][54:], tt.stays) || !sums(got[0][14:]) {
				t.Errorf("%x", got[0][54:])
			}
			if got, _ = hiddenFrames(t, Numbers, linkEthernet, wire.EthernetIP(tt.packet)); !bytes.Equal(got[0][54:], tt.packet[40:]) {
				t.Errorf("addresses were not to be hidden: %x", got[0][54:])
			}
		})
	}
	quoted := wire.EthernetIP(packetOf(bob4, alice4, protocolICMP, wire.Join(3, 3, uint16(0), uint32(0), optioned(254, 8, uint16(4711), private))))
	if got, _ := hiddenFrames(t, Addresses, linkEthernet, quoted); len(got) != 1 || bytes.Contains(got[0], private) {
		t.Errorf("in an error: %x", got)
	}
}

// An error may hold the address of the router's interface behind the packet that it quotes (RFC 4884, RFC 5837).
func TestErrorExtensions(t *testing.T) {
	router := []byte{203, 0, 113, 201}
	sound := packetOf(bob4, alice4, protocolUDP, wire.UDP(4000, 4002, rtpPacket(0, 1, bytes.Repeat([]byte{0x5a}, 160))))
	short := packetOf(bob4, alice4, protocolUDP, wire.UDP(4000, 4002, rtpPacket(0, 1, bytes.Repeat([]byte{0x5a}, 20))))
	extension := wire.Join(0x20, 0, uint16(0), uint16(12), 2, 0x0a, uint16(1), uint16(0), router)
	var media [][]byte
	for n := range 5 {
		media = append(media, wire.EthernetIP(packetOf(bob4, alice4, protocolUDP, wire.UDP(4000, 4002, rtpPacket(0, n, bytes.Repeat([]byte{0x5a}, 160))))))
	}
	padded := append(bytes.Clone(short), make([]byte, 128-len(short))...)
	for name, message := range map[string][]byte{
		"with a length":    wire.Join(3, 3, uint16(0), 0, 32, uint16(0), sound[:128], extension),
		"without a length": wire.Join(3, 3, uint16(0), uint32(0), padded, extension),
	} {
		frame := wire.EthernetIP(packetOf(alice4, bob4, protocolICMP, message))
		got, h := hiddenFrames(t, Addresses, linkEthernet, append(media, frame)...)
		if len(got) != len(media)+1 {
			t.Fatalf("%s: %s", name, h.LeftOut())
		}
		if last := got[len(media)]; bytes.Contains(last, router) || len(last) != len(frame) || !sums(last[14:]) {
			t.Errorf("%s: %x", name, last)
		}
	}
}
