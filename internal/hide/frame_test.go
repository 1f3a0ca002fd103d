package hide

import (
	"bytes"
	"context"
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

var (
	alice4, bob4 = netip.MustParseAddr("192.0.2.66"), netip.MustParseAddr("198.51.100.77")
	alice6, bob6 = netip.MustParseAddr("2001:db8::a11c"), netip.MustParseAddr("2001:db8::b0b0")
)

// hiddenFrames learns frames and returns what is left of them.
func hiddenFrames(t *testing.T, what What, link capture.LinkType, data ...[]byte) ([][]byte, *Hider) {
	t.Helper()
	var list []capture.Frame
	for i, d := range data {
		list = append(list, capture.Frame{Number: i + 1, Data: d, Length: len(d), LinkType: link})
	}
	h := newHider(what, secret{5})
	if err := h.Learn(context.Background(), &listed{slices.Clone(list)}, nil); err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, f := range frames(t, h.NewSource(&listed{list}, nil)) {
		out = append(out, f.Data)
	}
	return out, h
}

func packetOf(src, dst netip.Addr, protocol uint8, payload []byte) []byte {
	return wire.IP{Src: src, Dst: dst, Protocol: protocol}.Packet(payload)
}

// sums reports whether the checksums of a packet are right.
func sums(ip []byte) bool {
	header, addresses, protocol := 20, ip[12:], ip[9]
	if ip[0]>>4 == 6 {
		header, addresses, protocol = 40, ip[8:], ip[6]
	} else if sum(ip[:20], 0) != 0xffff {
		return false
	}
	inner := ip[header:]
	if protocol == protocolUDP && ip[0]>>4 == 4 && inner[6] == 0 && inner[7] == 0 {
		return true
	}
	if protocol == protocolICMP {
		return sum(inner, 0) == 0xffff
	}
	size := (header - 8) &^ 7 // two addresses
	if header == 20 {
		size = 8
	}
	return sum(inner, sum(addresses[:size], uint32(protocol)+uint32(len(inner)))) == 0xffff
}

// Every link layer that is let pass, with both versions of IP: the addresses go, the checksums are right.
func TestLinks(t *testing.T) {
	for _, link := range wire.Links() {
		for _, ends := range [][2]netip.Addr{{alice4, bob4}, {alice6, bob6}} {
			udp := wire.UDP(5060, 5060, []byte(invite))
			if ends[0].Is6() {
				udp[7] = 1 // there is one
			}
			frame := link.Frame(packetOf(ends[0], ends[1], protocolUDP, udp))
			got, h := hiddenFrames(t, Numbers|Addresses, link.Type, frame)
			if len(got) == 0 {
				if h.Left() != 1 || !strings.Contains(h.LeftOut(), "1 ") {
					t.Errorf("%s: %d left out", link.Name, h.Left())
				}
				continue
			}
			if len(got[0]) != len(frame) || bytes.Contains(got[0], ends[0].AsSlice()) || bytes.Contains(got[0], ends[1].AsSlice()) || bytes.Contains(got[0], []byte("alicia")) {
				t.Errorf("%s: %q", link.Name, got[0])
			}
			at := len(frame) - len(packetOf(ends[0], ends[1], protocolUDP, udp))
			if link.Name == "ethernet" && !sums(got[0][at:]) {
				t.Errorf("%s: checksums", link.Name)
			}
		}
	}
}

func TestMACs(t *testing.T) {
	ip := packetOf(alice4, bob4, protocolUDP, wire.UDP(5060, 5060, []byte(invite)))
	frame := append(wire.EthernetIP(ip), "leaked"...)
	got, _ := hiddenFrames(t, Addresses, linkEthernet, frame, frame)
	if bytes.Equal(got[0][:6], frame[:6]) || !bytes.Equal(got[0], got[1]) || bytes.Contains(got[0], []byte("leaked")) || got[0][0]&3 != 2 {
		t.Errorf("%q", got[0][:14])
	}
	if got, _ = hiddenFrames(t, Auth, linkEthernet, frame); !bytes.Equal(got[0][:12], frame[:12]) {
		t.Error("addresses were not to be hidden")
	}
}

// segments are TCP segments of a text, cut anywhere.
func segments(text string, size int) (out [][]byte) {
	out = append(out, wire.EthernetIP(packetOf(alice4, bob4, protocolTCP, wire.TCP(40000, 5060, 999, 0, flagSYN, nil))))
	for at := 0; at < len(text); at += size {
		end := min(at+size, len(text))
		out = append(out, wire.EthernetIP(packetOf(alice4, bob4, protocolTCP, wire.TCP(40000, 5060, 1000+uint32(at), 1, 0x18, []byte(text[at:end])))))
	}
	return out
}

func textOf(list [][]byte) string {
	var b strings.Builder
	for _, f := range list {
		b.Write(f[54:])
	}
	return b.String()
}

// What is cut into pieces of any size is masked as if it were whole, whatever the order of the pieces.
func TestStreams(t *testing.T) {
	message := strings.Replace(invite, "Length: 231", "Length: "+"230", 1)
	body := message[strings.Index(message, "\r\n\r\n")+4:]
	message = strings.Replace(message, "Length: 230", "Length: "+itoa(len(body)), 1)
	want := ""
	for _, size := range []int{len(message), 1, 7, 100} {
		list := segments(message+"\r\n\r\n"+message, size)
		if size == 7 {
			slices.Reverse(list[1:])
			list = append(list, list[3]) // sent again
		}
		got, h := hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, list...)
		if h.Left() > 0 || len(got) != len(list) {
			t.Fatalf("size %d: %s", size, h.LeftOut())
		}
		for _, f := range got {
			if !sums(f[14:]) {
				t.Fatalf("size %d: checksums", size)
			}
		}
		if size == 7 {
			got = got[:len(got)-1]
			slices.Reverse(got[1:])
		}
		text := textOf(got)
		if want == "" {
			want = text
		}
		if text != want || strings.Contains(text, "alicia") || strings.Contains(text, "2079460018") || !strings.Contains(text, "CSeq: 7654321 INVITE") {
			t.Errorf("size %d: %s", size, text)
		}
	}
}

