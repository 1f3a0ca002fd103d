package correlate

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"sipsniff/decode"
)

func TestStreamOfEachDirection(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, sec, audio(bob))
	toBob := &source{src: alice, dst: bob, ssrc: 0xA, sequence: 10}
	toAlice := &source{src: bob, dst: alice, ssrc: 0xB, sequence: 65535, payloadType: 0}
	s.talk(toAlice, 2*sec, 3)
	for i := range 5 {
		p := s.packet(alice, bob, 3*sec+int64(i)*20*msec, rtpPacket(toBob, 160))
		p.DSCP = []uint8{46, 0, 46, 34, 46}[i]
		s.table.datagram(p)
		toBob.sequence++
		toBob.timestamp += 160
	}
	streams := s.table.publish()
	if len(streams) != 2 {
		t.Fatalf("%d streams, want 2", len(streams))
	}
	a, b := streams[1], streams[0]
	if b.ID != 1 || b.SSRC != 0xB || b.FromCaller || b.Packets != 3 || b.Src.String() != bob || b.Dst.String() != alice {
		t.Errorf("from the callee: %+v", *b)
	}
	if a.ID != 2 || a.SSRC != 0xA || !a.FromCaller || a.Packets != 5 || a.Octets != 800 || a.First != 3*sec || a.Last != 3*sec+80*msec {
		t.Errorf("from the caller: %+v", *a)
	}
	if a.FirstFrame != 4 || a.LastFrame != 8 || !slices.Equal(a.DSCP, []uint8{0, 34, 46}) {
		t.Errorf("frames %d to %d, DSCP %v", a.FirstFrame, a.LastFrame, a.DSCP)
	}
	if a.Call.Index != 1 || a.Codec != "PCMU" || a.ClockRate != 8000 || a.Media != "audio" || a.Secure {
		t.Errorf("described as %+v", *a)
	}
	if got := s.totals(); got != (Totals{RTPPackets: 8, Streams: 2}) {
		t.Errorf("totals %+v", got)
	}
	facts := s.table.mediaOf(callRef(1))
	want := mediaFacts{fromCaller: true, fromCallee: true, firstFromCaller: 3 * sec, firstFromCallee: 2 * sec, last: 3 * sec}
	if facts != want {
		t.Errorf("facts %+v, want %+v", facts, want)
	}
	if ids, _ := s.table.idsOf(1); !slices.Equal(ids, []int{1, 2}) {
		t.Errorf("IDs of the call %v", ids)
	}
}

func TestStreamNeedsDescription(t *testing.T) {
	s := newScene(t)
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, 0, 4) // one less than the heuristic wants
	s.none()
	if got := s.totals(); got != (Totals{}) {
		t.Errorf("totals %+v, want none", got)
	}
	if _, known := s.table.idsOf(1); known {
		t.Error("a call is known")
	}
}

