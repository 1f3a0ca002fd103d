package decode

import (
	"testing"

	"sipsniff/internal/wire"
)

// A phoneTalk is the segments between a phone and a server.
type phoneTalk struct {
	*run
	server uint16
}

const (
	flagFin, flagSyn, flagRst, flagPsh, flagAck = 1, 2, 4, 8, 16
)

// say feeds a segment of a side at a time.
func (k *phoneTalk) say(ms int64, phone bool, seq, ack uint32, flags, window int, text string) {
	ip := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 6, ID: uint32(k.frames + 1)}
	src, dst := uint16(33000), k.server
	if !phone {
		ip.Src, ip.Dst, src, dst = ip.Dst, ip.Src, dst, src
	}
	b := wire.TCP(src, dst, seq, ack, flags, []byte(text))
	b[14], b[15] = byte(window>>8), byte(window)
	k.at(ms, 1, wire.EthernetIP(ip.Packet(b)))
}

func newPhoneTalk(server uint16) *phoneTalk { return &phoneTalk{newRun(Config{}), server} }

// only is the one connection that there are facts of.
func (k *phoneTalk) only(t *testing.T) TCPConnection {
	t.Helper()
	list := k.Connections()
	if len(list) != 1 {
		t.Fatalf("facts of %d connections, want 1", len(list))
	}
	if c := list[0]; c.Client.Port() != 33000 || c.Server.Port() != k.server {
		t.Fatalf("client %v, server %v", c.Client, c.Server)
	}
	return list[0]
}

const (
	tcpRequest  = "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
	tcpResponse = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)

func (k *phoneTalk) open() {
	k.say(0, true, 100, 0, flagSyn, 1000, "")
	k.say(10, false, 500, 101, flagSyn|flagAck, 1000, "")
	k.say(20, true, 101, 501, flagAck, 1000, "")
}

func TestConnectionWithSIP(t *testing.T) {
	k := newPhoneTalk(5070)
	k.open()
	k.say(30, true, 101, 501, flagAck|flagPsh, 1000, tcpRequest)
	k.say(230, true, 101, 501, flagAck|flagPsh, 1000, tcpRequest) // again
	n := uint32(len(tcpRequest))
	k.say(240, false, 501, 101+n, flagAck, 0, "") // no room
	k.say(1740, false, 501, 101+n, flagAck, 1000, "")
	k.say(1750, false, 501, 101+n, flagAck|flagPsh, 1000, tcpResponse)
	k.say(1800, true, 101+n, 501+uint32(len(tcpResponse)), flagAck|flagFin, 1000, "")
	c := k.only(t)
	// The port is none of SIP, so that facts begin with the first message.
	if !c.SIP || c.TLS || c.FromClient.Requests != 1 || c.FromServer.Responses != 1 || c.FromClient.Responses+c.FromServer.Requests != 0 {
		t.Errorf("%+v", c)
	}
	if c.FromClient.Retransmitted != 1 || c.FromServer.ZeroWindow != 1500*millisecond || c.FromClient.Fin != 1800*millisecond || c.Ended() {
		t.Errorf("%+v", c)
	}
}

func TestConnectionRefused(t *testing.T) {
	k := newPhoneTalk(5060)
	k.say(0, true, 100, 0, flagSyn, 1000, "")
	k.say(1000, true, 100, 0, flagSyn, 1000, "")
	if c := k.only(t); c.SYNs != 2 || c.Established != 0 || c.Ended() {
		t.Errorf("%+v", c)
	}
	k.say(1001, false, 0, 101, flagRst|flagAck, 0, "")
	if c := k.only(t); c.FromServer.Reset != 1001*millisecond || c.FromServer.ResetFrame != 3 || !c.Ended() || c.FromServer.ZeroWindow != 0 {
		t.Errorf("%+v", c)
	}
}

func TestConnectionOpenings(t *testing.T) {
	hello := "\x16\x03\x01\x00\x04\x01\x00\x00\x00"
	for _, tt := range []struct {
		name           string
		client, server string
		want           [2]Opening
		code           int
	}{
		{"SIP to a TLS port", tcpRequest, "\x15\x03\x03\x00\x02\x02\x46", [2]Opening{OpeningSIP, OpeningAlert}, 70},
		{"SIP to a web server", tcpRequest, "HTTP/1.1 400 Bad Request\r\n\r\n", [2]Opening{OpeningSIP, OpeningHTTP}, 400},
		{"TLS to a plain port", hello, "", [2]Opening{OpeningHello, OpeningNone}, 0},
		{"an answer", tcpRequest, tcpResponse, [2]Opening{OpeningSIP, OpeningSIP}, 0},
		{"something else", "SSH-2.0-x\r\n", "SIP", [2]Opening{OpeningOther, OpeningNone}, 0},
	} {
		k := newPhoneTalk(5060)
		k.open()
		k.say(30, true, 101, 501, flagAck, 1000, tt.client)
		if tt.server != "" {
			k.say(40, false, 501, 101+uint32(len(tt.client)), flagAck, 1000, tt.server)
		}
		c := k.only(t)
		if got := [2]Opening{c.FromClient.Opening, c.FromServer.Opening}; got != tt.want || c.FromServer.Code != tt.code || c.Established != 10*millisecond {
			t.Errorf("%s: %v code %d: %+v", tt.name, got, c.FromServer.Code, c)
		}
	}
}

// The one that did not begin in the capture: its port tells who is the client.
func TestConnectionFromTheMiddle(t *testing.T) {
	k := newPhoneTalk(5060)
	k.say(0, false, 501, 101, flagAck, 1000, tcpResponse)
	if c := k.only(t); c.SYNs != 0 || c.FromServer.Responses != 1 {
		t.Errorf("%+v", c)
	}
}

// Connections to other ports that carry no SIP are of no interest.
func TestConnectionsOfOthers(t *testing.T) {
	k := newPhoneTalk(443)
	k.open()
	k.say(30, true, 101, 501, flagAck, 1000, "\x16\x03\x01\x00\x04\x01\x00\x00\x00")
	if list := k.Connections(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// The table is bounded: those that are over leave first.
func TestConnectionsBounded(t *testing.T) {
	r := newRun(Config{})
	r.streams.facts.limit = 3
	for i := range 6 {
		syn := wire.IP{Src: insideV4a, Dst: insideV4b, Protocol: 6, ID: uint32(i + 1)}.Packet(wire.TCP(uint16(4000+i), 5060, 1, 0, flagSyn, nil))
		r.at(int64(i), 1, wire.EthernetIP(syn))
		if i < 2 {
			rst := wire.IP{Src: insideV4b, Dst: insideV4a, Protocol: 6, ID: uint32(i + 1)}.Packet(wire.TCP(5060, uint16(4000+i), 0, 2, flagRst|flagAck, nil))
			r.at(int64(i), 1, wire.EthernetIP(rst))
		}
	}
	var ports []uint16
	for _, c := range r.Connections() {
		ports = append(ports, c.Client.Port())
	}
	if len(ports) != 3 || ports[0] != 4003 || ports[2] != 4005 {
		t.Errorf("facts of %v", ports)
	}
}
