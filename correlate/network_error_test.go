package correlate

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/decode"
)

// unreachableFrom is an ICMP error from a host about what A sent to B.
func unreachableFrom(from string, code uint8, quoted string) *decode.ICMPError {
	return &decode.ICMPError{
		Type: decode.ICMPUnreachable, Code: code, From: netip.MustParseAddr(from), To: scriptAddr("A").Addr(),
		Transport: decode.UDP, Src: scriptAddr("A"), Dst: scriptAddr("B"), Quoted: []byte(quoted),
	}
}

// An errorScript is a script in which ICMP errors come at some seconds.
func errorScript(t *testing.T, text string, quoted string, code uint8, at0 ...float64) *Snapshot {
	t.Helper()
	tr := NewTracker(Config{})
	s := parseScript(t, text)
	frame := len(s)
	for _, l := range s {
		for len(at0) > 0 && at(at0[0]) <= l.nanos {
			frame++
			tr.ICMP(&decode.Packet{Frame: frame, Nanos: at(at0[0])}, unreachableFrom("198.51.100.1", code, quoted))
			at0 = at0[1:]
		}
		l.play(t, tr)
	}
	tr.Flush()
	return tr.Publish()
}

func TestUnreachableCalls(t *testing.T) {
	const quoted = "INVITE sip:bob@example.org SIP/2.0\r\nCall-ID: call\r\nFr"
	for _, tt := range []struct {
		name, script string
		code         uint8
		at           []float64
		want         State
		word         string
		ended        float64 // 0: none
	}{
		{"INVITE", "0 A>B INVITE 1\nadvance 2", 3, []float64{1}, StateFailed, "FAILED", 1},
		{"INVITE sent again", "0 A>B INVITE 1\n0.5 A>B INVITE 1\n1.5 A>B INVITE 1\nadvance 40", 3, []float64{0.1, 0.6, 1.6}, StateFailed, "FAILED", 1.6},
		{"with an answer after all", "0 A>B INVITE 1\n0.5 A>B INVITE 1\n0.6 B>A 180 INVITE 1\nadvance 2", 3, []float64{0.1}, StateRinging, "RINGING", 0},
		{"another hop answered", "0 A>P INVITE 1\n0.1 P>A 100 INVITE 1\n0.2 A>B INVITE 1\nadvance 2", 3, []float64{0.3}, StateTrying, "CALL SETUP", 0},
		{"time exceeded is no verdict", "0 A>B INVITE 1\nadvance 2", 4, []float64{1}, StateNew, "CALL SETUP", 0},
		{"sent to another target", "0 A>B INVITE 1\n0.5 A>C INVITE 1 branch=z9hG4bK-x\nadvance 2", 3, []float64{0.1}, StateNew, "CALL SETUP", 0},
		{"a call that is up", "0 A>B INVITE 1\n0.2 B>A 200 INVITE 1\n0.3 A>B ACK 1\n1 A>B INFO 2\nadvance 3", 3, []float64{1.1}, StateInCall, "IN CALL", 0},
		{"OPTIONS", "0 A>B OPTIONS 1\nadvance 2", 3, []float64{1}, StateFailed, "FAILED", 1},
		{"OPTIONS, nobody answers", "0 A>B OPTIONS 1\nadvance 40", 1, []float64{1}, StateFailed, "FAILED", 1},
		{"an earlier OPTIONS", "0 A>B OPTIONS 1\n5 A>B OPTIONS 2\n5.1 B>A 200 OPTIONS 2\nadvance 6", 3, []float64{1}, StateOK, "OK", 5.1},
		{"REGISTER", "0 A>B REGISTER 1 +Contact:<sip:a@192.0.2.65>\nadvance 2", 10, []float64{1}, StateFailed, "FAILED", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := onlyCall(t, errorScript(t, tt.script, quoted, tt.code, tt.at...))
			if c.State != tt.want || c.Word() != tt.word {
				t.Errorf("state %v, word %s, want %v, %s", c.State, c.Word(), tt.want, tt.word)
			}
			if tt.want == StateFailed != slices.Contains(c.Flags, "unreachable") {
				t.Errorf("flags %v", c.Flags)
			}
			if ended := int64(0); tt.ended != 0 {
				if ended = at(tt.ended); c.Ended != ended {
					t.Errorf("ended %d, want %d", c.Ended, ended)
				}
			} else if c.Ended != 0 {
				t.Errorf("ended %d", c.Ended)
			}
			if len(c.NetworkErrors) != 1 {
				t.Fatalf("errors %+v", c.NetworkErrors)
			}
			if n := c.NetworkErrors[0]; n.Count != len(tt.at) || n.About != c.Messages()[0].Frame && tt.name != "another hop answered" && tt.name != "a call that is up" {
				t.Errorf("%+v", n)
			}
		})
	}
}

