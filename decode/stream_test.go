package decode

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// heard is what a test sees of a message or datagram.
type heard struct {
	Text      string
	Frame     int
	LastFrame int
	Cut       string
	Short     int // octets missing at the end
	From      uint16
	Transport Transport
	Datagram  bool
}

// ear is a Handler that writes down what it hears.
type ear struct {
	heard    []heard
	sessions []string // of MSRP
	t        testing.TB
}

func (e *ear) Message(p *Packet)  { e.hear(p, false) }
func (e *ear) Datagram(p *Packet) { e.hear(p, true) }

func (e *ear) hear(p *Packet, datagram bool) {
	if p.Nanos != int64(p.Frame)*millisecond || p.LastNanos != int64(p.LastFrame)*millisecond {
		e.t.Errorf("frames %d to %d at %d to %d", p.Frame, p.LastFrame, p.Nanos, p.LastNanos)
	}
	if p.WireLength < len(p.Payload) || p.LastFrame < p.Frame && p.Transport == UDP && p.Tunnel == "" {
		e.t.Errorf("%d octets of %d, frames %d to %d", len(p.Payload), p.WireLength, p.Frame, p.LastFrame)
	}
	e.heard = append(e.heard, heard{
		Text: string(p.Payload), Frame: p.Frame, LastFrame: p.LastFrame, Cut: p.Cut, Short: p.WireLength - len(p.Payload),
		From: p.Src.Port(), Transport: p.Transport, Datagram: datagram,
	})
}

// A talk is a connection between a client and a server, as a test tells it:
// every call is one frame, a millisecond after the one before it.
type talk struct {
	ear
	d       *Decoder
	frame   int
	client  netip.AddrPort
	server  netip.AddrPort
	initial [2]uint32 // sequence numbers of the SYNs
}

const (
	client = 0
	server = 1
)

func newTalk(t testing.TB) *talk {
	s := &talk{
		client:  netip.MustParseAddrPort("192.0.2.9:40000"),
		server:  netip.MustParseAddrPort("192.0.2.1:5060"),
		initial: [2]uint32{1000, 0xfffffff0},
	}
	s.t = t
	s.d = New(Config{}, s)
	return s
}

// packet returns the Packet of the next frame.
func (s *talk) packet(from int) *Packet {
	s.frame++
	src, dst := s.client, s.server
	if from == server {
		src, dst = dst, src
	}
	nanos := int64(s.frame) * millisecond
	return &Packet{
		Frame: s.frame, Nanos: nanos, LastFrame: s.frame, LastNanos: nanos, FirstFrame: s.frame, FirstNanos: nanos,
		Src: src, Dst: dst, Transport: TCP, TTL: uint8(s.frame & 0x7f),
	}
}

// pass lets capture time go by.
func (s *talk) pass(ms int) { s.frame += ms }

// segment sends octets that start at an offset behind the SYN. wire is their
// number on the wire.
func (s *talk) segment(from, offset int, flags uint8, data string, wire int) {
	p := s.packet(from)
	b := []byte(data)
	p.Payload, p.WireLength = b, wire
	seq := s.initial[from] + 1 + uint32(offset)
	if flags&tcpSyn != 0 {
		seq--
	}
	s.d.streams.segment(p, &tcpSegment{Seq: seq, Flags: flags, Payload: b, WireLength: wire})
	for i := range b {
		b[i] = '#' // what was borrowed is gone now
	}
}

func (s *talk) send(from, offset int, data string) { s.segment(from, offset, tcpAck, data, len(data)) }

func (s *talk) ack(from, offset int) {
	p := s.packet(from)
	s.d.streams.segment(p, &tcpSegment{Seq: s.initial[from] + 1, Ack: s.initial[1-from] + 1 + uint32(offset), HasAck: true, Flags: tcpAck})
}

