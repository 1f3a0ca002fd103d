package b2bua

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Calls writes calls of three legs, and beside them those that the border
// controller refuses or the PBX answers, until there are as many as asked for.
func Calls(o Options) *Scene {
	r := rand.New(rand.NewPCG(o.Seed, 1))
	n, s := newNetwork(r), &Scene{Calls: map[string]int{}}
	nanos, made := Start, 0
	for number := 1; made < o.Calls; number++ {
		p := &path{network: n, s: s, number: number, helper: o.Helper}
		p.choose()
		again := p.write(nanos)
		made += full(p)
		switch {
		case again != 0 && n.chance(redialled):
			number++
			made += n.repeat(p, number, again+second+n.about(2*second, 0.7))
		case n.chance(twins):
			number++
			made += n.repeat(p, number, nanos+n.about(40*ms, 1))
		}
		nanos += int64(r.ExpFloat64() * float64(second) / o.PerSecond)
	}
	return s.sorted()
}

func full(p *path) int {
	if len(p.legs) >= 3 {
		return 1
	}
	return 0
}

// repeat is another call between the numbers of one.
func (n *network) repeat(of *path, number int, nanos int64) int {
	p := &path{network: n, s: of.s, number: number, helper: of.helper, caller: of.caller, callee: of.callee}
	p.identify()
	p.write(nanos)
	return full(p)
}

func (p *path) choose() {
	p.caller, p.callee = pick(p.r, p.customers), pick(p.r, p.lines)
	if p.chance(fromCompany) {
		p.caller = pick(p.r, p.companies)
	}
	if p.chance(toHotline) {
		p.callee = pick(p.r, p.hotlines)
	}
	p.identify()
}

func (p *path) identify() { p.ids = [2]string{hexes(p.r, 32), hexes(p.r, 32)} }

func (s *Scene) sorted() *Scene {
	slices.SortStableFunc(s.Packets, func(a, b Packet) int { return cmp.Compare(a.Nanos, b.Nanos) })
	return s
}

// Unrelated writes calls between two hosts, in both directions: two sites
// that call each other. None of them belongs to another. Numbers come again
// and again, people try again, and some do not show their number.
func Unrelated(o Options) *Scene {
	r := rand.New(rand.NewPCG(o.Seed, 2))
	n, s := newNetwork(r), &Scene{Calls: map[string]int{}}
	sites := [2]*host{
		{addr: at("192.0.2.%d", 50, 5060), agent: "PBX 18.2", origin: "-", codecs: "8 0 101", style: plus, callID: uuidAtHost, hops: 70},
		{addr: at("192.0.2.%d", 60, 5060), agent: "PBX 18.2", origin: "-", codecs: "8 0 101", style: national, callID: uuid, hops: 70},
	}
	people := [2][]number{n.numbers(150), n.numbers(150)}
	nanos, direction := Start, 0
	var caller, callee number
	for number := 1; number <= o.Calls; number++ {
		if number == 1 || !n.chance(0.05) { // else the same two again, the same way
			direction = r.IntN(2)
			caller, callee = pick(r, people[direction]), pick(r, people[1-direction])
			if n.chance(fromCompany) {
				caller = people[direction][0]
			}
		} else if n.chance(0.2) { // or a call back
			direction, caller, callee = 1-direction, callee, caller
		}
		p := &path{network: n, s: s, number: number, helper: o.Helper, caller: caller, callee: callee}
		p.identify()
		l := p.hop(sites[direction], sites[1-direction], nanos)
		if n.chance(anonymous) {
			p.hide(l, false)
		}
		l.invite(nanos)
		p.legs = []*leg{l}
		p.outcome(nil)
		nanos += int64(r.ExpFloat64() * float64(second) / o.PerSecond)
	}
	return s.sorted()
}

// String says how much there is.
func (s *Scene) String() string {
	return fmt.Sprintf("%d messages of %d legs", len(s.Packets), len(s.Calls))
}
