package correlate

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
)

// IDs follow the first packets, are kept, and are not given again.
func TestPublish(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	early := &source{src: "203.0.113.3:6000", dst: "203.0.113.4:6000", ssrc: 9}
	a := &source{src: bob, dst: alice, ssrc: 1}
	b := &source{src: bob, dst: alice, ssrc: 2}
	s.send(early, 0) // described later
	s.talk(a, sec, 2)
	s.talk(b, 2*sec, 2)
	one := s.table.publish()
	if len(one) != 2 || one[0].ID != 1 || one[0].SSRC != 1 || one[1].ID != 2 {
		t.Fatalf("first publish: %+v", one)
	}
	if again := s.table.publish(); &again[0] != &one[0] {
		t.Error("an unchanged list is not shared")
	}
	s.talk(a, 3*sec, 1)
	two := s.table.publish()
	if two[0] == one[0] || two[1] != one[1] || two[0].Packets != 3 || one[0].Packets != 2 {
		t.Error("what changed has to be new, what did not has to be shared")
	}
	s.describes(2, caller, 4*sec, audio("203.0.113.4:6000"))
	three := s.table.publish()
	if len(three) != 3 || three[0].SSRC != 9 || three[0].ID != 3 || three[1].ID != 1 {
		t.Errorf("a flow that was described late: %+v", three)
	}
	s.table.forget(callRef(1))
	s.describes(3, caller, 5*sec, audio(alice))
	s.talk(&source{src: bob, dst: alice, ssrc: 3}, 5*sec, 1)
	four := s.table.publish()
	if len(four) != 2 || four[0].ID != 3 || four[1].ID != 4 || s.table.evicted != 2 {
		t.Errorf("after a call left: %+v, %d evicted", four, s.table.evicted)
	}
	if ids, known := s.table.idsOf(1); known || ids != nil {
		t.Error("the call that left is known")
	}
	if len(two) != 2 || two[0].SSRC != 1 {
		t.Error("an earlier list changed")
	}
}

func TestForgetLeavesNothing(t *testing.T) {
	s := newScene(t)
	empty := s.table.memory()
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0", "a=ssrc:5 cname:x", "a=candidate:1 1 udp 1 203.0.113.9 7000 typ host"))
	s.describes(1, callee, 0, audio(bob))
	for i := range 50 {
		s.talk(&source{src: bob, dst: alice, ssrc: uint32(i)}, sec, 2)
	}
	if s.table.memory() < empty+50*1000 {
		t.Errorf("50 streams take %d octets", s.table.memory()-empty)
	}
	s.table.forget(callRef(1))
	s.none()
	table := s.table
	if n := len(table.expected) + len(table.sources) + len(table.flows.flows) + len(table.pairs) + len(table.calls) + len(table.streams) + len(table.fresh) + table.expectations + table.lines + table.formats; n != 0 {
		t.Errorf("%d things are left", n)
	}
	if table.memory() != empty {
		t.Errorf("memory %d, was %d", table.memory(), empty)
	}
	s.table.forget(callRef(1)) // twice does no harm
	s.table.callEnded(callRef(1), 0)
}

// When there are too many streams, those of finished calls go first, then the
// idle, then the one with the oldest packet.
func TestStreamLimit(t *testing.T) {
	s := newScene(t)
	s.table = newStreamTable(32)
	at := func(call int) string { return fmt.Sprintf("192.0.2.1:%d", 4000+call*10) }
	begin := func(call int, nanos int64) {
		s.describes(call, caller, nanos, audio(at(call)))
		s.talk(&source{src: bob, dst: at(call), ssrc: uint32(call)}, nanos, 2)
	}
	for call := range 32 {
		begin(call+1, int64(call)*sec)
	}
	s.table.publish()
	s.table.callEnded(callRef(7), 40*sec)
	s.table.callEnded(callRef(20), 40*sec)
	begin(33, 50*sec) // two sixteenths of 32 leave
	ids := func() []uint32 {
		var list []uint32
		for _, x := range s.table.publish() {
			list = append(list, x.SSRC)
		}
		return list
	}
	got := ids()
	if len(got) != 31 || slices.Contains(got, 7) || slices.Contains(got, 20) || s.table.evicted != 2 {
		t.Fatalf("left are %v, %d evicted", got, s.table.evicted)
	}
	s.talk(&source{src: bob, dst: at(1), ssrc: 1, sequence: 2}, 51*sec, 1)
	begin(34, 100*sec)
	begin(35, 100*sec) // now 2 and 3 are the oldest
	got = ids()
	if slices.Contains(got, 2) || slices.Contains(got, 3) || !slices.Contains(got, 1) || !slices.Contains(got, 35) {
		t.Errorf("left are %v", got)
	}
	if totals := s.totals(); totals.Streams != 35 || totals.RTPPackets != 71 {
		t.Errorf("totals %+v: what left has to count", totals)
	}
	if ids, known := s.table.idsOf(2); !known || len(ids) != 0 {
		t.Errorf("IDs of the call whose stream left: %v", ids)
	}
}