func itoa(n int) string {
	return strings.TrimLeft(string([]byte{byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)}), "0")
}

// Where octets are missing nobody knows what stands behind them until the next message begins.
func TestStreamWithGap(t *testing.T) {
	message := invite[:strings.Index(invite, "Content-Type")] + "Content-Length: 0\r\n\r\n"
	list := segments(message+message, 60)
	lost := slices.Delete(slices.Clone(list), 3, 4)
	got, h := hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, lost...)
	if h.Left() == 0 || h.left[incomplete] != h.Left() || strings.Contains(textOf(got), "alicia") {
		t.Errorf("%s: %s", h.LeftOut(), textOf(got))
	}
	if !strings.Contains(textOf(got), "CSeq: 7654321 INVITE") {
		t.Error("the second message is gone")
	}
}

// A new connection between the same ports is another stream.
func TestConnectionAgain(t *testing.T) {
	message := invite[:strings.Index(invite, "Content-Type")] + "Content-Length: 0\r\n\r\n"
	again := segments(message, 50)
	for _, f := range again {
		binary.BigEndian.PutUint32(f[38:], binary.BigEndian.Uint32(f[38:])+77777)
	}
	got, h := hiddenFrames(t, Numbers|Addresses|Auth, linkEthernet, append(segments(message, 60), again...)...)
	if text := textOf(got); h.Left() != 0 || strings.Contains(text, "alicia") || strings.Count(text, "CSeq: 7654321 INVITE") != 2 {
		t.Errorf("%s: %s", h.LeftOut(), text)
	}
}

func TestLeftOut(t *testing.T) {
	ip := wire.IP{Src: alice4, Dst: bob4, Protocol: protocolUDP, ID: 1}
	fragments := ip.Fragments(wire.UDP(5060, 5060, []byte(invite)), 800)
	tls := packetOf(alice4, bob4, protocolTCP, wire.TCP(40000, 5061, 1, 1, 0x18, []byte("\x16\x03\x01\x00\x20aliciasecret")))
	dns := packetOf(alice4, bob4, protocolUDP, wire.UDP(40000, 53, []byte("\x91\x92\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06alicia\x07example\x00\x00\x01\x00\x01")))
	for _, tt := range []struct {
		name   string
		ip     []byte
		reason reason
	}{
		{"fragment", fragments[0], fragmented}, {"last fragment", fragments[1], fragmented}, {"TLS", tls, encrypted}, {"DNS", dns, foreign},
		{"IP in IP", packetOf(alice4, bob4, protocolIPv4, fragments[0]), tunnelled}, {"ESP", packetOf(alice4, bob4, protocolESP, []byte("12345678")), encrypted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, what := range []What{Numbers, Addresses, Auth} {
				if got, h := hiddenFrames(t, what, linkEthernet, wire.EthernetIP(tt.ip)); len(got) != 0 || h.left[tt.reason] != 1 {
					t.Errorf("%s: %q, %s", what, got, h.LeftOut())
				}
			}
		})
	}
}

func rtpPacket(payloadType, number int, payload []byte) []byte {
	return wire.Join(0x80, payloadType, uint16(number), uint32(number*160), uint32(0x5eed), payload)
}

