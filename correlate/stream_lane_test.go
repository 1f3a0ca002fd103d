package correlate

import (
	"encoding/binary"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// plain hands a packet over as a Plain when it is one.
func (s *scene) plain(p *decode.Packet) {
	var d Plain
	var h rtp.Header
	if !d.Pack(p) || !d.ReadMedia(&h) {
		s.table.datagram(p)
		return
	}
	s.table.plainMedia(&d)
}

// Streams are the same whether their packets wait in lanes or not, and whenever
// somebody looks.
func TestLanes(t *testing.T) {
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		lanes, alone := newScene(outer), newScene(outer)
		both := func(play func(s *scene)) { play(lanes); play(alone) }
		g := newLaneSource(t)
		both(func(s *scene) {
			s.describes(1, caller, g.nanos, audio(alice))
			s.describes(1, callee, g.nanos, audio(bob))
		})
		for range rapid.IntRange(1, 300).Draw(t, "packets") {
			payload := g.next()
			p := lanes.packet(g.m.src, g.m.dst, g.nanos, payload)
			alone.frame = lanes.frame
			g.change(p)
			q := *p
			lanes.plain(p)
			alone.table.datagram(&q)
			what := rapid.IntRange(0, 200).Draw(t, "also")
			g.also(both, what)
			if what > 197 {
				compareStreams(t, lanes, alone)
			}
		}
		compareStreams(t, lanes, alone)
		if busy := lanes.table.lanes.busy(); busy > len(g.all) {
			t.Errorf("%d lanes of %d streams", busy, len(g.all))
		}
	})
}

func compareStreams(t *rapid.T, lanes, alone *scene) {
	got, want := lanes.table.publish(), alone.table.publish()
	if len(got) != len(want) {
		t.Fatalf("%d streams, alone %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("in lanes:\n%+v\nalone:\n%+v", *got[i], *want[i])
		}
	}
	if got, want := lanes.totals(), alone.totals(); got != want {
		t.Fatalf("in lanes %+v, alone %+v", got, want)
	}
	for ref, c := range alone.table.calls {
		if got := lanes.table.calls[ref].facts; got != c.facts {
			t.Fatalf("in lanes %+v, alone %+v", got, c.facts)
		}
	}
}

// A laneSource sends the packets of some streams, most of them steady.
type laneSource struct {
	t     *rapid.T
	all   []*source
	m     *source // of the packet at hand
	nanos int64
}

func newLaneSource(t *rapid.T) *laneSource {
	return &laneSource{t: t, nanos: sec, all: []*source{
		{src: alice, dst: bob, ssrc: 1, sequence: 65500}, {src: bob, dst: alice, ssrc: 2}, {src: alice, dst: bob, ssrc: 3, payloadType: 8},
		{src: mallet, dst: alice, ssrc: 4},
	}}
}

// next is the payload of the next packet.
func (g *laneSource) next() []byte {
	t := g.t
	g.m = g.all[rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3}).Draw(t, "stream")]
	g.nanos += rapid.SampledFrom([]int64{0, 10 * msec, 10 * msec, 10 * msec, 20 * msec, 200 * msec}).Draw(t, "passed")
	payload, usual, mark := 160, g.m.payloadType, false
	switch rapid.IntRange(0, 60).Draw(t, "odd") {
	case 0:
		g.nanos += rapid.SampledFrom([]int64{-2 * sec, -msec, 600 * msec, 6 * sec, 40 * sec, 70 * sec}).Draw(t, "jump")
	case 1:
		g.m.sequence += uint16(rapid.SampledFrom([]int{-20, -1, 1, 2, 50, 3000, 20000}).Draw(t, "numbers"))
	case 2:
		g.m.payloadType = rapid.SampledFrom([]uint8{101, 13, 8, 18}).Draw(t, "type")
	case 3:
		payload = rapid.SampledFrom([]int{0, 2, 80, 161, 1000}).Draw(t, "length")
	case 4:
		g.m.timestamp += rapid.SampledFrom([]uint32{1, 8000, 800000, 1 << 31}).Draw(t, "timestamp")
	case 5:
		mark = true
	}
	b := rtpPacket(g.m, payload)
	if mark {
		b[1] |= 0x80
	}
	g.m.payloadType = usual
	g.m.sequence++
	g.m.timestamp += 160
	return b
}

// change has a packet come another way now and then.
func (g *laneSource) change(p *decode.Packet) {
	p.FirstFrame, p.FirstNanos, p.LinkDirection, p.TTL, p.DSCP, p.OverheadIP = p.Frame, p.Nanos, 255, 60, 46, 28
	switch rapid.IntRange(0, 100).Draw(g.t, "way") {
	case 0:
		p.Duplicate = true
	case 1:
		p.TTL = 59
	case 2:
		p.DSCP, p.Duplicate = 0, rapid.Bool().Draw(g.t, "copy")
	case 3:
		p.OverheadIP = 52
	case 4:
		p.VLANs[0], p.VLANCount = 7, 1
	case 5:
		p.FirstFrame--
	case 6:
		p.WireLength += 40
		p.Cut = "snaplen"
	}
}