// Each rule of spec §5.1 with its score.
func TestMatchScores(t *testing.T) {
	const aliceHost, bobHost = "192.0.2.1:9999", "198.51.100.2:9999"
	tests := []struct {
		name       string
		src, dst   string
		ssrc       uint32
		prepare    func(s *scene)
		score      int
		fromCaller bool
	}{
		{"both ends as described", alice, bob, 1, nil, 100, true},
		{"and the other way", bob, alice, 1, nil, 100, false},
		{"from the peer's host", aliceHost, bob, 1, nil, 90, true},
		{"from anywhere", mallet, bob, 1, nil, 80, true},
		{"to anywhere", alice, mallet, 1, nil, 70, true},
		{"to anywhere, from the callee", bob, mallet, 1, nil, 70, false},
		{"the way back", bob, mallet, 1, func(s *scene) { s.talk(&source{src: mallet, dst: bob, ssrc: 7}, sec, 1) }, 85, false},
		{"announced SSRC", mallet, mallet, 12345, func(s *scene) {
			s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0", "a=ssrc:12345 cname:x"))
		}, 75, true},
		{"candidate of the callee", alice, "203.0.113.9:7000", 1, func(s *scene) {
			s.describes(1, callee, 0, describe(bob, "m=audio PORT RTP/AVP 0", "a=candidate:1 1 udp 1 203.0.113.9 7000 typ srflx"))
		}, 96, true},
		{"behind a NAT, at the address of the signalling", mallet, "203.0.113.9:4444", 1, func(s *scene) {
			s.announce(announcement{ref: callRef(1), dialog: "d", fromCaller: caller, signalling: netip.MustParseAddr("203.0.113.9")}, audio("10.0.0.1:4444"))
		}, 65, false},
		{"no address, at the address of the signalling", mallet, "203.0.113.9:4444", 1, func(s *scene) {
			s.announce(announcement{ref: callRef(1), dialog: "d", fromCaller: caller, signalling: netip.MustParseAddr("203.0.113.9")}, audio("0.0.0.0:4444"))
		}, 65, false},
		{"nothing", mallet, "203.0.113.9:7000", 1, nil, 0, false},
		{"public addresses are not replaced by the signalling's", mallet, "203.0.113.9:4000", 1, func(s *scene) {
			s.announce(announcement{ref: callRef(1), dialog: "d", fromCaller: caller, signalling: netip.MustParseAddr("203.0.113.9")}, audio(alice))
		}, 0, false},
		{"host of the peer, to a host of ours", aliceHost, bobHost, 1, nil, 0, false},
		{"the port of RTCP", alice, "198.51.100.2:5001", 1, func(s *scene) {}, 70, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, audio(alice))
			s.describes(1, callee, 0, audio(bob))
			if tt.prepare != nil {
				tt.prepare(s)
			}
			m, ok := s.table.match(sought{src: netip.MustParseAddrPort(tt.src), dst: netip.MustParseAddrPort(tt.dst), ssrc: tt.ssrc, nanos: 2 * sec})
			if m.score != tt.score || ok != (tt.score > 0) {
				t.Errorf("score %d, want %d", m.score, tt.score)
			}
			if ok && m.fromCaller() != tt.fromCaller {
				t.Errorf("from caller: %v, want %v", m.fromCaller(), tt.fromCaller)
			}
		})
	}
}

// Media that outruns its description is the same stream as if it had not.
func TestStreamBeforeDescription(t *testing.T) {
	play := func(describeAfter int) *Stream {
		s := newScene(t)
		m := &source{src: bob, dst: alice, ssrc: 5, payloadType: 96}
		nanos := int64(0)
		for i := range 120 {
			if i == describeAfter {
				s.describes(1, caller, nanos, describe(alice, "m=audio PORT RTP/AVP 96 97", "a=rtpmap:96 speex/16000", "a=rtpmap:97 telephone-event/8000"))
			}
			m.payloadType = 96
			if i%10 == 9 {
				m.payloadType = 97
				m.timestamp -= 160 // an event keeps its timestamp
			}
			s.send(m, nanos+int64(i*i%7)*msec)
			nanos += 20 * msec
		}
		stream := s.only()
		if got := s.totals(); got.RTPPackets != 120 || got.Streams != 1 {
			t.Errorf("described after %d: totals %+v", describeAfter, got)
		}
		return stream
	}
	first := play(0)
	if !first.Quality.HasJitter || first.Quality.JitterMean == 0 || first.PayloadType != 96 || first.Codec != "speex" || first.Packets != 120 {
		t.Fatalf("described in time: %+v", *first)
	}
	for _, after := range []int{1, 50, 119} {
		if late := play(after); !reflect.DeepEqual(late.Quality, first.Quality) || late.PayloadType != 96 || late.First != first.First || late.Octets != first.Octets {
			t.Errorf("described after %d packets: %+v, want %+v", after, *late, *first)
		}
	}
}

func TestDescriptionComesTooLate(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 5}
	end := s.talk(m, 0, 4)
	s.describes(1, caller, end+11*sec, audio(alice))
	s.none()
	s.talk(m, end+12*sec, 3)
	if stream := s.only(); stream.Packets != 3 || stream.First != end+12*sec {
		t.Errorf("got %+v, want the three packets after the description", *stream)
	}
}

// In a merged file the signalling may stand behind the media of its time.
func TestDescriptionWithEarlierTimeLaterInFile(t *testing.T) {
	s := newScene(t)
	s.talk(&source{src: bob, dst: alice, ssrc: 5}, 100*sec, 1000)
	s.describes(1, caller, 99*sec, audio(alice))
	if stream := s.only(); stream.Packets != 1000 {
		t.Errorf("%d packets, want 1000", stream.Packets)
	}
}

