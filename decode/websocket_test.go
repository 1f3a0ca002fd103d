package decode

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// socketFrameOf builds a WebSocket frame (RFC 6455 §5.2). first is its first
// octet: 0x81 is a whole text message.
func socketFrameOf(first int, masked bool, payload string) string {
	b := []byte{byte(first), 0}
	switch n := len(payload); {
	case n > 65535:
		b[1] = 127
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	case n > 125:
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b[1] = byte(n)
	}
	if !masked {
		return string(b) + payload
	}
	b[1] |= 0x80
	key := "\x37\xfa\x21\x3d"
	b = append(b, key...)
	for i := range len(payload) {
		b = append(b, payload[i]^key[i%4])
	}
	return string(b)
}

const (
	upgradeRequest = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
	upgradeResponse = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
	notUpgraded     = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nnope\n"
)

// A pour sends octets one after the other and keeps count of them.
type pour struct {
	*talk
	sent [2]int
}

func (s *pour) say(from int, data string) {
	s.send(from, s.sent[from], data)
	s.sent[from] += len(data)
}

// lose lets octets of a direction go uncaptured.
func (s *pour) lose(from int, n int) {
	s.sent[from] += n
	s.ack(1-from, s.sent[from])
}

func (s *pour) shake() {
	s.syn()
	s.say(client, upgradeRequest)
	s.say(server, upgradeResponse)
}

// A packer compresses messages as permessage-deflate does (RFC 7692 §7.2.1).
type packer struct {
	w   *flate.Writer
	out bytes.Buffer
}

func newPacker() *packer {
	p := &packer{}
	p.w, _ = flate.NewWriter(&p.out, flate.BestCompression)
	return p
}

func (p *packer) pack(text string) string {
	p.out.Reset()
	p.w.Write([]byte(text))
	p.w.Flush()
	return strings.TrimSuffix(p.out.String(), "\x00\x00\xff\xff")
}

// ws is what a test wants to hear of a message over WebSocket.
func ws(text string, from uint16, first, last int) heard {
	return heard{Text: text, Frame: first, LastFrame: last, From: from, Transport: WS}
}