// What is quoted may end before the Call-ID: then the addresses tell, if only
// one call can be meant.
func TestErrorsByAddress(t *testing.T) {
	one := errorScript(t, "0 A>B OPTIONS 1 id=x\nadvance 2", "", 3, 1)
	if c := onlyCall(t, one); len(c.NetworkErrors) != 1 || c.State != StateFailed {
		t.Errorf("one call: %v, %+v", c.State, c.NetworkErrors)
	}
	two := errorScript(t, "0 A>B OPTIONS 1 id=x\n0.1 A>B OPTIONS 1 id=y\nadvance 2", "", 3, 1)
	for _, c := range two.Calls {
		if len(c.NetworkErrors) != 0 {
			t.Errorf("%s is one of two, and yet has %+v", c.CallID, c.NetworkErrors)
		}
	}
	if len(two.NetworkErrors) != 1 || two.NetworkErrors[0].Text() != "port unreachable" {
		t.Errorf("of no call: %+v", two.NetworkErrors)
	}
	old := errorScript(t, "0 A>B OPTIONS 1\n0.1 B>A 200 OPTIONS 1\n60 C>A OPTIONS 2\nadvance 62", "", 3, 60.5)
	if len(onlyCall(t, old).NetworkErrors) != 0 {
		t.Error("an error is taken for one about a request of a minute ago")
	}
	late := errorScript(t, "0 A>B OPTIONS 1 id=x\nadvance 2\nadvance 9", "", 3, 8)
	if len(onlyCall(t, late).NetworkErrors) != 0 {
		t.Error("an error 8 s later is taken for one about the request")
	}
}