// And the media behind the signalling of its time, ends of calls and all.
func TestMediaWithEarlierTimeLaterInFile(t *testing.T) {
	s := newScene(t)
	for call := 1; call <= 2; call++ {
		at := int64(call) * 100 * sec
		s.describes(call, caller, at, audio(alice))
		s.table.callEnded(callRef(call), at+50*sec)
	}
	s.talk(&source{src: bob, dst: alice, ssrc: 1}, 110*sec, 10)
	s.talk(&source{src: bob, dst: alice, ssrc: 2}, 210*sec, 10)
	s.talk(&source{src: bob, dst: alice, ssrc: 3}, 300*sec, 10) // after both
	streams := s.table.publish()
	if len(streams) != 3 || streams[0].Call.Index != 1 || streams[1].Call.Index != 2 || streams[2].Call != nil {
		t.Errorf("streams %+v", streams)
	}
}

func TestPortsUsedAgain(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 5}
	s.describes(1, caller, 0, audio(alice))
	end := s.talk(m, sec, 100)
	s.table.callEnded(callRef(1), end)
	end = s.talk(m, end+20*msec, 10) // one side did not notice
	s.describes(2, caller, end, audio(alice))
	m.sequence, m.timestamp = 7, 7777 // a new call of the same program, with the same SSRC
	s.talk(m, end+sec, 50)
	streams := s.table.publish()
	if len(streams) != 2 {
		t.Fatalf("%d streams, want 2", len(streams))
	}
	for i, want := range []uint64{110, 50} {
		if got := streams[i]; got.Packets != want || got.Call.Index != i+1 || got.Quality.Lost != 0 || got.Quality.Restarts != 0 {
			t.Errorf("stream %d: %+v", i, *got)
		}
	}
}

// A new SSRC at the address of a call that ended belongs to the newer call
// at once, and to the old one for five seconds when there is no newer.
func TestNewSourceAfterTheEnd(t *testing.T) {
	tests := []struct {
		name  string
		after int64
		newer bool
		want  int // call, 0 none
	}{
		{"within the grace", 4 * sec, false, 1},
		{"after the grace", 6 * sec, false, 0},
		{"newer call", sec, true, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, audio(alice))
			s.table.callEnded(callRef(1), 10*sec)
			if tt.newer {
				s.describes(2, caller, 10*sec, audio(alice))
			}
			s.talk(&source{src: bob, dst: alice, ssrc: 5}, 10*sec+tt.after, 2)
			if tt.want == 0 {
				s.none()
				return
			}
			if got := s.only().Call.Index; got != tt.want {
				t.Errorf("call %d, want %d", got, tt.want)
			}
		})
	}
}

// Two legs that carry the same description end one after the other; the
// stream stays where it was.
func TestLegsDoNotTakeStreams(t *testing.T) {
	s := newScene(t)
	for call := 1; call <= 2; call++ {
		s.describes(call, caller, int64(call)*msec, audio(alice))
		s.describes(call, callee, int64(call)*msec+sec, audio(bob))
	}
	m := &source{src: alice, dst: bob, ssrc: 5}
	end := s.talk(m, 2*sec, 100)
	call := s.only().Call.Index
	s.describes(3-call, callee, end, audio(bob)) // the other leg is refreshed
	end = s.talk(m, end, 10)
	s.table.callEnded(callRef(call), end)
	s.talk(m, end+20*msec, 10)
	if got := s.only(); got.Call.Index != call || got.Packets != 120 {
		t.Errorf("call %d with %d packets, want %d with 120", got.Call.Index, got.Packets, call)
	}
}

func TestSilentFlowMovesToNewerCall(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice)) // its BYE was not captured
	m := &source{src: bob, dst: alice, ssrc: 5}
	end := s.talk(m, sec, 10)
	s.describes(2, caller, end+40*sec, audio(alice))
	s.talk(m, end+41*sec, 10)
	streams := s.table.publish()
	if len(streams) != 2 || streams[0].Call.Index != 1 || streams[1].Call.Index != 2 {
		t.Errorf("%d streams", len(streams))
	}
	// Without a newer call, silence is no end.
	s = newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.talk(m, s.talk(m, sec, 10)+100*sec, 10)
	if got := s.only(); got.Packets != 20 {
		t.Errorf("%d packets, want 20", got.Packets)
	}
}