func (s *talk) syn() {
	s.segment(client, 0, tcpSyn, "", 0)
	p := s.packet(server)
	s.d.streams.segment(p, &tcpSegment{Seq: s.initial[server], Ack: s.initial[client] + 1, HasAck: true, Flags: tcpSyn | tcpAck})
}

func (s *talk) fin(from, offset int) { s.segment(from, offset, tcpFin|tcpAck, "", 0) }
func (s *talk) rst(from, offset int) { s.segment(from, offset, tcpRst, "", 0) }

// sipOf returns a message with a body of the given length.
func sipOf(start string, body int) string {
	return fmt.Sprintf("%s\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nCall-ID: c\r\nContent-Length: %d\r\n\r\n%s", start, body, strings.Repeat("b", body))
}

var (
	invite = sipOf("INVITE sip:b@h SIP/2.0", 10)
	ringng = sipOf("SIP/2.0 180 Ringing", 0)
	bye    = sipOf("BYE sip:b@h SIP/2.0", 0)
)

// over is what a test wants to hear of a message over TCP from the client.
func over(text string, first, last int) heard {
	return heard{Text: text, Frame: first, LastFrame: last, From: 40000, Transport: TCP}
}

func (h heard) cut(why string, short int) heard {
	h.Cut, h.Short = why, short
	return h
}

func (h heard) by(port uint16) heard {
	h.From = port
	return h
}