func TestWebSocket(t *testing.T) {
	const c, v = 40000, 5060 // ports of client and server
	register := "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\nCall-ID: c\r\n\r\n"
	ok := "SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\nCall-ID: c\r\n\r\n"
	large := sipOf("MESSAGE sip:b@h SIP/2.0", 70000)
	fresh := strings.Replace(upgradeResponse, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n\r\n", 1)
	deflate := strings.Replace(upgradeResponse, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", 1)
	tests := []struct {
		name  string
		do    func(s *pour)
		want  []heard
		stats SignallingStats // besides Connections and WebSockets
	}{
		{name: "both directions", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, register))
			s.say(server, socketFrameOf(0x82, false, ok))
		}, want: []heard{ws(register, c, 5, 5), ws(ok, v, 6, 6)}},
		{name: "handshake and frames in a segment", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest+socketFrameOf(0x81, true, register))
			s.say(server, upgradeResponse+socketFrameOf(0x81, false, ok)+socketFrameOf(0x81, false, ok))
		}, want: []heard{ws(register, c, 3, 3), ws(ok, v, 4, 4), ws(ok, v, 4, 4)}},
		{name: "lengths of 16 and 64 bits", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, invite+strings.Repeat(" ", 200)))
			s.say(client, socketFrameOf(0x81, true, large))
		}, want: []heard{ws(invite+strings.Repeat(" ", 200), c, 5, 5), ws(large, c, 6, 6)}},
		{name: "fragments with a ping between", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x01, true, register[:10]))
			s.say(client, socketFrameOf(0x89, true, "ping"))
			s.say(client, socketFrameOf(0x00, true, register[10:20]))
			s.say(client, socketFrameOf(0x80, true, register[20:]))
		}, want: []heard{ws(register, c, 5, 8)}, stats: SignallingStats{KeepAlives: 1}},
		{name: "keep-alives", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, "\r\n\r\n"))
			s.say(server, socketFrameOf(0x8a, false, ""))
		}, stats: SignallingStats{KeepAlives: 2}},
		{name: "masked the wrong way round", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, false, register))
			s.say(server, socketFrameOf(0x81, true, ok))
		}, want: []heard{ws(register, c, 5, 5), ws(ok, v, 6, 6)}, stats: SignallingStats{FramesMasked: 2}},
		{name: "behind a close", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x88, true, "\x03\xe8"))
			s.say(client, "rest")
		}},
		{name: "asked back for credentials first", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(server, notUpgraded)
			s.say(client, upgradeRequest)
			s.say(server, upgradeResponse)
			s.say(client, socketFrameOf(0x81, true, register))
			s.say(server, socketFrameOf(0x81, false, ok))
		}, want: []heard{ws(register, c, 7, 7), ws(ok, v, 8, 8)}},
		{name: "only one direction was captured", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(client, socketFrameOf(0x81, true, register))
		}, want: []heard{ws(register, c, 4, 4)}},
		{name: "more than a mebibyte is passed over", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, "BYE sip:b@h SIP/2.0\r\n"+strings.Repeat("x", 1<<20)))
			s.say(client, socketFrameOf(0x01, true, "BYE sip:b@h SIP/2.0\r\n"+strings.Repeat("x", 1<<19)))
			s.say(client, socketFrameOf(0x80, true, strings.Repeat("x", 1<<19)))
			s.say(client, socketFrameOf(0x81, true, register))
		}, want: []heard{ws(register, c, 8, 8)}},
		{name: "something else than SIP", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, `{"a":1}`))
			s.say(client, socketFrameOf(0x81, true, register))
		}, want: []heard{ws(register, c, 6, 6)}},

		{name: "compressed", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(server, deflate)
			p, q := newPacker(), newPacker()
			s.say(client, socketFrameOf(0xc1, true, p.pack(register)))
			s.say(client, socketFrameOf(0xc1, true, p.pack(register))) // almost nothing: it refers to the first
			s.say(server, socketFrameOf(0xc1, false, q.pack(ok)))
			both := q.pack(large)
			s.say(server, socketFrameOf(0x41, false, both[:100]))
			s.say(server, socketFrameOf(0x80, false, both[100:]))
			s.say(server, socketFrameOf(0xc1, false, q.pack(large)))
			s.say(server, socketFrameOf(0x81, false, ok)) // one message may be left as it is
		}, want: []heard{ws(register, c, 5, 5), ws(register, c, 6, 6), ws(ok, v, 7, 7), ws(large, v, 8, 9), ws(large, v, 10, 10), ws(ok, v, 11, 11)}},
		{name: "compressed, each by itself", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(server, fresh)
			s.say(client, socketFrameOf(0xc1, true, newPacker().pack(register)))
			s.say(client, socketFrameOf(0xc1, true, newPacker().pack(invite)))
		}, want: []heard{ws(register, c, 5, 5), ws(invite, c, 6, 6)}},
		{name: "compressed behind a gap", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(server, deflate)
			p := newPacker()
			s.say(client, socketFrameOf(0xc1, true, p.pack(register)))
			s.lose(client, len(socketFrameOf(0xc1, true, p.pack("x"))))
			s.say(client, socketFrameOf(0xc1, true, p.pack(register))) // refers to what is lost
			s.say(client, socketFrameOf(0xc1, true, newPacker().pack(invite)))
		}, want: []heard{ws(register, c, 5, 5), ws(invite, c, 8, 8)}, stats: SignallingStats{Gaps: 1, GapOctets: 9, Unseen: 1, Undecompressed: 1, OutOfOrder: 1}},
		{name: "compressed to more than a mebibyte", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeRequest)
			s.say(server, deflate)
			s.say(client, socketFrameOf(0xc1, true, newPacker().pack(strings.Repeat("x", 2<<20))))
			s.say(client, socketFrameOf(0xc1, true, newPacker().pack(register)))
		}, want: []heard{ws(register, c, 6, 6)}, stats: SignallingStats{Undecompressed: 1}},

		{name: "started mid-way", do: func(s *pour) {
			s.say(client, socketFrameOf(0x81, true, register))
			s.say(server, socketFrameOf(0x81, false, ok))
			s.say(client, socketFrameOf(0x81, true, invite))
		}, want: []heard{ws(register, c, 1, 1), ws(ok, v, 2, 2), ws(invite, c, 3, 3)}, stats: SignallingStats{}},
		{name: "started mid-way and compressed", do: func(s *pour) { s.say(client, socketFrameOf(0xc1, true, newPacker().pack(register))) },
			want: []heard{ws(register, c, 1, 1)}},
		{name: "started mid-way and something else", do: func(s *pour) {
			s.say(client, socketFrameOf(0x81, true, `{"a":1}`))
			s.say(client, socketFrameOf(0x81, true, register))
		}},
		{name: "a gap between frames", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x81, true, register))
			s.lose(client, 100)
			s.say(client, "the end of a frame")
			s.say(client, socketFrameOf(0x81, true, invite))
		}, want: []heard{ws(register, c, 5, 5), ws(invite, c, 8, 8)}, stats: SignallingStats{Gaps: 1, GapOctets: 100, Unseen: 1, OutOfOrder: 1}},
		{name: "a gap inside a message", do: func(s *pour) {
			s.shake()
			s.say(server, socketFrameOf(0x81, false, ok))
			whole := socketFrameOf(0x81, false, invite)
			s.say(server, whole[:len(whole)-4])
			s.lose(server, 4)
			s.say(server, socketFrameOf(0x81, false, ok))
		}, want: []heard{ws(ok, v, 5, 5), ws(invite[:len(invite)-4], v, 6, 6).cut("tcp_gap", 0), ws(ok, v, 8, 8)},
			stats: SignallingStats{Gaps: 1, GapOctets: 4, Unseen: 1, OutOfOrder: 1}},
		{name: "the end inside a message", do: func(s *pour) {
			s.shake()
			s.say(client, socketFrameOf(0x01, true, invite[:len(invite)-4]))
		}, want: []heard{ws(invite[:len(invite)-4], c, 5, 5).cut("stream_end", 0)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &pour{talk: newTalk(t)}
			tt.do(s)
			s.d.Flush()
			if d := cmp.Diff(tt.want, s.heard); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			got := s.d.Stats().Signalling
			got.Connections, got.WebSockets = 0, 0
			if d := cmp.Diff(tt.stats, got); d != "" {
				t.Errorf("counts (-want +got):\n%s", d)
			}
			if s.d.streams.held != 0 {
				t.Errorf("%d octets held at the end", s.d.streams.held)
			}
		})
	}
}