// Sound goes, headers stay; keys stay keys.
func TestSound(t *testing.T) {
	var list [][]byte
	add := func(payload []byte) {
		list = append(list, wire.EthernetIP(packetOf(alice4, bob4, protocolUDP, wire.UDP(4000, 4002, payload))))
	}
	for n := range 5 {
		add(rtpPacket(0, n, bytes.Repeat([]byte{0x5a, 0x33}, 80)))
	}
	add(rtpPacket(101, 5, []byte{7, 0x8a, 1, 0x40}))
	got, _ := hiddenFrames(t, Audio, linkEthernet, list...)
	if len(got) != len(list) {
		t.Fatalf("%d packets", len(got))
	}
	if sound := got[2][54:]; !bytes.Equal(got[2][26:54], list[2][26:54]) || !bytes.Equal(sound, bytes.Repeat([]byte{0xff}, 160)) {
		t.Errorf("%x", got[2])
	}
	if key := got[5][54:]; !bytes.Equal(key, []byte{0, 0x8a, 1, 0x40}) {
		t.Errorf("%x", key)
	}
	if got, _ = hiddenFrames(t, Numbers, linkEthernet, list...); !bytes.Equal(got[2][42:], list[2][42:]) {
		t.Error("sound was not to be hidden")
	}
}

func TestReports(t *testing.T) {
	report := wire.Join(0x80, 201, uint16(1), uint32(0x5eed), // RR
		0x81, 202, uint16(6), uint32(0x5eed), 1, 17, "alicia@192.0.2.66", 0, // SDES, CNAME
		0x80, 204, uint16(3), uint32(0x5eed), "NAME", "beta") // APP
	frame := wire.EthernetIP(packetOf(alice4, bob4, protocolUDP, wire.UDP(4001, 4003, report)))
	got, h := hiddenFrames(t, Numbers, linkEthernet, frame, frame)
	if len(got) != 2 || bytes.Contains(got[0], []byte("alicia")) || bytes.Contains(got[0], []byte("192.0.2.66")) || bytes.Contains(got[0], []byte("beta")) || !bytes.Equal(got[0], got[1]) || len(got[0]) != len(frame) {
		t.Errorf("%q %s", got, h.LeftOut())
	}
	if got, h = hiddenFrames(t, Numbers, linkEthernet, frame[:len(frame)-3]); len(got) != 0 || h.left[encrypted] != 1 {
		t.Errorf("a cut report: %q", got)
	}
}

// An ICMP error quotes the beginning of a packet.
func TestErrors(t *testing.T) {
	quoted := packetOf(bob4, alice4, protocolUDP, wire.UDP(5060, 5060, []byte(invite)))[:300]
	frame := wire.EthernetIP(packetOf(alice4, bob4, protocolICMP, wire.Join(3, 3, uint16(0), uint32(0), quoted)))
	got, h := hiddenFrames(t, Numbers|Addresses, linkEthernet, frame)
	if len(got) != 1 {
		t.Fatal(h.LeftOut())
	}
	if bytes.Contains(got[0], []byte("alicia")) || bytes.Contains(got[0], []byte("44207946")) || bytes.Contains(got[0], alice4.AsSlice()) || bytes.Contains(got[0], bob4.AsSlice()) || !sums(got[0][14:]) {
		t.Errorf("%q", got[0])
	}
	if !bytes.Equal(got[0][26:30], got[0][14+28+16:14+28+20]) {
		t.Error("the quoted packet has other addresses")
	}
}

// Frames of any octets neither panic nor change their length.
func FuzzFrame(f *testing.F) {
	f.Add(uint32(1), wire.EthernetIP(packetOf(alice4, bob4, protocolUDP, wire.UDP(5060, 5060, []byte(invite)))))
	f.Add(uint32(1), segments(invite, 400)[1])
	f.Add(uint32(101), packetOf(alice6, bob6, protocolUDP, wire.UDP(4001, 4003, wire.Join(0x81, 202, uint16(6), uint32(1), 1, 17, "alicia@192.0.2.66", 0))))
	f.Add(uint32(113), wire.Join(uint16(0), uint16(1), uint16(6), wire.Zeros(8), uint16(0x0800), packetOf(alice4, bob4, protocolICMP, wire.Join(3, 3, uint16(0), uint32(0), packetOf(bob4, alice4, protocolTCP, make([]byte, 20))))))
	f.Fuzz(func(t *testing.T, link uint32, data []byte) {
		was := bytes.Clone(data)
		got, h := hiddenFrames(t, Numbers|Addresses|Auth|Audio, capture.LinkType(link), data, data[:len(data)/2])
		if len(got)+h.Left() != 2 {
			t.Fatalf("%d and %d frames", len(got), h.Left())
		}
		if !bytes.Equal(was, data) {
			t.Fatal("the frame that was borrowed is another")
		}
	})
}
