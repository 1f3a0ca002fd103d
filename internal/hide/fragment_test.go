package hide

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// together is the UDP packet that fragments make, by their own offsets.
func together(t *testing.T, list [][]byte, pieces []wire.IP, header int) []byte {
	t.Helper()
	var out []byte
	for i, f := range list {
		data := f[14+header:]
		for len(out) < pieces[i].Offset+len(data) {
			out = append(out, 0)
		}
		copy(out[pieces[i].Offset:], data)
	}
	return out
}

// A datagram in pieces is masked as if it had come whole, in whatever order they come.
func TestFragments(t *testing.T) {
	for _, ends := range [][2]netip.Addr{{alice4, bob4}, {alice6, bob6}} {
		header := 20
		if ends[0].Is6() {
			header = 48 // with that of fragments
		}
		udp := wire.UDP(5060, 5060, []byte(invite))
		udp[7] = 1 // there is a checksum
		ip := wire.IP{Src: ends[0], Dst: ends[1], Protocol: protocolUDP, ID: 77}
		const size = 296
		var frames [][]byte
		var pieces []wire.IP
		for i, f := range ip.Fragments(udp, size) {
			frames, pieces = append(frames, wire.EthernetIP(f)), append(pieces, wire.IP{Offset: i * size})
		}
		for range 2 {
			got, h := hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, frames...)
			if h.Left() != 0 || len(got) != len(frames) {
				t.Fatalf("%d of %d: %s", len(got), len(frames), h.LeftOut())
			}
			whole := together(t, got, pieces, header)
			text := string(whole[8:])
			if len(whole) != len(udp) || strings.Contains(text, "alicia") || strings.Contains(text, "2079460018") || !strings.Contains(text, "CSeq: 7654321 INVITE") {
				t.Errorf("%s", text)
			}
			addresses := got[0][26:34]
			if ends[0].Is6() {
				addresses = got[0][22:54]
			}
			if sum(whole, sum(addresses, uint32(protocolUDP)+uint32(len(whole)))) != 0xffff {
				t.Error("the checksum is wrong")
			}
			slices.Reverse(frames)
			slices.Reverse(pieces)
		}
		if got, h := hiddenFrames(t, Numbers, linkEthernet, append(slices.Clone(frames), frames[1])...); h.Left() != 0 || len(got) != len(frames)+1 {
			t.Errorf("one that was sent again: %s", h.LeftOut())
		}
		if got, h := hiddenFrames(t, Numbers, linkEthernet, frames[1:]...); len(got) != 0 || h.left[fragmented] != len(frames)-1 {
			t.Errorf("the first is missing: %d packets, %s", len(got), h.LeftOut())
		}
		other := ip.Fragments(wire.UDP(5060, 5060, []byte(strings.ReplaceAll(invite, "alicia", "bertha"))), size)
		list := slices.Clone(frames)
		for _, f := range other { // with the number of the one before
			list = append(list, wire.EthernetIP(f))
		}
		got, _ := hiddenFrames(t, Numbers, linkEthernet, list...)
		for _, f := range got {
			if strings.Contains(string(f), "alicia") || strings.Contains(string(f), "bertha") {
				t.Errorf("%q", f)
			}
		}
		if len(got) != len(list) {
			t.Errorf("%d of two datagrams with one number", len(got))
		}
	}
}
