package correlate

import (
	"encoding/binary"
	"slices"
	"testing"
)

// play sends seconds of packets of 20 ms with a payload made of octets in turn.
func (s *scene) play(m *source, seconds int, octets ...byte) {
	for i := range 50 * seconds {
		b := rtpPacket(m, 160)
		for j := range 160 {
			b[12+j] = octets[j%len(octets)]
		}
		binary.BigEndian.PutUint32(b[4:], m.timestamp)
		s.table.datagram(s.packet(m.src, m.dst, sec+int64(i)*20*msec, b))
		m.sequence++
		m.timestamp += 160
	}
}

// The octets of µ-law: 0xFF is 0, 0x7F is 0 as well, 0x00 is the loudest, and
// 0xF0 is 120 of 32768, -48.7 dBov; 0xF4 is 88, -51.4 dBov.
func TestSampled(t *testing.T) {
	for name, tt := range map[string]struct {
		payloadType uint8
		octets      []byte
		want        Sampled
	}{
		"digital":           {0, []byte{0xFF}, Sampled{20, 20, 20}},
		"minus zero":        {0, []byte{0x7F}, Sampled{20, 20, 20}},
		"loud":              {0, []byte{0x00, 0x80}, Sampled{20, 0, 0}},
		"quiet":             {0, []byte{0xF4, 0x74}, Sampled{20, 20, 0}},
		"not quite":         {0, []byte{0xF0, 0x70}, Sampled{20, 0, 0}},
		"a-law, digital":    {8, []byte{0xD5}, Sampled{20, 20, 20}},
		"a-law, loud":       {8, []byte{0xAA, 0x2A}, Sampled{20, 0, 0}},
		"of unknown sounds": {18, []byte{0xFF}, Sampled{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 0 8 18"))
			s.describes(1, callee, 0, describe(bob, "m=audio PORT RTP/AVP 0 8 18"))
			s.play(&source{src: alice, dst: bob, ssrc: 1, payloadType: tt.payloadType}, 10, tt.octets...)
			if got := s.only().Sampled; got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// A switch changes the priority between two places where packets are captured.
func TestCopyDSCP(t *testing.T) {
	s := newScene(t)
	s.described()
	m := &source{src: alice, dst: bob, ssrc: 1}
	for i := range int64(3) {
		p := s.packet(alice, bob, sec+i*20*msec, rtpPacket(m, 160))
		p.DSCP = 46
		s.table.datagram(p)
		p.Duplicate = true
		if i == 2 {
			p.DSCP = 0
		}
		s.table.datagram(p)
		m.sequence++
	}
	if got := s.only(); !slices.Equal(got.CopyDSCP, []uint8{0}) || !slices.Equal(got.DSCP, []uint8{46}) || got.DSCPChanges != 0 {
		t.Errorf("copies %v, of %v", got.CopyDSCP, got.DSCP)
	}
}