// also has something happen besides.
func (g *laneSource) also(both func(func(*scene)), what int) {
	switch what {
	case 0, 1:
		both(func(s *scene) { s.table.callEnded(callRef(1), g.nanos) })
	case 2:
		both(func(s *scene) { s.describes(1, callee, g.nanos, audio(bob)) })
	case 3:
		both(func(s *scene) { s.describes(2, caller, g.nanos, audio(alice)) })
	case 4:
		both(func(s *scene) { s.describes(1, caller, g.nanos, audio("192.0.2.1:4002")) })
	case 5:
		both(func(s *scene) { s.table.makeRoom("memory") })
	case 6:
		both(func(s *scene) { s.table.forget(callRef(1)); s.describes(3, callee, g.nanos, audio(bob)) })
	case 7, 8, 9, 10:
		report := receiverReport(g.all[0].ssrc, uint32(g.all[0].sequence-1))
		both(func(s *scene) { s.table.datagram(s.packet("198.51.100.2:5001", "192.0.2.1:4001", g.nanos, report)) })
	case 11, 12:
		var times []Attempt
		both(func(s *scene) {
			a := Attempt{Invited: 1, State: StateRinging}
			s.table.timeMedia(1, &a)
			times = append(times, a)
		})
		if !reflect.DeepEqual(times[0], times[1]) {
			g.t.Fatalf("%+v and %+v", times[0], times[1])
		}
	}
}

// receiverReport is a report (RFC 3550 §6.4.2) about a source.
func receiverReport(ssrc, highest uint32) []byte {
	b := make([]byte, 32)
	b[0], b[1], b[3] = 0x81, 201, 7
	binary.BigEndian.PutUint32(b[4:], 99)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	binary.BigEndian.PutUint32(b[16:], highest)
	return b
}

// Packets of a telephone call wait, all but those that are looked at.
func TestLanesAreUsed(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	s.travel(m, 0, 3)
	f := s.table.newest[1]
	for i := range 1000 {
		if f.lane == nil || f.lane.next != uint16(3+i) {
			t.Fatalf("packet %d does not wait", i)
		}
		s.travel(m, int64(3+i)*20*msec, 1)
	}
	a := Attempt{Invited: 1, State: StateRinging}
	if s.table.timeMedia(1, &a); f.lane.count != 0 || a.LastMedia != 1002*20*msec {
		t.Errorf("the latest packet of the call came at %d, %d wait", a.LastMedia, f.lane.count)
	}
	if got := s.only().Packets; got != 1003 {
		t.Errorf("%d packets", got)
	}
}

// travel sends n packets 20 ms apart, each as a Plain.
func (s *scene) travel(m *source, nanos int64, n int) {
	for i := range n {
		p := s.packet(m.src, m.dst, nanos+int64(i)*20*msec, rtpPacket(m, 160))
		p.FirstFrame, p.OverheadIP = p.Frame, 28
		s.plain(p)
		m.sequence++
		m.timestamp += 160
	}
}

// A stream that begins with a number that came before does not go on as another
// one of which packets wait.
func TestLanesAreSettledForTheNext(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	s.travel(m, 0, 60)
	if s.table.newest[1].lane.count == 0 {
		t.Fatal("nothing waits")
	}
	moved := &source{src: "198.51.100.2:5010", dst: alice, ssrc: 1, sequence: m.sequence - 1, timestamp: m.timestamp}
	s.travel(moved, 60*20*msec, 30)
	for _, v := range s.table.publish() {
		if v.Continues != 0 {
			t.Errorf("stream %d goes on as %d does", v.ID, v.Continues)
		}
	}
}

// More streams than there are lanes for are accounted all the same, and those
// that stopped give theirs away.
func TestLanesRunOut(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	const streams = mostLanes + 500
	all := make([]*source, streams)
	for i := range all {
		all[i] = &source{src: bob, dst: alice, ssrc: uint32(i + 1)}
		s.travel(all[i], 0, 2)
	}
	if busy := s.table.lanes.busy(); busy > mostLanes {
		t.Errorf("%d lanes", busy)
	}
	late := &source{src: bob, dst: alice, ssrc: 1 << 30}
	s.travel(late, 10*sec, 40)
	if s.table.newest[1<<30].lane == nil {
		t.Error("no lane became free")
	}
	for _, v := range s.table.publish() {
		want := uint64(2)
		if v.SSRC == 1<<30 {
			want = 40
		}
		if v.Packets != want {
			t.Fatalf("%d packets of %#x, want %d", v.Packets, v.SSRC, want)
		}
	}
}

// A packet that waits costs nothing.
func TestLanesAllocateNothing(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 1}
	s.travel(m, 0, 50)
	p := s.packet(m.src, m.dst, 50*20*msec, rtpPacket(m, 160))
	p.FirstFrame, p.OverheadIP = p.Frame, 28
	var d Plain
	var h rtp.Header
	step := func() {
		if !d.Pack(p) || !d.ReadMedia(&h) {
			t.Fatal("no RTP")
		}
		s.table.plainMedia(&d)
		p.Nanos += 20 * msec
		number := binary.BigEndian.Uint16(p.Payload[2:]) + 1
		binary.BigEndian.PutUint16(p.Payload[2:], number)
		binary.BigEndian.PutUint32(p.Payload[4:], uint32(number)*160)
	}
	if n := testing.AllocsPerRun(3000, step); n != 0 {
		t.Errorf("%g allocations for a packet", n)
	}
}