func TestWebSocketCounted(t *testing.T) {
	s := &pour{talk: newTalk(t)}
	s.shake()
	if got := s.d.Stats().Signalling; got.WebSockets != 1 || got.Connections != 1 {
		t.Errorf("%+v", got)
	}
}

// Other protocols over WebSocket are passed over after a while.
func TestWebSocketOther(t *testing.T) {
	s := &pour{talk: newTalk(t)}
	s.syn()
	s.say(client, strings.Replace(upgradeRequest, "Protocol: sip", "Protocol: mqtt", 1))
	s.say(server, strings.Replace(upgradeResponse, "Protocol: sip", "Protocol: mqtt", 1))
	for range maxSocketMisses {
		s.say(client, socketFrameOf(0x81, true, "{}"))
		s.say(server, socketFrameOf(0x81, false, "{}"))
	}
	if s.d.streams.held != 0 {
		t.Errorf("%d octets held of a connection that is not SIP", s.d.streams.held)
	}
}

// However a WebSocket stream is cut, the messages are the same.
func TestWebSocketAnyCutting(t *testing.T) {
	p := newPacker()
	stream := upgradeRequest + socketFrameOf(0x81, true, invite) + socketFrameOf(0x01, true, bye[:9]) + socketFrameOf(0x89, true, "") +
		socketFrameOf(0x80, true, bye[9:]) + socketFrameOf(0xc1, true, p.pack(invite)) + socketFrameOf(0xc1, true, p.pack(invite)) + socketFrameOf(0x81, true, ringng)
	texts := []string{invite, bye, invite, invite, ringng}
	rapid.Check(t, func(rt *rapid.T) {
		s := newTalk(t)
		s.syn()
		for _, c := range drawCutting(rt, len(stream)) {
			s.send(client, c.from, stream[c.from:c.to])
		}
		var got []string
		for _, h := range s.heard {
			got = append(got, h.Text)
		}
		if d := cmp.Diff(texts, got); d != "" {
			rt.Fatalf("(-want +got):\n%s", d)
		}
	})
}

// FuzzWebSocket sends arbitrary octets behind a handshake, cut somewhere and
// with some of them lost there.
func FuzzWebSocket(f *testing.F) {
	p := newPacker()
	f.Add([]byte(socketFrameOf(0x81, false, invite)+socketFrameOf(0x8a, false, "")), uint16(20), uint8(0))
	f.Add([]byte(socketFrameOf(0xc1, false, p.pack(invite))+socketFrameOf(0xc1, false, p.pack(invite))), uint16(90), uint8(3))
	f.Add([]byte(socketFrameOf(0x01, false, invite[:9])+socketFrameOf(0x80, false, invite[9:])), uint16(9), uint8(1))
	f.Add([]byte("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"), uint16(2), uint8(0))
	f.Fuzz(func(t *testing.T, b []byte, at uint16, lost uint8) {
		for _, shake := range []bool{true, false} {
			c := &checker{t: t}
			s := &pour{talk: newTalk(t)}
			s.d = New(Config{}, c)
			if shake {
				s.shake()
			} else {
				s.say(server, socketFrameOf(0x81, false, ringng))
			}
			cut := min(int(at), len(b))
			s.say(server, string(b[:cut]))
			s.lose(server, int(lost))
			s.say(server, string(b[cut:]))
			s.say(server, socketFrameOf(0x81, false, ringng))
			checkStreams(t, s.d.streams)
			s.d.Flush()
			if s.d.streams.held != 0 {
				t.Fatalf("%d octets held at the end", s.d.streams.held)
			}
		}
	})
}
