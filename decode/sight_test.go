package decode

import (
	"slices"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/wire"
)

// frameLists writes down which frames a message came in.
type frameLists struct{ lists [][]int }

func (f *frameLists) Message(p *Packet) {
	f.lists = append(f.lists, append([]int{p.Frame}, p.Fragments...))
}
func (f *frameLists) Datagram(p *Packet) { f.Message(p) }

// frameOf is a frame of raw IP.
func frameOf(number int, b []byte) *capture.Frame {
	return &capture.Frame{Number: number, Nanos: int64(number) * millisecond, Data: b, Length: len(b), LinkType: linkRaw}
}

// TestFragmentFrames sends the fragments of two datagrams by turns, then a
// datagram that is whole.
func TestFragmentFrames(t *testing.T) {
	for _, asked := range []bool{true, false} {
		var h frameLists
		d := New(Config{Fragments: asked}, &h)
		n := 0
		send := func(b []byte) {
			n++
			d.Frame(frameOf(n, b))
		}
		a, b := sipFragments(1), sipFragments(2)
		for i := range a {
			send(a[i])
			send(b[len(b)-1-i])
		}
		send(fragmentHeaderOf(3).Packet(wire.UDP(5060, 5060, []byte(sipText))))
		want := [][]int{{2*len(a) - 1}, {2 * len(a)}, {2*len(a) + 1}}
		for i := range a {
			if asked {
				want[0], want[1] = append(want[0], 2*i+1), append(want[1], 2*i+2)
			}
		}
		if !slices.EqualFunc(h.lists, want, slices.Equal[[]int]) {
			t.Errorf("asked %v: %v, want %v", asked, h.lists, want)
		}
	}
}

// A datagram of which a fragment is missing knows the frames of the others.
func TestFragmentFramesLost(t *testing.T) {
	var h frameLists
	d := New(Config{Fragments: true}, &h)
	for i, b := range sipFragments(1)[:2] {
		d.Frame(frameOf(i+1, b))
	}
	d.Flush()
	if len(h.lists) != 1 || !slices.Equal(h.lists[0][1:], []int{1, 2}) {
		t.Errorf("%v", h.lists)
	}
}

// TestSegments wants to be told of every segment, without its octets.
func TestSegments(t *testing.T) {
	var seen []int
	d := New(Config{Segments: func(p *Packet) {
		if p.Payload != nil || p.Src.Port() != 5060 || p.Transport != TCP {
			t.Errorf("%+v", p)
		}
		seen = append(seen, p.Frame)
	}}, &frameLists{})
	h := wire.IP{Src: insideV4a, Dst: insideV4b, ID: 1, Protocol: 6}
	for i, payload := range []string{"", invite[:20], invite[20:]} {
		segment := make([]byte, 20, 20+len(payload))
		segment[0], segment[1], segment[2], segment[3] = 5060>>8, 5060&0xff, 5070>>8, 5070&0xff
		segment[7] = byte(i * 20)
		segment[12], segment[13] = 5<<4, tcpAck
		h.ID++
		d.Frame(frameOf(i+1, h.Packet(append(segment, payload...))))
	}
	if !slices.Equal(seen, []int{1, 2, 3}) {
		t.Errorf("%v", seen)
	}
}