func TestStreams(t *testing.T) {
	n := len(invite)
	long := sipOf("MESSAGE sip:b@h SIP/2.0", 100)
	tests := []struct {
		name string
		do   func(s *talk)
		want []heard
	}{
		{"a message in a segment", func(s *talk) { s.syn(); s.send(client, 0, invite) }, []heard{over(invite, 3, 3)}},
		{"both directions", func(s *talk) { s.syn(); s.send(client, 0, invite); s.send(server, 0, ringng) },
			[]heard{over(invite, 3, 3), over(ringng, 4, 4).by(5060)}},
		{"two messages in a segment", func(s *talk) { s.syn(); s.send(client, 0, invite+bye) }, []heard{over(invite, 3, 3), over(bye, 3, 3)}},
		{"a message over three", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:10])
			s.send(client, 10, invite[10:n-3])
			s.send(client, n-3, invite[n-3:]+bye[:4])
			s.send(client, n+4, bye[4:])
		}, []heard{over(invite, 3, 5), over(bye, 5, 6)}},
		{"data on the SYN", func(s *talk) { s.segment(client, 0, tcpSyn, invite, n); s.send(client, n, bye) }, []heard{over(invite, 1, 1), over(bye, 2, 2)}},
		{"started mid-way", func(s *talk) { s.send(client, 5000, invite); s.send(client, 5000+n, bye) }, []heard{over(invite, 1, 1), over(bye, 2, 2)}},
		{"started inside a message", func(s *talk) { s.send(client, 0, invite[20:]); s.send(client, n-20, bye) }, []heard{over(bye, 2, 2)}},
		{"started inside a body without line end", func(s *talk) { s.send(client, 0, "</tail>"); s.send(client, 7, bye) }, []heard{over(bye, 2, 2)}},

		{"sent again", func(s *talk) { s.syn(); s.send(client, 0, invite); s.send(client, 0, invite); s.send(client, n, bye) },
			[]heard{over(invite, 3, 3), over(bye, 5, 5)}},
		{"sent again with more", func(s *talk) { s.syn(); s.send(client, 0, invite[:50]); s.send(client, 0, invite+bye) },
			[]heard{over(invite, 3, 4), over(bye, 4, 4)}},
		{"sent again with other octets", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:50])
			s.send(client, 0, strings.Repeat("x", 50)+invite[50:])
		}, []heard{over(invite, 3, 4)}},
		{"keep-alive probes", func(s *talk) {
			s.syn()
			s.send(client, 0, invite)
			s.send(client, n-1, "\x00")
			s.segment(client, n-1, tcpAck, "", 0)
			s.send(client, n, bye)
		}, []heard{over(invite, 3, 3), over(bye, 6, 6)}},
		{"a window probe brings the next octet", func(s *talk) { s.syn(); s.send(client, 0, "I"); s.send(client, 0, "I"); s.send(client, 1, invite[1:]) },
			[]heard{over(invite, 3, 5)}},

		{"out of order", func(s *talk) {
			s.syn()
			s.send(client, 40, invite[40:])
			s.send(client, 20, invite[20:40])
			s.send(client, n, bye)
			s.send(client, 0, invite[:20])
		}, []heard{over(invite, 6, 3), over(bye, 5, 5)}},
		{"out of order with overlaps, first copy counts", func(s *talk) {
			s.syn()
			s.send(client, 130, long[130:150])
			s.send(client, 120, "**********xxxxxxxxxxxxxxxxxxxx@@@@@@@@@@") // 120–130 and 150–160 are new
			s.send(client, 0, long[:120])
			s.send(client, 160, long[160:])
		}, []heard{over(long[:120]+"**********"+long[130:150]+"@@@@@@@@@@"+long[160:], 5, 6)}},
		{"the missing octets come with others that came before", func(s *talk) {
			s.syn()
			s.send(client, 130, long[130:150])
			s.send(client, 0, long[:120]+strings.Repeat("*", 40))
			s.send(client, 160, long[160:])
		}, []heard{over(long[:120]+"**********"+long[130:150]+"**********"+long[160:], 4, 5)}},
		{"across the end of sequence numbers", func(s *talk) { // the server's begin 15 octets before it
			s.syn()
			s.send(server, 10, ringng[10:20])
			s.send(server, 0, ringng[:10])
			s.send(server, 30, ringng[30:])
			s.send(server, 12, ringng[12:40])
		}, []heard{over(ringng, 4, 5).by(5060)}},

		{"a gap that the peer acknowledges", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:n-5])
			s.send(client, n, bye)
			s.ack(server, n+len(bye))
			s.send(server, 0, ringng)
		}, []heard{over(invite[:n-5], 3, 3).cut("tcp_gap", 5), over(bye, 4, 4), over(ringng, 6, 6).by(5060)}},
		{"a gap in the headers", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:60])
			s.send(client, n, bye)
			s.ack(server, n+len(bye))
		},
			[]heard{over(bye, 4, 4)}},
		{"a gap that was acknowledged before", func(s *talk) { s.syn(); s.ack(server, n); s.send(client, n, bye) }, []heard{over(bye, 4, 4)}},
		{"an acknowledgement that does not cover the gap", func(s *talk) {
			s.syn()
			s.send(client, n, bye)
			s.ack(server, n-1)
			s.send(client, 0, invite)
		}, []heard{over(invite, 5, 5), over(bye, 3, 3)}},
		{"a gap that waits three seconds", func(s *talk) {
			s.syn()
			s.send(client, n, bye)
			s.pass(2997)
			s.ack(client, 0) // 2998 ms later
			s.pass(1)
			s.ack(client, 0)
			s.send(client, 0, invite) // too late
		}, []heard{over(bye, 3, 3)}},
		{"a gap that is filled in time", func(s *talk) { s.syn(); s.send(client, n, bye); s.pass(2990); s.send(client, 0, invite) },
			[]heard{over(invite, 2994, 2994), over(bye, 3, 3)}},
		{"a gap at the end of the capture", func(s *talk) { s.syn(); s.send(client, n, bye) }, []heard{over(bye, 3, 3)}},
		{"more than a mebibyte behind a gap", func(s *talk) {
			s.syn()
			s.send(client, n, bye)
			for i := range 1024 {
				s.send(client, n+len(bye)+i*1100, strings.Repeat("x", 1100))
			}
			s.send(client, 0, invite)
		}, []heard{over(bye, 3, 3)}},

		{"FIN behind half a message", func(s *talk) { s.syn(); s.send(client, 0, invite[:n-5]); s.fin(client, n-5); s.send(server, 0, ringng) },
			[]heard{over(invite[:n-5], 3, 3).cut("stream_end", 5), over(ringng, 5, 5).by(5060)}},
		{"FIN with the data", func(s *talk) { s.syn(); s.segment(client, 0, tcpFin|tcpAck, invite, n) }, []heard{over(invite, 3, 3)}},
		{"FIN in front of the data", func(s *talk) {
			s.syn()
			s.fin(client, n-5)
			s.send(client, 50, invite[50:n-5])
			s.send(client, 0, invite[:50])
			s.send(server, 0, ringng)
		}, []heard{over(invite[:n-5], 5, 4).cut("stream_end", 5), over(ringng, 6, 6).by(5060)}},
		{"FIN behind what was not captured", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:n-5])
			s.fin(client, n)
			s.ack(server, n+1)
			s.send(server, 0, ringng)
		}, []heard{over(invite[:n-5], 3, 3).cut("tcp_gap", 5), over(ringng, 6, 6).by(5060)}},
		{"RST", func(s *talk) { s.syn(); s.send(client, 0, invite[:n-5]); s.rst(client, n-5); s.send(server, 0, ringng) },
			[]heard{over(invite[:n-5], 3, 3).cut("stream_end", 5), over(ringng, 5, 5).by(5060)}},
		{"RST out of nowhere", func(s *talk) {
			s.syn()
			s.send(client, 0, invite[:50])
			s.rst(client, 1<<30)
			s.send(client, 50, invite[50:])
		},
			[]heard{over(invite, 3, 5)}},
		{"the end of the capture in a body", func(s *talk) { s.syn(); s.send(client, 0, invite[:n-5]) }, []heard{over(invite[:n-5], 3, 3).cut("stream_end", 5)}},
		{"the end of the capture in headers", func(s *talk) { s.syn(); s.send(client, 0, invite[:60]) }, nil},

		{"the addresses are used again", func(s *talk) {
			s.syn()
			s.send(client, 0, invite)
			s.initial = [2]uint32{500, 600} // lower than before
			s.syn()
			s.send(client, 0, invite)
			s.send(server, 0, ringng)
		}, []heard{over(invite, 3, 3), over(invite, 6, 6), over(ringng, 7, 7).by(5060)}},
		{"SYNs are sent again", func(s *talk) { s.syn(); s.syn(); s.send(client, 0, invite); s.syn(); s.send(client, 0, invite) }, []heard{over(invite, 5, 5)}},
		{"used again and the SYN was not captured", func(s *talk) {
			s.syn()
			s.send(client, 0, invite)
			s.initial = [2]uint32{0xf0000000, 0x70000000}
			s.send(client, 0, invite)
			s.send(server, 0, ringng)
		}, []heard{over(invite, 3, 3), over(invite, 4, 4), over(ringng, 5, 5).by(5060)}},
		{"the SYN comes behind the data", func(s *talk) { s.send(client, 0, invite); s.segment(client, 0, tcpSyn, "", 0); s.send(client, n, bye) },
			[]heard{over(invite, 1, 1), over(bye, 3, 3)}},

		{"cut by the snapshot length", func(s *talk) {
			s.syn()
			s.segment(client, 0, tcpAck, invite[:n-5], n)
			s.send(client, n, bye)
		}, []heard{over(invite[:n-5], 3, 3).cut("snaplen", 5), over(bye, 4, 4)}},
		{"headers cut by the snapshot length", func(s *talk) {
			s.syn()
			s.segment(client, 0, tcpAck, invite[:40], n)
			s.segment(client, n, tcpAck, bye[:40], len(bye))
		}, []heard{over(invite[:40], 3, 3).cut("snaplen", 0), over(bye[:40], 4, 4).cut("snaplen", 0)}},

		{"HTTP", func(s *talk) {
			s.syn()
			s.send(client, 0, "GET / HTTP/1.1\r\n\r\n"+invite)
			s.send(client, 18+n, invite)
		}, nil},
		{"TLS", func(s *talk) { s.syn(); s.send(client, 0, "\x16\x03\x01\x02\x00\x01\x00"); s.send(client, 7, invite) }, nil},
		{"something else mid-way", func(s *talk) { s.send(client, 0, "\x00\x01\x02\x03 data "); s.send(client, 10, "more") }, nil},
		{"a log that quotes SIP", func(s *talk) { s.syn(); s.send(client, 0, "<134>got:\n"+invite); s.send(client, 10+n, invite) }, nil},
		{"one side talks first and no SIP", func(s *talk) {
			s.syn()
			s.send(server, 0, "hello there\r\n")
			s.send(client, 0, invite)
			s.send(server, 13, ringng)
		},
			[]heard{over(invite, 4, 4), over(ringng, 5, 5).by(5060)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newTalk(t)
			tt.do(s)
			s.d.Flush()
			if d := cmp.Diff(tt.want, s.heard); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if s.d.streams.held != 0 || s.d.streams.connections.count != 0 || s.d.streams.waiting.first != nil {
				t.Errorf("%d octets are held by %d connections at the end", s.d.streams.held, s.d.streams.connections.count)
			}
		})
	}
}