// A re-INVITE moves the media; if it fails, the old address still counts.
func TestDescriptionReplaced(t *testing.T) {
	const moved = "192.0.2.1:4100"
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	s.describes(1, caller, 10*sec, audio(moved))
	s.talk(&source{src: bob, dst: moved, ssrc: 1}, 11*sec, 5)
	s.talk(&source{src: bob, dst: alice, ssrc: 2}, 11*sec, 5)
	if streams := s.table.publish(); len(streams) != 2 || streams[0].FromCaller || streams[1].FromCaller {
		t.Errorf("%d streams, want both addresses to count", len(streams))
	}
	// But the old address is the first to be given to another call.
	s.describes(2, callee, 12*sec, audio(alice))
	s.talk(&source{src: mallet, dst: alice, ssrc: 3}, 13*sec, 1)
	if streams := s.table.publish(); streams[2].Call.Index != 2 || !streams[2].FromCaller {
		t.Errorf("third stream %+v, want call 2", *streams[2])
	}
}

// A proxy that writes its relay into the description makes two descriptions
// of one side; neither replaces the other.
func TestDescriptionsOfTwoHops(t *testing.T) {
	const relay = "203.0.113.3:7000"
	s := newScene(t)
	hop := func(side bool, from, at string) {
		s.announce(announcement{ref: callRef(1), dialog: "d", fromCaller: side, signalling: netip.MustParseAddr(from)}, audio(at))
	}
	hop(caller, "192.0.2.1", alice)
	hop(caller, "203.0.113.3", relay)
	for _, p := range s.table.calls[1].parties {
		if p.superseded {
			t.Errorf("%s was superseded", p.lines[0].addrs)
		}
	}
	hop(caller, "192.0.2.1", "192.0.2.1:4002")
	if p := s.table.calls[1].parties; !p[0].superseded || p[1].superseded || p[2].superseded {
		t.Error("a new description replaces that of the same hop and no other")
	}
}

// Every answer of a forked call has its dialog; the offer is outside of them.
func TestForkedAnswers(t *testing.T) {
	s := newScene(t)
	s.announce(announcement{ref: callRef(1), fromCaller: caller}, audio(alice))
	s.announce(announcement{ref: callRef(1), dialog: "b", fromCaller: callee}, audio(bob))
	s.announce(announcement{ref: callRef(1), dialog: "m", fromCaller: callee}, audio(mallet))
	for _, dst := range []string{bob, mallet} {
		m, ok := s.table.match(sought{src: netip.MustParseAddrPort(alice), dst: netip.MustParseAddrPort(dst)})
		if !ok || m.score != scoreBoth || m.window != live {
			t.Errorf("to %s: score %d window %d", dst, m.score, m.window)
		}
	}
	s.announce(announcement{ref: callRef(1), dialog: "b", fromCaller: caller, nanos: sec}, audio("192.0.2.1:4002"))
	parties := s.table.calls[1].parties
	if !parties[0].superseded || parties[1].superseded || parties[2].superseded {
		t.Error("an offer inside a dialog replaces the first offer and no answer")
	}
}

// The same description again makes no second entry.
func TestDescriptionRepeated(t *testing.T) {
	s := newScene(t)
	for i := range 100 {
		s.describes(1, caller, int64(i), audio(alice))
	}
	if n := len(s.table.calls[1].parties); n != 1 {
		t.Errorf("%d parties, want 1", n)
	}
}

