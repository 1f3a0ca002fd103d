package correlate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// Candidates that stopped long ago stand behind those that go on, and a
// description looks at a few of them only.
func TestOldCandidatesAreNotLookedAt(t *testing.T) {
	s := newScene(t)
	for i := range maxCandidates - 3 {
		s.talk(&source{src: bob, dst: alice, ssrc: uint32(i)}, int64(i)*1000, 2)
	}
	first := &source{src: bob, dst: alice, ssrc: 1 << 20}
	for _, nanos := range []int64{0, 10 * sec, 20 * sec, 29 * sec} { // it began with the others
		s.talk(first, nanos, 2)
	}
	s.talk(&source{src: bob, dst: alice, ssrc: 2 << 20}, 25*sec, 2)

	looked := 0
	head := s.table.waiting.byDst[s.packet(bob, alice, 0, nil).Dst]
	found := recent(nil, head, func(f *flow) *addressLink { looked++; return dstLink(f) }, 30*sec-lateSDP)
	if len(found) != 2 || looked > 2+maxMissed {
		t.Errorf("%d found after a look at %d", len(found), looked)
	}
	s.describes(1, caller, 30*sec, audio(alice))
	if got := s.table.publish(); len(got) != 2 || got[0].SSRC != 1<<20 || got[1].SSRC != 2<<20 || got[0].Packets != 8 {
		t.Errorf("%d streams", len(got))
	}
}

// Whatever the flows and their pauses, a description explains those that sent
// something in the last ten seconds.
func TestAdoptedAreThoseOfTheLastTenSeconds(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := newScene(t)
		last := make(map[uint32]int64)
		sources := make([]*source, 300)
		for i := range sources {
			sources[i] = &source{src: fmt.Sprintf("198.51.100.2:%d", 5000+2*rnd.IntN(20)), dst: alice, ssrc: uint32(i)}
		}
		now := int64(0)
		for range 2000 {
			now += rnd.Int64N(40 * msec)
			m := sources[rnd.IntN(len(sources))]
			if rnd.IntN(3) > 0 {
				m = sources[rnd.IntN(10)]
			}
			s.send(m, now)
			last[m.ssrc] = now
		}
		s.describes(1, caller, now, audio(alice))
		var want, got []uint32
		for ssrc, nanos := range last {
			if nanos >= now-lateSDP {
				want = append(want, ssrc)
			}
		}
		for _, x := range s.table.publish() {
			got = append(got, x.SSRC)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: %d streams, want %d", seed, len(got), len(want))
		}
	}
}

// BenchmarkAdopt describes an address again and again that thousands of flows
// were once sent to.
func BenchmarkAdopt(b *testing.B) {
	s := &scene{t: b, table: newStreamTable(0)}
	for i := range maxCandidates {
		s.talk(&source{src: bob, dst: alice, ssrc: uint32(i)}, int64(i)*1000, 2)
	}
	nanos := 60 * sec
	for b.Loop() {
		nanos += sec
		s.describes(1, caller, nanos, audio(alice))
	}
}
