package correlate

import (
	"math"
	"testing"

	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
)

// One packet of 200 in fifty is missing: vector 4 of spec §6.9.
func TestStreamScore(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, audio(alice))
	s.describes(1, callee, 0, audio(bob))
	m := &source{src: alice, dst: bob, ssrc: 7, payloadType: 8}
	for i := range 500 {
		if i%50 != 25 {
			s.table.datagram(s.packet(m.src, m.dst, sec+int64(i)*20*msec, rtpPacket(m, 160)))
		}
		m.sequence++
		m.timestamp += 160
	}
	got := s.only().Score
	if !got.Known || math.Abs(got.MOS-4.235) > 0.0005 || got.Entry.Name != "PCMA" {
		t.Errorf("%+v", got)
	}
}

func TestStreamScoreByAnotherBuffer(t *testing.T) {
	s := newScene(t)
	wanted := quality.BufferModel{Delay: 90 * msec, Max: 200 * msec}
	s.table.buffer, s.table.scorer = &wanted, mos.Scorer{Fixed: true}
	s.describes(1, caller, 0, audio(alice))
	m := &source{src: bob, dst: alice, ssrc: 7, payloadType: 0}
	s.talk(m, sec, 100)
	if got := s.only(); got.Quality.Buffers[0].Model != wanted || got.Score.Buffer != "f90" {
		t.Errorf("scored by %q of %+v", got.Score.Buffer, got.Quality.Buffers[0].Model)
	}
}

// The frame types of RFC 4867: octet-aligned the second octet is F, FT, Q and
// padding; bandwidth-efficient the four bits of CMR come first.
func TestAMRModes(t *testing.T) {
	for _, v := range []struct {
		name    string
		fmtp    string
		payload []byte
		mode    int
	}{
		{"aligned, 12.2", "octet-align=1; mode-set=7", []byte{0xF0, 7<<3 | 4, 1}, 7},
		{"aligned, silence", "mode-set=0,7;octet-align=1", []byte{0xF0, 8<<3 | 4}, 8},
		{"compact, 12.2", "", []byte{0xF0 | 7>>1, 7&1<<7 | 0x40}, 7},
		{"compact, 4.75", "mode-set=0", []byte{0x70, 0x40}, 0},
		{"compact, 10.2", "octet-align=0", []byte{0xF3, 0x40}, 6},
		{"cut", "", []byte{0xF0}, -1},
	} {
		if got := amrModeOf(v.fmtp).of(v.payload); got != v.mode {
			t.Errorf("%s: mode %d, want %d", v.name, got, v.mode)
		}
	}
	var m *modes
	if m.most() != -1 || (&modes{}).most() != -1 || (&modes{8: 9, 15: 100, 7: 3}).most() != 8 {
		t.Error("the mode of most frames is wrong")
	}
}

func TestParameterOf(t *testing.T) {
	for fmtp, want := range map[string]uint32{
		"maxplaybackrate=16000; stereo=0": 16000, "stereo=0;MaxPlaybackRate = 8000": 8000, "": 0,
		"maxplaybackrate": 0, "xmaxplaybackrate=5": 0, "maxplaybackrate=99999999999": 0,
	} {
		if got := parameterOf(fmtp, "maxplaybackrate"); got != want {
			t.Errorf("%q: %d, want %d", fmtp, got, want)
		}
	}
}