// A Call-ID that is cut names another call, or none.
func TestQuotedCallID(t *testing.T) {
	for text, want := range map[string]string{
		"OPTIONS sip:b SIP/2.0\r\nCall-ID: abc\r\n":   "abc",
		"OPTIONS sip:b SIP/2.0\r\ni :\tabc \r\nFrom:": "abc",
		"OPTIONS sip:b SIP/2.0\r\nCALL-ID:abc\nx":     "abc",
		"OPTIONS sip:b SIP/2.0\r\nCall-ID: ab":        "",
		"\x80\x00\r\nCall-ID: abc\r\n":                "",
		"":                                            "",
	} {
		if got := quotedCallID([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Errors about media belong to the stream, whenever it was recognised.
func TestErrorsOfStreams(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, "0 A>B INVITE 1 sdp\n0.1 B>A 200 INVITE 1 sdp\n0.2 A>B ACK 1").play(t, tr)
	src, dst := netip.MustParseAddrPort("192.0.2.65:4000"), netip.MustParseAddrPort("192.0.2.66:4000")
	m := &source{src: src.String(), dst: dst.String(), ssrc: 7}
	e := unreachableFrom("192.0.2.66", 3, "\x80\x00")
	e.Src, e.Dst = src, dst
	for i := range 30 {
		nanos := at(1) + int64(i)*20*msec
		p := &decode.Packet{Frame: 10 + 2*i, LastFrame: 10 + 2*i, Nanos: nanos, Src: src, Dst: dst, Payload: rtpPacket(m, 160)}
		p.WireLength = len(p.Payload)
		tr.Datagram(p)
		m.sequence++
		m.timestamp += 160
		tr.ICMP(&decode.Packet{Frame: 11 + 2*i, Nanos: nanos + msec}, e)
		tr.ICMP(&decode.Packet{Frame: 11 + 2*i, Nanos: nanos + msec, Duplicate: true}, e)
	}
	s := tr.Publish()
	if len(s.Streams) != 1 || len(s.Streams[0].NetworkErrors) != 1 {
		t.Fatalf("%d streams: %+v", len(s.Streams), s.Streams)
	}
	if n := s.Streams[0].NetworkErrors[0]; n.Count != 30 || len(n.Frames) != 20 || n.First != at(1)+msec || !n.Unreachable {
		t.Errorf("%+v", n)
	}
	if len(s.Calls[0].NetworkErrors) != 0 || len(s.NetworkErrors) != 1 {
		t.Errorf("call has %d, the capture %d", len(s.Calls[0].NetworkErrors), len(s.NetworkErrors))
	}
}

// Strangers can send as many as they like.
func TestErrorsBounded(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, "0 A>B OPTIONS 1").play(t, tr)
	for i := range 20_000 {
		e := unreachableFrom("198.51.100.1", uint8(i), "OPTIONS sip:b SIP/2.0\r\nCall-ID: call\r\n")
		tr.ICMP(&decode.Packet{Frame: i, Nanos: at(1)}, e)
		e = unreachableFrom("198.51.100.1", uint8(i), "")
		e.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 5060)
		tr.ICMP(&decode.Packet{Frame: i, Nanos: at(1)}, e)
	}
	s := tr.Publish()
	if n := len(onlyCall(t, s).NetworkErrors); n != maxErrorKinds {
		t.Errorf("%d kinds of one call", n)
	}
	if n := len(tr.streams.errors.pairs); n != maxErrorPairs || tr.streams.errors.recent.Len() != n {
		t.Errorf("%d pairs", n)
	}
	if len(s.NetworkErrors) > maxListedErrors*maxErrorKinds {
		t.Errorf("%d listed", len(s.NetworkErrors))
	}
}

func TestNetworkErrorText(t *testing.T) {
	for want, n := range map[string]NetworkError{
		"port unreachable": {Type: 3, Code: 3},
		"no route":         {V6: true, Type: 1},
		"fragmentation needed, at most 1400 octets pass": {Type: 3, Code: 4, TooBig: true, MTU: 1400},
		"packet too big, at most 1280 octets pass":       {V6: true, Type: 2, TooBig: true, MTU: 1280},
		"unreachable (code 15)":                          {Type: 3, Code: 15},
		"error of type 12, code 1":                       {Type: 12, Code: 1},
	} {
		if got := n.Text(); got != want || strings.Contains(got, "\n") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What errors concern is asked when they are listed: a stream that becomes
// known later is none the less the one that they were about.
func TestErrorsListedLate(t *testing.T) {
	tr := NewTracker(Config{})
	src, dst := netip.MustParseAddrPort("192.0.2.65:4000"), netip.MustParseAddrPort("192.0.2.66:4000")
	e := unreachableFrom("192.0.2.66", 3, "\x80\x00")
	e.Src, e.Dst = src, dst
	tr.ICMP(&decode.Packet{Frame: 1, Nanos: at(0)}, e)
	if n := len(tr.Publish().NetworkErrors); n != 0 {
		t.Fatalf("%d errors of nothing", n)
	}
	parseScript(t, "0 A>B INVITE 1 sdp\n0.1 B>A 200 INVITE 1 sdp\n0.2 A>B ACK 1").play(t, tr)
	m := &source{src: src.String(), dst: dst.String(), ssrc: 7}
	for i := range 30 {
		p := &decode.Packet{Frame: 10 + i, LastFrame: 10 + i, Nanos: at(1) + int64(i)*20*msec, Src: src, Dst: dst, Payload: rtpPacket(m, 160)}
		p.WireLength = len(p.Payload)
		tr.Datagram(p)
		m.sequence++
		m.timestamp += 160
	}
	if n := len(tr.Publish().NetworkErrors); n != 1 {
		t.Errorf("%d errors of the stream", n)
	}
}

// Of more errors than are listed the latest are, not those of yesterday.
func TestLatestErrorsListed(t *testing.T) {
	tr := NewTracker(Config{})
	for i := range maxListedErrors + 50 {
		e := unreachableFrom("198.51.100.1", 3, "")
		e.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 5060)
		tr.ICMP(&decode.Packet{Frame: i + 1, Nanos: at(float64(i))}, e)
	}
	list := tr.Publish().NetworkErrors
	if len(list) != maxListedErrors || list[0].Frames[0] != 51 || list[len(list)-1].Frames[0] != maxListedErrors+50 {
		t.Errorf("%d errors, from frame %d to %d", len(list), list[0].Frames[0], list[len(list)-1].Frames[0])
	}
}

// Two streams that take turns between the same addresses both show what
// happened to their packets, whenever that is published.
func TestErrorsOfAllStreamsBetween(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, "0 A>B INVITE 1 sdp\n0.1 B>A 200 INVITE 1 sdp\n0.2 A>B ACK 1").play(t, tr)
	src, dst := netip.MustParseAddrPort("192.0.2.65:4000"), netip.MustParseAddrPort("192.0.2.66:4000")
	for ssrc := range 2 {
		m := &source{src: src.String(), dst: dst.String(), ssrc: uint32(7 + ssrc)}
		for i := range 10 {
			p := &decode.Packet{Frame: 10 + 10*ssrc + i, Nanos: at(1) + int64(i)*20*msec, Src: src, Dst: dst, Payload: rtpPacket(m, 160)}
			p.LastFrame, p.WireLength = p.Frame, len(p.Payload)
			tr.Datagram(p)
			m.sequence++
			m.timestamp += 160
		}
	}
	tr.Publish()
	e := unreachableFrom("192.0.2.66", 3, "\x80\x00")
	e.Src, e.Dst = src, dst
	tr.ICMP(&decode.Packet{Frame: 40, Nanos: at(1.3)}, e)
	s := tr.Publish()
	if len(s.Streams) != 2 {
		t.Fatalf("%d streams", len(s.Streams))
	}
	for _, st := range s.Streams {
		if len(st.NetworkErrors) != 1 {
			t.Errorf("stream %#x has %+v", st.SSRC, st.NetworkErrors)
		}
	}
}
