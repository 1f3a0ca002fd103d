package correlate

import (
	"reflect"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// To say what comes next changes nothing, whatever comes then: numbers missing,
// descriptions in between, streams that left and others in their lanes.
func TestExpect(t *testing.T) {
	told, plain := NewTracker(Config{}), NewTracker(Config{})
	scenes := [...]*scene{{t: t, table: told.streams}, {t: t, table: plain.streams}}
	sources := make([]source, 2*manyLanes)
	for i := range sources {
		sources[i] = source{src: bob, dst: alice, ssrc: uint32(i + 1)}
	}
	looked := 0
	for round := range 60 {
		nanos := int64(round) * sec
		for _, s := range scenes {
			switch round % 10 {
			case 0:
				s.describes(1, caller, nanos, audio(alice))
			case 5:
				s.table.makeRoom("memory")
			}
		}
		packets := expected(scenes[0], sources, nanos)
		if told.LooksAhead() {
			looked++
		}
		for i := range packets {
			told.Expect(&packets[i])
		}
		told.Fetch()
		if round%10 == 7 { // what was expected is no longer so
			for _, s := range scenes {
				s.table.callEnded(callRef(1), nanos)
				s.table.makeRoom("memory")
			}
		}
		for i := range packets {
			p := packets[i]
			p.lane = nil
			told.Media(&packets[i])
			plain.Media(&p)
		}
	}
	got, want := told.Publish(), plain.Publish()
	if len(got.Streams) < len(sources)/2 || len(got.Streams) != len(want.Streams) || looked == 0 {
		t.Fatalf("%d streams, untold %d; looked ahead %d times", len(got.Streams), len(want.Streams), looked)
	}
	for i := range want.Streams {
		if !reflect.DeepEqual(got.Streams[i], want.Streams[i]) {
			t.Errorf("told:\n%+v\nuntold:\n%+v", *got.Streams[i], *want.Streams[i])
		}
	}
}

// expected is a second of packets of all sources, of which one in fifty is missing.
func expected(s *scene, sources []source, nanos int64) []Plain {
	var all []Plain
	var h rtp.Header
	for i := range 50 * len(sources) {
		m := &sources[i%len(sources)]
		b := rtpPacket(m, 160)
		m.sequence++
		m.timestamp += 160
		if i%53 == 0 {
			continue
		}
		p := s.packet(m.src, m.dst, nanos+int64(i/len(sources))*20*msec, b)
		p.FirstFrame, p.OverheadIP, p.Transport = p.Frame, 28, decode.UDP
		var d Plain
		if !d.Pack(p) || !d.ReadMedia(&h) {
			s.t.Fatal("no RTP")
		}
		all = append(all, d)
	}
	return all
}
