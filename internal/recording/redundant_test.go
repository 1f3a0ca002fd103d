package recording

import "testing"

// repeat says what an earlier packet said, as a later one brings it along.
func (k *talker) repeat(ago int, payload []byte) {
	before := k.m
	k.m.Redundant, k.m.Payload = true, payload
	k.m.SequenceNumber -= uint16(ago)
	k.m.Timestamp -= uint32(ago) * k.step
	k.c.Media(&k.m)
	k.m = before
}

// Lost packets that a later one brings along are played where they belong;
// what came itself is not played twice.
func TestRedundancyIsPlayed(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "L16", 8000)
	for n := range 50 {
		if n == 20 || n == 30 || n == 31 { // 30 is gone for good
			k.skip()
			continue
		}
		if n > 0 {
			k.repeat(1, numbered(n-1))
		}
		k.say(numbered(n))
	}
	r, caller, _ := hear(t, c, Options{Silence: true})
	wantCount(t, caller, 0, 30*160, 1)
	wantSilence(t, caller, 30*160, 31*160)
	wantCount(t, caller, 31*160, 50*160, 31*160+1)
	if s := r.Sides[Caller].Sources[0]; s.Packets != 49 || s.Lost != 1 || s.Redundant != 2 || s.Overlapped != 0 {
		t.Errorf("%+v", s)
	}
}

// A packet that comes after its copy is the one that counts.
func TestLatePacketBeforeItsCopy(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "L16", 8000)
	k.say(numbered(0))
	late := k.m
	k.skip()
	k.repeat(1, numbered(7))
	k.say(numbered(2))
	late.Payload = numbered(1)
	late.Nanos = k.m.Nanos
	c.Media(&late)
	k.say(numbered(3))
	r, caller, _ := hear(t, c, Options{Silence: true})
	wantCount(t, caller, 0, 4*160, 1)
	if s := r.Sides[Caller].Sources[0]; s.Redundant != 0 || s.Packets != 4 {
		t.Errorf("%+v", s)
	}
}