// A message is handed on with the segment that completes it, not later.
func TestStreamsAtOnce(t *testing.T) {
	s := newTalk(t)
	s.syn()
	s.send(client, 0, invite)
	if len(s.heard) != 1 {
		t.Errorf("%d messages after its only segment", len(s.heard))
	}
}

func TestStreamCounts(t *testing.T) {
	s := newTalk(t)
	n := len(invite)
	s.syn()
	s.send(client, 0, invite)
	s.send(client, 0, invite)                 // again
	s.send(client, n-1, "\x00")               // probe
	s.send(client, n, "\r\n\r\n")             // ping
	s.send(server, 0, "\r\n"+ringng)          // pong
	s.send(client, n+4+30, bye)               // 30 missing
	s.ack(server, n+4+30+len(bye))            //
	s.send(client, n+4+30+len(bye), "junk\n") // 5 octets to pass over
	p := s.packet(client)
	p.Duplicate = true
	s.d.streams.segment(p, &tcpSegment{Seq: s.initial[0] + 1, Payload: []byte(invite), WireLength: n})
	s.d.Flush()
	got := s.d.Stats().Signalling
	want := SignallingStats{Connections: 1, Retransmitted: 1, TCPKeepAlives: 1, KeepAlives: 2, OutOfOrder: 1, Gaps: 1, GapOctets: 30, Unseen: 1, Skipped: 5}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(s.heard) != 3 {
		t.Errorf("%d messages, want 3", len(s.heard))
	}
}

func TestStreamsTLS(t *testing.T) {
	s := newTalk(t)
	s.syn()
	s.send(client, 0, "\x16")
	s.send(client, 1, "\x03\x01\x02\x00")
	s.send(server, 0, "\x16\x03\x03\x00\x10")
	if got := s.d.Stats().Signalling; got.TLS != 1 || got.Connections != 1 {
		t.Errorf("%+v", got)
	}
	if s.d.streams.held > 4<<10 {
		t.Errorf("%d octets held of an encrypted connection", s.d.streams.held)
	}
}

// A stream in segments of one octet gives the same messages, with the frames
// of their first and last octets.
func TestStreamsOctetByOctet(t *testing.T) {
	s := newTalk(t)
	s.syn()
	long := sipOf("MESSAGE sip:b@h SIP/2.0", 8000)
	all := invite + "\r\n\r\n" + long + bye
	for i := range all {
		s.send(client, i, all[i:i+1])
	}
	at := func(text string, offset int) heard { return over(text, 3+offset, 2+offset+len(text)) }
	want := []heard{at(invite, 0), at(long, len(invite)+4), at(bye, len(invite)+4+len(long))}
	if d := cmp.Diff(want, s.heard); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
