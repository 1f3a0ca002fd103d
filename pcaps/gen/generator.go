package gen

import (
	"io"
	"math/rand/v2"
	"time"
)

// An actor does something at a moment and says when it wants to act again.
type actor interface {
	// act runs at its time. It returns the time of the next act, or done.
	act(g *generator, now int64) (next int64, err error)
}

// patience is longer than anyone waits for a response (RFC 3261 timer B, 32 s).
const patience = 33 * time.Second

// done is what an actor returns that has nothing left to do.
const done = int64(-1)

// A generator is the time line: it lets actors act in the order of their
// times and writes the frames they make.
type generator struct {
	o       Options
	file    *file
	queue   queue
	truth   *Truth
	last    int64 // time of the frame written last
	until   int64 // the capture has to last until then; see Mix.Timeout
	busy    int   // actors that are not noise
	scratch []byte
	tones   [2][]byte
}

// Write makes the capture that o describes and returns what is in it.
func Write(w io.Writer, o Options) (*Truth, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	f, err := newFile(w, o.PCAPNG)
	if err != nil {
		return nil, err
	}
	g := &generator{o: o, file: f, truth: &Truth{Totals: newTotals()}, tones: [2][]byte{tone(aLaw), tone(muLaw)}}
	g.start(&arrivals{random: g.random(0)}, o.Start.UnixMicro()*1000)
	if o.Flood > 0 {
		g.start(&flood{random: g.random(1 << 51)}, o.Start.UnixMicro()*1000)
	}
	if o.Noise > 0 {
		g.queue.push(o.Start.UnixMicro()*1000, newNoise(g))
	}
	if err := g.run(); err != nil {
		return nil, err
	}
	if g.last < g.until {
		if _, err := newNoise(g).act(g, g.until); err != nil {
			return nil, err
		}
	}
	return g.truth, f.close()
}

// random returns the dice of exchange n; 0 is for the arrivals.
func (g *generator) random(n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(g.o.Seed, n*0x9e3779b97f4a7c15+1))
}

func (g *generator) start(a actor, at int64) {
	g.busy++
	g.queue.push(at, a)
}

func (g *generator) run() error {
	for g.busy > 0 {
		now, a := g.queue.top()
		next, err := a.act(g, now)
		if err != nil {
			return err
		}
		if next == done {
			g.queue.pop()
			g.busy--
			continue
		}
		g.queue.delay(next)
	}
	return nil
}

// write puts one frame into the file, not before the one written last, and
// returns the time it was given.
func (g *generator) write(at int64, frame []byte) (int64, error) {
	at -= at % 1000
	if at < g.last {
		at = g.last
	}
	g.last = at
	t := &g.truth.Totals
	if t.Frames == 0 {
		t.First = moment(at)
	}
	t.Last = moment(at)
	t.Frames++
	t.Octets += uint64(len(frame))
	return at, g.file.frame(at, frame)
}

// writeUDP writes a frame that the capture may record twice and tells how
// many copies that made.
func (g *generator) writeUDP(at int64, frame []byte, r *rand.Rand) (int64, int, error) {
	at, err := g.write(at, frame)
	if err != nil || g.o.CaptureDuplicates == 0 || r.Float64() >= g.o.CaptureDuplicates {
		return at, 0, err
	}
	g.truth.Totals.DuplicateFrames++
	_, err = g.write(at+4000, frame)
	return at, 1, err
}

// release is called by each actor that adds to a call when it is done.
func (g *generator) release(c *Call) error {
	c.open--
	if c.open > 0 {
		return nil
	}
	t := &g.truth.Totals
	if c.Method == "REGISTER" {
		t.Registrations++
	} else {
		t.Calls++
	}
	t.States[c.State]++
	if c.State == timeout.state() || c.State == moved.state() {
		g.until = max(g.until, g.last+int64(patience))
	}
	for _, s := range c.Streams {
		t.Streams++
		t.Lost += uint64(s.Lost)
		t.Duplicates += uint64(s.Duplicates)
		t.Reordered += uint64(s.Reordered)
	}
	if g.o.OnCall != nil {
		return g.o.OnCall(c)
	}
	g.truth.Calls = append(g.truth.Calls, c)
	return nil
}

func moment(nanos int64) time.Time { return time.Unix(0, nanos).UTC() }

// arrivals starts one exchange after the other, at random distances.
type arrivals struct {
	random *rand.Rand
	count  int
}

func (a *arrivals) act(g *generator, now int64) (int64, error) {
	if a.count == g.o.Calls {
		return done, nil
	}
	a.count++
	begin(g, a.count, now)
	if a.count == g.o.Calls {
		return done, nil
	}
	return now + int64(a.random.ExpFloat64()/g.o.Rate*1e6)*1000, nil
}