func TestOtherPorts(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		dst   string
		want  bool
	}{
		{"second of two ports", []string{"m=audio PORT/2 RTP/AVP 0"}, "192.0.2.1:4002", true},
		{"third of two ports", []string{"m=audio PORT/2 RTP/AVP 0"}, "192.0.2.1:4004", false},
		{"rejected line", []string{"m=audio 0 RTP/AVP 0"}, "192.0.2.1:0", false},
		{"discard port", []string{"m=audio 9 RTP/AVP 0"}, "192.0.2.1:9", false},
		{"candidate beside the discard port", []string{"m=audio 9 RTP/AVP 0", "a=candidate:1 1 udp 1 203.0.113.9 7000 typ host"}, "203.0.113.9:7000", true},
		{"MSRP", []string{"m=message PORT TCP/MSRP *"}, alice, false},
		{"second m= line", []string{"m=audio 4500 RTP/AVP 0", "m=video PORT RTP/AVP 34"}, alice, true},
		{"highest port", []string{"m=audio 65535/3 RTP/AVP 0"}, "192.0.2.1:65535", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, describe(alice, tt.lines...))
			_, ok := s.table.match(sought{src: netip.MustParseAddrPort(mallet), dst: netip.MustParseAddrPort(tt.dst)})
			if ok != tt.want {
				t.Errorf("expected: %v, want %v", ok, tt.want)
			}
		})
	}
}

// A second capture of a packet counts in the totals and as a duplicate, and
// changes nothing else.
func TestCaptureDuplicates(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 5}
	for i := range 10 {
		p := s.send(m, int64(i)*20*msec)
		p.Duplicate = true
		s.table.datagram(p)
		p.TunnelSrc, p.TunnelDst = netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2") // seen inside a tunnel too
		s.table.datagram(p)
	}
	got := s.only()
	if got.Packets != 10 || got.CaptureDuplicates != 20 || got.Quality.Duplicates != 0 || got.Octets != 1600 || got.Quality.DeltaMin != 20 {
		t.Errorf("got %+v", *got)
	}
	if totals := s.totals(); totals.RTPPackets != 30 {
		t.Errorf("%d packets in the totals, want 30", totals.RTPPackets)
	}
	s = newScene(t)
	s.describes(1, caller, 0, audio(alice))
	p := s.packet(bob, alice, 0, rtpPacket(m, 160))
	p.Duplicate = true
	s.table.datagram(p)
	s.none()
}

func TestTunnelsKeepStreamsApart(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	for i, tunnel := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.1"} {
		p := s.packet(bob, alice, sec, rtpPacket(&source{ssrc: 5, sequence: uint16(i)}, 160))
		p.TunnelSrc, p.TunnelDst = netip.MustParseAddr(tunnel), netip.MustParseAddr("10.0.0.9")
		s.table.datagram(p)
	}
	if streams := s.table.publish(); len(streams) != 2 || streams[0].Packets != 2 || streams[1].Packets != 1 {
		t.Errorf("%d streams", len(streams))
	}
}

func TestTURNChannel(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	inner := rtpPacket(&source{ssrc: 5}, 20)
	s.table.datagram(s.packet(alice, mallet, sec, append([]byte{0x40, 0x01, 0, byte(len(inner))}, inner...)))
	if got := s.only(); got.SSRC != 5 || got.Octets != 20 || !got.FromCaller {
		t.Errorf("got %+v", *got)
	}
}

func TestCutPackets(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	for i := range 3 {
		p := s.packet(bob, alice, int64(i)*20*msec, rtpPacket(&source{ssrc: 5, sequence: uint16(i)}, 160))
		p.Payload = p.Payload[:12] // the capture kept the header
		s.table.datagram(p)
	}
	if got := s.only(); got.Packets != 3 || got.Octets != 480 {
		t.Errorf("%d packets of %d octets, want 3 of 480", got.Packets, got.Octets)
	}
}

func TestDatagramAllocatesNothing(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	there := &source{src: alice, dst: bob, ssrc: 1}
	back := &source{src: bob, dst: alice, ssrc: 2}
	lost := &source{src: mallet, dst: "203.0.113.3:6002", ssrc: 3} // nothing describes it
	packets := []*decode.Packet{s.send(there, 0), s.send(back, 0), s.send(lost, 0)}
	s.talk(lost, sec, maxHeld+1)
	step := func() {
		for _, p := range packets {
			p.Nanos += 20 * msec
			p.Payload[3]++
			s.table.datagram(p)
		}
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%g allocations for three packets, want 0", n)
	}
	if got := s.totals().RTPPackets; got < 2000 {
		t.Errorf("only %d packets were accounted", got)
	}
}