// A source that changes its SSRC all the time makes many streams of one call.
// Their IDs are written down once each, not once for every later stream.
func TestManyStreamsOfOneCall(t *testing.T) {
	const streams = 20_000
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	for i := range streams {
		s.talk(&source{src: bob, dst: alice, ssrc: uint32(i)}, sec, 2)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	published := s.table.publish()
	runtime.ReadMemStats(&after)
	if len(published) != streams {
		t.Fatalf("%d streams, want %d", len(published), streams)
	}
	if each := (after.TotalAlloc - before.TotalAlloc) / streams; each > 4096 {
		t.Errorf("publishing took %d octets a stream", each)
	}
	ids, _ := s.table.idsOf(1)
	s.talk(&source{src: bob, dst: alice, ssrc: streams}, sec, 2)
	s.table.publish()
	if later, _ := s.table.idsOf(1); len(ids) != streams || cap(ids) != streams || len(later) != streams+1 {
		t.Errorf("%d IDs with room for %d, then %d", len(ids), cap(ids), len(later))
	}
}

// Noise that looks like RTP takes bounded memory and does not push out a
// flow that goes on.
func TestNoiseIsBounded(t *testing.T) {
	s := newScene(t)
	m := &source{src: bob, dst: alice, ssrc: 0xFEED}
	s.talk(m, 0, 4)
	rnd := rand.New(rand.NewPCG(3, 4))
	for i := range 20_000 {
		noise := &source{src: "203.0.113.3:20000", dst: "203.0.113.4:20000", ssrc: rnd.Uint32()}
		s.send(noise, int64(i)*1000)
	}
	if n := len(s.table.flows.flows); n > maxCandidates || n != s.table.waiting.count {
		t.Errorf("%d flows, %d waiting, limit %d", n, s.table.waiting.count, maxCandidates)
	}
	if s.table.waiting.held > maxHeldAll {
		t.Errorf("%d packets held", s.table.waiting.held)
	}
	s.describes(1, caller, sec, audio(alice))
	if got := s.only(); got.Packets != 4 {
		t.Errorf("%d packets, want 4", got.Packets)
	}
	s.describes(2, caller, sec, audio("203.0.113.4:20000")) // all the noise at once
	if got := len(s.table.publish()); got != maxCandidates {
		t.Errorf("%d streams, want %d", got, maxCandidates)
	}
	w := &s.table.waiting
	if w.count != 0 || w.held != 0 || len(w.bySrc) != 0 || len(w.byDst) != 0 || w.single.head != nil || w.several.head != nil {
		t.Errorf("candidates are left: %d, %d held", w.count, w.held)
	}
}

func TestImplausibleIsNotRemembered(t *testing.T) {
	tests := []struct {
		name        string
		src, dst    string
		payloadType uint8
		want        bool
	}{
		{"speech", alice, bob, 0, true},
		{"dynamic", alice, bob, 127, true},
		{"unassigned", alice, bob, 35, false},
		{"conflict with RTCP", alice, bob, 72, false},
		{"DNS", alice, "198.51.100.2:53", 0, false},
		{"low port", "192.0.2.1:1000", bob, 0, false},
		{"VXLAN", alice, "198.51.100.2:4789", 0, false},
		{"BitTorrent", "192.0.2.1:6885", bob, 0, false},
	}
	for _, tt := range tests {
		s := newScene(t)
		s.talk(&source{src: tt.src, dst: tt.dst, ssrc: 1, payloadType: tt.payloadType}, 0, 2)
		if got := len(s.table.flows.flows) == 1; got != tt.want {
			t.Errorf("%s: remembered %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A call that describes itself without end, and an address that everybody
// uses, stay bounded and do not hide the newest.
func TestDescriptionsAreBounded(t *testing.T) {
	s := newScene(t)
	for i := range 1000 {
		s.describes(1, caller, int64(i), audio(fmt.Sprintf("192.0.2.1:%d", 10000+2*i)))
	}
	if n := len(s.table.calls[1].parties); n != maxParties {
		t.Errorf("%d parties of one call, want %d", n, maxParties)
	}
	for call := 2; call < 1000; call++ {
		s.describes(call, caller, int64(call), audio(alice))
	}
	at := netip.MustParseAddrPort(alice)
	if n := len(s.table.expected[at]); n != maxAtEndpoint {
		t.Errorf("%d expectations at one address, want %d", n, maxAtEndpoint)
	}
	s.talk(&source{src: bob, dst: alice, ssrc: 1}, sec, 1)
	if got := s.only().Call.Index; got != 999 {
		t.Errorf("call %d, want the newest", got)
	}
	expectations, lines, formats := 0, 0, 0
	for _, c := range s.table.calls {
		for _, p := range c.parties {
			expectations, lines = expectations+len(p.expectations), lines+len(p.lines)
			for _, l := range p.lines {
				formats += len(l.formats)
			}
		}
	}
	if x := s.table; expectations != x.expectations || lines != x.lines || formats != x.formats {
		t.Errorf("%d expectations, counted %d; %d lines, counted %d; %d formats, counted %d",
			expectations, x.expectations, lines, x.lines, formats, x.formats)
	}
}

// FuzzStreamDatagram feeds datagrams of any content to described, half
// described and strange addresses.
func FuzzStreamDatagram(f *testing.F) {
	f.Add(rtpPacket(&source{ssrc: 1}, 20), senderReport(1), uint8(0))
	f.Add([]byte{0, 1, 1, 6, 0, 0}, []byte{0x40, 0, 0, 12, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, uint8(7))
	ends := []netip.AddrPort{netip.MustParseAddrPort(alice), netip.MustParseAddrPort(bob), netip.MustParseAddrPort(mallet), netip.MustParseAddrPort("[2001:db8::1]:0")}
	offer := sdp.Parse(describe(alice, "m=audio PORT RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "m=image PORT udptl t38", "a=ssrc:7 x"))
	f.Fuzz(func(t *testing.T, a, b []byte, steps uint8) {
		table := newStreamTable(4)
		for i := range int64(steps) {
			for j, payload := range [][]byte{a, b} {
				payload = slices.Clone(payload)
				if len(payload) > 3 {
					payload[3] += byte(i)
				}
				table.datagram(&decode.Packet{Nanos: i * sec, Payload: payload, WireLength: len(payload) + int(i%3),
					Src: ends[(i+int64(j))%4], Dst: ends[i/4%4], Duplicate: i%5 == 4})
			}
			switch i % 8 {
			case 1:
				table.announce(announcement{ref: callRef(int(i % 16)), fromCaller: i%2 == 0, session: offer, nanos: i * sec})
			case 5:
				table.callEnded(callRef(int(i%16)), i*sec)
			case 7:
				table.forget(callRef(int(i % 3)))
			}
		}
		var packets, listed uint64
		all := table.publish()
		for _, s := range all {
			packets += s.Packets
			if s.Packets > 0 { // what only RTCP tells of is listed and not counted
				listed++
			}
		}
		if len(all) > 4 || packets > table.totals.RTPPackets+table.totals.T38Packets || listed+table.evicted != table.totals.Streams {
			t.Fatalf("%d streams of %d, %d evicted, %d packets of %d", listed, table.totals.Streams, table.evicted, packets, table.totals.RTPPackets)
		}
	})
}

// BenchmarkDatagram accounts packets of 1000 streams in turn.
func BenchmarkDatagram(b *testing.B) {
	const streams = 1000
	table := newStreamTable(0)
	packets := make([]decode.Packet, streams)
	for i := range packets {
		at := fmt.Sprintf("192.0.2.%d:%d", i/100+1, 4000+i%100*2)
		table.announce(announcement{ref: callRef(i + 1), session: sdp.Parse(audio(at))})
		payload := rtpPacket(&source{ssrc: uint32(i)}, 160)
		packets[i] = decode.Packet{Payload: payload, WireLength: len(payload), Src: netip.MustParseAddrPort(bob), Dst: netip.MustParseAddrPort(at)}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p := &packets[i%streams]
		p.Nanos += 20 * msec
		binary.BigEndian.PutUint16(p.Payload[2:], uint16(i/streams))
		binary.BigEndian.PutUint32(p.Payload[4:], uint32(i/streams*160))
		table.datagram(p)
		i++
	}
	if table.totals.Streams != streams {
		b.Fatalf("%d streams", table.totals.Streams)
	}
}

// A source that changes its SSRC all the time pushes out streams of its own
// call, and not those of others, though these are over and older.
func TestStreamsOfOneCallDoNotPushOutOthers(t *testing.T) {
	s := newScene(t)
	s.table = newStreamTable(64)
	at := func(call int) string { return fmt.Sprintf("192.0.2.1:%d", 4000+call*10) }
	for call := 1; call <= 8; call++ {
		s.describes(call, caller, 0, audio(at(call)))
		s.talk(&source{src: bob, dst: at(call), ssrc: uint32(call)}, 0, 5)
	}
	for call := 1; call < 8; call++ {
		s.table.callEnded(callRef(call), sec)
	}
	for i := range 1000 {
		s.talk(&source{src: bob, dst: at(8), ssrc: uint32(1000 + i)}, 2*sec+int64(i)*sec/10, 2)
	}
	if list := s.table.publish(); len(list) > 64 || list[len(list)-1].SSRC != 1999 {
		t.Errorf("%d streams, the last is %d", len(list), list[len(list)-1].SSRC)
	}
	for call := 1; call < 8; call++ {
		if ids, _ := s.table.idsOf(call); len(ids) != 1 {
			t.Errorf("call %d has streams %v", call, ids)
		}
	}
}
