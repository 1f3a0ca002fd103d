package decode

import (
	gotls "crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/decode/msrp"
)

// MSRP writes down "frames from-port transport what octets" of a frame.
func (e *ear) MSRP(p *Packet, f *msrp.Frame) {
	if p.Nanos != int64(p.Frame)*millisecond || p.LastNanos != int64(p.LastFrame)*millisecond || len(p.Payload) > 0 {
		e.t.Errorf("frames %d to %d at %d to %d, %d octets", p.Frame, p.LastFrame, p.Nanos, p.LastNanos, len(p.Payload))
	}
	what := f.Method
	if !f.Request() {
		what = fmt.Sprint(f.StatusCode)
	}
	flag := [...]string{"", "$", "+", "#"}[f.Flag]
	e.sessions = append(e.sessions, strings.TrimSpace(fmt.Sprintf("%d-%d %d %s %s %d%s %s", p.Frame, p.LastFrame, p.Src.Port(), p.Transport, what, f.Octets, flag, p.Cut)))
}

// sendOf is a SEND with a body (RFC 4975 §4).
func sendOf(transaction, body, flag string) string {
	return "MSRP " + transaction + " SEND\r\nTo-Path: msrp://192.0.2.1:5060/sb;tcp\r\nFrom-Path: msrp://192.0.2.9:40000/sa;tcp\r\n" +
		"Message-ID: 1\r\nContent-Type: text/plain\r\n\r\n" + body + "\r\n-------" + transaction + flag + "\r\n"
}

// answerOf is a response.
func answerOf(transaction string) string {
	return "MSRP " + transaction + " 200 OK\r\nTo-Path: msrp://192.0.2.9:40000/sa;tcp\r\nFrom-Path: msrp://192.0.2.1:5060/sb;tcp\r\n-------" + transaction + "$\r\n"
}

const upgradeMSRP = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: msrp\r\n\r\n"

func TestMSRP(t *testing.T) {
	hello := sendOf("t1", "hello", "$")
	tests := []struct {
		name  string
		do    func(s *pour)
		want  []string
		stats SignallingStats // besides Connections
	}{
		{name: "request and response", do: func(s *pour) {
			s.syn()
			s.say(client, hello)
			s.say(server, answerOf("t1"))
		}, want: []string{"3-3 40000 tcp SEND 5$", "4-4 5060 tcp 200 0$"}, stats: SignallingStats{MSRP: 1}},
		{name: "over three segments, two in one", do: func(s *pour) {
			s.syn()
			s.say(client, hello[:4])
			s.say(client, hello[4:150])
			s.say(client, hello[150:]+sendOf("t2", "", "#"))
		}, want: []string{"3-5 40000 tcp SEND 5$", "5-5 40000 tcp SEND 0#"}, stats: SignallingStats{MSRP: 1}},
		{name: "from the middle of a long chunk", do: func(s *pour) {
			s.say(client, strings.Repeat("x", 70_000)) // more than is searched for SIP
			s.say(server, answerOf("t0"))
			s.say(client, "xyz\r\n-------t1+\r\n"+hello)
			s.say(server, answerOf("t1"))
		}, want: []string{"2-2 5060 tcp 200 0$", "3-3 40000 tcp SEND 5$", "4-4 5060 tcp 200 0$"}, stats: SignallingStats{MSRP: 1, MSRPLost: 1, MSRPSkipped: 17}},
		{name: "one direction, from the middle", do: func(s *pour) {
			s.say(client, "the end of a chunk\r\n-------t0$\r\n")
			s.say(client, hello)
		}, want: []string{"2-2 40000 tcp SEND 5$"}, stats: SignallingStats{MSRP: 1}},
		{name: "octets are missing in the body", do: func(s *pour) {
			s.syn()
			s.say(client, hello[:len(hello)-16])
			s.lose(client, 2)
			s.say(client, hello[len(hello)-14:])
			s.say(client, hello)
		}, want: []string{"3-5 40000 tcp SEND 3$ tcp_gap", "6-6 40000 tcp SEND 5$"}, stats: SignallingStats{MSRP: 1, OutOfOrder: 1, Gaps: 1, GapOctets: 2, Unseen: 1}},
		{name: "the stream ends in the body", do: func(s *pour) {
			s.syn()
			s.say(client, hello[:len(hello)-16])
			s.fin(client, s.sent[client])
		}, want: []string{"3-3 40000 tcp SEND 3 stream_end"}, stats: SignallingStats{MSRP: 1}},
		{name: "over WebSocket", do: func(s *pour) {
			s.syn()
			s.say(client, upgradeMSRP)
			s.say(server, strings.Replace(upgradeResponse, "sip", "msrp", 1))
			s.say(client, socketFrameOf(0x82, true, hello))
			s.say(server, socketFrameOf(0x81, false, answerOf("t1")))
			for range 2 * maxSocketMisses {
				s.say(server, socketFrameOf(0x8a, false, ""))
			}
			s.say(client, socketFrameOf(0x01, true, hello[:30]))
			s.say(client, socketFrameOf(0x80, true, hello[30:]))
		}, want: []string{"5-5 40000 ws SEND 5$", "6-6 5060 ws 200 0$", "39-40 40000 ws SEND 5$"}, stats: SignallingStats{MSRP: 1, WebSockets: 1, KeepAlives: 2 * maxSocketMisses}},
		{name: "a SIP message that starts like it", do: func(s *pour) {
			s.syn()
			for _, c := range sipOf("MESSAGE sip:b@h SIP/2.0", 1) {
				s.say(client, string(c))
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &pour{talk: newTalk(t)}
			tt.do(s)
			s.d.Flush()
			if d := cmp.Diff(tt.want, s.sessions); d != "" {
				t.Error(d)
			}
			tt.stats.Connections = 1
			if d := cmp.Diff(tt.stats, s.d.stats.Signalling); d != "" {
				t.Error(d)
			}
			if s.d.streams.held != 0 {
				t.Errorf("%d octets held", s.d.streams.held)
			}
		})
	}
}

func TestMSRPInTLS(t *testing.T) {
	r := recordTLS(t, gotls.VersionTLS13, [2]string{sendOf("t1", "hello", "+"), answerOf("t1")}, [2]string{sendOf("t2", "world!", "$"), answerOf("t2")})
	s := newSecretTalk(t, secretsOf(r.log))
	s.syn()
	s.replay(r.flights, 500)
	s.d.Flush()
	want := []string{"40000 tls SEND 5+", "5060 tls 200 0$", "40000 tls SEND 6$", "5060 tls 200 0$"}
	if d := cmp.Diff(want, withoutFrames(s.sessions)); d != "" {
		t.Error(d)
	}
}

// TestMSRPLong sends a chunk of 80 MiB, more than may be held, in segments.
func TestMSRPLong(t *testing.T) {
	s := &pour{talk: newTalk(t)}
	s.syn()
	hello := sendOf("t1", "", "$")
	at := len(hello) - len("\r\n-------t1$\r\n")
	s.say(client, hello[:at])
	block := strings.Repeat("x", 60_000)
	const blocks = 80 << 20 / 60_000
	for range blocks {
		s.say(client, block)
		if s.d.streams.held > 128<<10 {
			t.Fatalf("%d octets held", s.d.streams.held)
		}
	}
	s.say(client, hello[at:])
	s.d.Flush()
	want := []string{fmt.Sprintf("3-%d 40000 tcp SEND %d$", s.frame, blocks*60_000)}
	if d := cmp.Diff(want, s.sessions); d != "" {
		t.Error(d)
	}
}
