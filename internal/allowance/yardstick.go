package allowance

import (
	"slices"
	"sync"
	"time"
)

// Yardstick is how long one core of the nominal machine, a common server, needs for
// the yardstick.
const Yardstick = 25 * time.Millisecond

const (
	yardNumbers = 1 << 16 // that are sorted
	yardPlaces  = 1 << 23 // in memory, more than caches hold
	yardSteps   = 1 << 17 // from place to place
	yardRuns    = 3
)

// measureYardstick is the mean of a few runs. The yardstick is some of what the
// program does most: comparing, and following what is spread over memory. It
// allocates nothing, so that it does not depend on what else the process holds.
func measureYardstick() (mean spent) {
	yard.lock.Lock()
	defer yard.lock.Unlock()
	yard.prepare()
	s := spend(func() {
		for range yardRuns {
			yard.run()
		}
	})
	return spent{processor: s.processor / yardRuns, clock: s.clock / yardRuns}
}

// yard is the memory of the yardstick.
var yard yardstick

type yardstick struct {
	lock    sync.Mutex
	numbers [yardNumbers]uint32
	next    []uint32 // of each place, that which is visited after it
	random  uint32
	at      uint32
}

func (y *yardstick) prepare() {
	if y.next != nil {
		return
	}
	y.random = 2463534242
	y.next = make([]uint32, yardPlaces)
	for i := range y.next {
		y.next[i] = y.draw() % yardPlaces
	}
}

// draw is a number of a simple generator (xorshift).
func (y *yardstick) draw() uint32 {
	y.random ^= y.random << 13
	y.random ^= y.random >> 17
	y.random ^= y.random << 5
	return y.random
}

func (y *yardstick) run() {
	for i := range y.numbers {
		y.numbers[i] = y.draw()
	}
	slices.Sort(y.numbers[:])
	for i := range uint32(yardSteps) {
		y.at = y.next[(y.at+i)%yardPlaces]
	}
}
