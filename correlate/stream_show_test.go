package correlate

import (
	"fmt"
	"slices"
	"testing"
)

// The observer gets the blocks of RED as the packets that they stand for, by
// the formats of RFC 2198: headers of four octets, the primary one last.
func TestBlocksAreShown(t *testing.T) {
	s := newScene(t)
	s.describes(1, caller, 0, describe(alice, "m=audio PORT RTP/AVP 121 0", "a=rtpmap:121 red/8000", "a=fmtp:121 0/0"))
	var got []string
	s.table.observe = func(m *MediaPacket) {
		got = append(got, fmt.Sprintf("%d %d %s/%d %v %d", m.SequenceNumber, m.Timestamp, m.Codec, m.ClockRate, m.Redundant, m.Payload[0]))
	}
	m := &source{src: bob, dst: alice, ssrc: 1, payloadType: 121, sequence: 7, timestamp: 1600}
	s.deliver(m, sec, false, redundant(0, nil, slices.Repeat([]byte{1}, 160)))
	m.sequence++ // 8 is lost
	m.timestamp += 320
	s.deliver(m, sec+40*msec, false, redundant(0, slices.Repeat([]byte{2}, 160), slices.Repeat([]byte{3}, 160)))
	m.timestamp += 160
	s.deliver(m, sec+60*msec, false, redundant(0, []byte{}, slices.Repeat([]byte{4}, 160)))
	want := []string{"7 1600 PCMU/8000 false 1", "8 1760 PCMU/8000 true 2", "9 1920 PCMU/8000 false 3", "10 2080 PCMU/8000 false 4"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	got = nil
	s.deliver(m, sec+80*msec, false, []byte{0xFF, 0xFF, 0xFF, 0xFF}) // no RED
	if want := []string{"11 2080 red/8000 false 255"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
