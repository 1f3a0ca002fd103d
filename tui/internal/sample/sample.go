// Package sample builds calls by hand for the tests of the screens and text
// ladders: every value is written down, none comes from a decoder.
package sample

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality/emodel"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// Start is the time of the first message of the samples: 12:09:38.402 UTC.
var Start = time.Date(2025, 10, 14, 12, 9, 38, 402_000_000, time.UTC)

// A Builder writes the messages of one call one after another.
type Builder struct {
	Call  correlate.Call
	start int64
	nanos int64
	frame int
	cseq  int
}

// New begins a call whose first message is sent after seconds from Start.
func New(index int, callID, from, to string, after float64) *Builder {
	start := Start.UnixNano() + int64(after*1e9)
	return &Builder{
		Call: correlate.Call{
			Index: index, CallID: callID, HasCallID: true, From: from, To: to, Method: "INVITE",
			Started: start, Ring: -1, PostDialDelay: -1, Setup: -1, Duration: -1,
		},
		start: start, nanos: start, frame: index * 100, cseq: 1,
	}
}

// After moves the clock of the next message by milliseconds.
func (b *Builder) After(ms float64) *Builder {
	b.nanos += int64(ms * 1e6)
	return b
}

// Nanos returns the current time of the builder.
func (b *Builder) Nanos() int64 { return b.nanos }

// Request adds a request with extra header lines.
func (b *Builder) Request(src, dst, method string, headers ...string) *correlate.Message {
	m := b.message(src, dst)
	m.Method, m.CSeq = method, sip.CSeq{Number: uint32(b.cseq), Method: method}
	m.Raw = b.raw(m, fmt.Sprintf("%s %s SIP/2.0", method, b.Call.To), method, headers)
	return b.add(m)
}

// Response adds a response to method.
func (b *Builder) Response(src, dst string, code int, reason, method string, headers ...string) *correlate.Message {
	m := b.message(src, dst)
	m.StatusCode, m.Reason, m.CSeq = code, reason, sip.CSeq{Number: uint32(b.cseq), Method: method}
	m.Raw = b.raw(m, fmt.Sprintf("SIP/2.0 %d %s", code, reason), method, headers)
	return b.add(m)
}

// Again adds a retransmission of m.
func (b *Builder) Again(m *correlate.Message) *correlate.Message {
	copied := *m
	b.frame++
	copied.Frame, copied.LastFrame, copied.Nanos, copied.LastNanos = b.frame, b.frame, b.nanos, b.nanos
	copied.Retransmission, copied.First = true, m
	return b.add(&copied)
}

// Twin adds a second capture of m.
func (b *Builder) Twin(m *correlate.Message) *correlate.Message {
	copied := *m
	b.frame++
	copied.Frame, copied.LastFrame, copied.Nanos, copied.LastNanos = b.frame, b.frame, b.nanos, b.nanos
	copied.Duplicate, copied.First = true, m
	return b.add(&copied)
}

func (b *Builder) message(src, dst string) *correlate.Message {
	b.frame++
	return &correlate.Message{
		Frame: b.frame, LastFrame: b.frame, Nanos: b.nanos, LastNanos: b.nanos,
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst),
	}
}

func (b *Builder) add(m *correlate.Message) *correlate.Message {
	c := &b.Call
	if len(c.Messages()) == 0 {
		c.Source, c.Destination = m.Src, m.Dst
		if m.Method != "" {
			c.Method = m.Method
		}
	}
	b.Call = *c.WithMessages(append(c.Messages(), m))
	switch {
	case m.Duplicate:
		c.Duplicates++
		return m
	case m.Retransmission:
		c.Retransmissions++
	}
	c.MessageCount++
	return m
}

func (b *Builder) raw(m *correlate.Message, start, method string, headers []string) string {
	via := m.Src
	if m.Method == "" {
		via = m.Dst
	}
	lines := []string{
		start,
		"Via: SIP/2.0/UDP " + via.String() + ";branch=z9hG4bK77ef;rport",
		"Max-Forwards: 68",
		"From: <" + b.Call.From + ">;tag=8c1",
		"To: <" + b.Call.To + ">",
		"Call-ID: " + b.Call.CallID,
		fmt.Sprintf("CSeq: %d %s", b.cseq, method),
	}
	body := ""
	for _, h := range headers {
		if text, ok := strings.CutPrefix(h, "\n"); ok {
			body = text
			continue
		}
		lines = append(lines, h)
	}
	lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// WithSDP gives m a description of one audio line.
func WithSDP(m *correlate.Message, address string, codecs ...string) *correlate.Message {
	at := netip.MustParseAddrPort(address)
	media := sdp.Media{Type: "audio", Port: at.Port(), Protocol: "RTP/AVP", Address: at.Addr(), PTime: 20}
	body := fmt.Sprintf("v=0\r\no=- 88341 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP", at.Addr(), at.Addr(), at.Port())
	maps := ""
	for i, name := range codecs {
		pt := map[string]int{"PCMU": 0, "PCMA": 8, "G729": 18, "telephone-event": 101}[name]
		if pt == 0 && name != "PCMU" {
			pt = 96 + i
		}
		media.Codecs = append(media.Codecs, sdp.Codec{PayloadType: uint8(pt), Name: name, ClockRate: 8000})
		body += fmt.Sprintf(" %d", pt)
		maps += fmt.Sprintf("a=rtpmap:%d %s/8000\r\n", pt, name)
	}
	m.SDP = &sdp.Session{Connection: at.Addr(), Media: []sdp.Media{media}}
	head, _, _ := strings.Cut(m.Raw, "Content-Length:")
	body += "\r\n" + maps + "a=ptime:20\r\na=sendrecv\r\n"
	m.Raw = fmt.Sprintf("%sContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	return m
}

// Stream describes RTP that starts after seconds from the call's start.
func (b *Builder) Stream(id int, src, dst, codec string, after float64, packets, lost uint64) *correlate.Stream {
	s := &correlate.Stream{
		ID: id, Call: &correlate.CallRef{Index: b.Call.Index, CallID: b.Call.CallID},
		SSRC: uint32(0x5f21c3a0 + id), Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst),
		Media: "audio", PayloadType: 8, Codec: codec, ClockRate: 8000, FirstFrame: b.frame + 20 + id, Packets: packets,
		First: b.start + int64(after*1e9), Last: b.start + int64(after*1e9) + int64(packets)*20e6,
		FromCaller: netip.MustParseAddrPort(src).Addr() == b.Call.Source.Addr(),
	}
	s.Quality.Expected, s.Quality.Unique, s.Quality.Received, s.Quality.Lost = packets+lost, packets, packets, lost
	s.Quality.HasJitter, s.Quality.JitterMean, s.Quality.PTime = true, 0.4, 20
	if lost > 0 {
		s.Quality.JitterMean = 21.4
	}
	b.Call.StreamIDs = append(b.Call.StreamIDs, id)
	return s
}

// Bridged is a call through a host in the middle, one Call-ID on both sides,
// with four streams, a long silence and a BYE with its cause.
func Bridged(index int) (*correlate.Call, []*correlate.Stream) {
	const a, p, c = "203.0.113.20:5060", "192.0.2.10:5060", "10.20.0.31:5060"
	b := New(index, "7a11c0de-91f2@203.0.113.20", "sip:+442079460018@carrier.example", "sip:+12025550110@sbc.example", 0)
	agent := "User-Agent: Carrier-SBC/8.2"
	b.Call.UserAgent, b.Call.FromDisplay = "Carrier-SBC/8.2", "Reception"
	WithSDP(b.Request(a, p, "INVITE", agent), "203.0.113.20:16412", "PCMA", "PCMU", "telephone-event")
	b.After(1).Response(p, a, 100, "Trying", "INVITE")
	WithSDP(b.After(3).Request(p, c, "INVITE", "User-Agent: Asterisk PBX 20.5.0"), "192.0.2.10:20116", "PCMA", "telephone-event")
	b.After(6).Response(c, p, 100, "Trying", "INVITE")
	b.After(1865).Response(c, p, 180, "Ringing", "INVITE", "Server: Asterisk PBX 18.1")
	b.After(2).Response(p, a, 180, "Ringing", "INVITE")
	WithSDP(b.After(4318).Response(c, p, 200, "OK", "INVITE"), "10.20.0.31:11820", "PCMA")
	b.After(1).Request(p, c, "ACK")
	WithSDP(b.After(3).Response(p, a, 200, "OK", "INVITE"), "192.0.2.10:20114", "PCMA")
	b.Call.Answered = b.Nanos()
	b.After(21).Request(a, p, "ACK")
	b.After(133_520).Request(a, p, "BYE", `Reason: Q.850;cause=16;text="Normal call clearing"`)
	b.Call.Ended = b.Nanos()
	b.After(1).Response(p, a, 200, "OK", "BYE")
	b.After(2).Request(p, c, "BYE")
	b.After(4).Response(c, p, 200, "OK", "BYE")
	b.Call.State, b.Call.FinalStatus, b.Call.FinalReason = correlate.StateCompleted, 200, "OK"
	b.Call.Duration, b.Call.PostDialDelay, b.Call.EndedBy = b.Call.Ended-b.Call.Answered, 1_877_000_000, "caller"
	streams := []*correlate.Stream{
		b.Stream(1, "203.0.113.20:16412", "192.0.2.10:20114", "PCMA", 6.240, 7188, 362),
		b.Stream(2, "192.0.2.10:20114", "203.0.113.20:16412", "PCMA", 6.241, 7548, 0),
		b.Stream(3, "192.0.2.10:20116", "10.20.0.31:11820", "PCMA", 6.260, 7188, 362),
		b.Stream(4, "10.20.0.31:11820", "192.0.2.10:20116", "PCMA", 6.261, 7548, 0),
	}
	for i, mos := range []float64{3.12, 4.36, 3.12, 4.36} {
		rate(streams[i], mos)
	}
	b.Call.Score = &correlate.CallScore{MOS: 3.12, Scale: "NB", Stream: 1}
	return &b.Call, streams
}

// rate gives a stream a score.
func rate(s *correlate.Stream, score float64) {
	var codecs emodel.Table
	entry, _ := codecs.Find(emodel.Format{Encoding: s.Codec, Clock: 8000, Mode: -1})
	s.Score = mos.Score{Known: true, Entry: entry, MOS: score, R: emodel.Rating(score), Buffer: "a1"}
}

// Cancelled is a call that nobody answered and whose CANCEL was not matched:
// retransmissions before and after a final response, and a long silence.
func Cancelled(index int) *correlate.Call {
	const a, p = "192.0.2.2:5060", "198.51.100.81:5060"
	b := New(index, "20014-5a7c@192.0.2.2", "sip:200100@voip.example", "sip:99500000042@voip.example", 0)
	invite := WithSDP(b.Request(a, p, "INVITE", "User-Agent: Some SIP IP Phone 2.0.51.16"), "192.0.2.2:30000",
		"PCMU", "PCMA", "iLBC", "G729", "telephone-event")
	b.After(500).Again(invite)
	b.After(1000).Again(invite)
	b.After(716).Response(p, a, 100, "trying -- your call is important to us", "INVITE", "Server: Sip EXpress router 0.8.12")
	cancel := b.After(31_903).Request(a, p, "CANCEL")
	b.After(500).Again(cancel)
	b.After(1000).Again(cancel)
	b.After(1154).Response(p, a, 408, "Request Timeout", "INVITE")
	b.After(8).Request(a, p, "ACK")
	b.After(870).Again(cancel)
	for range 7 {
		b.After(4000).Again(cancel)
	}
	b.After(1439).Response(p, a, 408, "Request Timeout", "CANCEL")
	b.Call.State, b.Call.FinalStatus, b.Call.FinalReason = correlate.StateCancelled, 408, "Request Timeout"
	return &b.Call
}
