package srtp

import "slices"

// Limits of the search for a key and a rollover counter. Authentication of a
// packet of speech takes about half a µs, so a packet costs a few µs while
// the search lasts.
const (
	triesPerPacket = 8
	firstCounters  = 5    // rollover counters tried with every layout
	maxCounters    = 1024 // and with the announced one: 15 days of speech
	refusedAfter   = 32   // packets after which no key is said to fit
	seldom         = 256  // packets between two tries after all was tried
	lostAfter      = 8    // packets in a row after which a key that fitted is doubted
	maxContexts    = 16
)

// An Opener opens the packets of one SSRC with whichever of some keys fits.
// It finds the key, the layout and the rollover counter by authentication, a
// few tries with each packet, and follows the sequence numbers from there
// (RFC 3711 §3.3.1). Repeated packets open like others.
type Opener struct {
	contexts []*Context

	started bool
	highest int64 // sequence number, counted on from that of the first packet
	cycles  int64 // of the latest packet, see Follow

	found   bool
	context *Context
	layout  layout
	base    int64 // rollover counter of the first packet, or the first guess at it
	misses  int   // packets in a row that did not open since found

	cursor  int  // of the search
	swept   bool // everything was tried once
	tried   int  // packets it was given
	refused bool

	// Opened and Failed count the packets that were and were not opened.
	Opened, Failed uint64
}

// SetKeys gives the keys that may fit, the likeliest first. A key that fits
// already stays in use while it does.
func (o *Opener) SetKeys(contexts []*Context) {
	if o.context != nil && !slices.Contains(contexts, o.context) {
		contexts = append(slices.Clone(contexts), o.context)
	}
	contexts = contexts[:min(len(contexts), maxContexts)]
	if slices.Equal(o.contexts, contexts) {
		return
	}
	o.contexts = contexts
	o.restart()
	o.refused = false
}

// Rest lets the keys go, which take most of the memory. With SetKeys the
// opener goes on where it was.
func (o *Opener) Rest() {
	o.contexts, o.context, o.found = nil, nil, false
	o.restart()
}

// HasKeys reports whether there is a key to try.
func (o *Opener) HasKeys() bool { return len(o.contexts) > 0 }

// Follow takes the sequence number of the next packet and returns the number
// of times that the numbers began anew since the first packet. It has to be
// called for every packet, opened or not.
func (o *Opener) Follow(sequence uint16) (cycles int64) {
	if !o.started {
		o.started, o.highest = true, int64(sequence)
	}
	at := o.highest + int64(int16(sequence-uint16(o.highest)))
	o.highest = max(o.highest, at)
	o.cycles = at >> 16
	return o.cycles
}

// Wants reports whether the next packet should be opened by somebody who only
// wants to know whether the key fits: the first packets, then every 50th, and
// more when one fails.
func (o *Opener) Wants(packets uint64) bool {
	const first, every = 10, 50
	return len(o.contexts) > 0 && (!o.found || o.misses > 0 || o.Opened < first || packets%every == 0)
}

// Open opens a packet that Follow was called for. The result has the header
// in front and shares the memory of dst, whose capacity must be that of the
// packet. It is nil when no key fits.
func (o *Opener) Open(dst, packet []byte, cycles int64) []byte {
	plain := o.open(dst, packet, cycles)
	if plain != nil {
		o.Opened++
		return plain
	}
	o.Failed++
	return nil
}

func (o *Opener) open(dst, packet []byte, cycles int64) []byte {
	if !o.found {
		return o.search(dst, packet, cycles)
	}
	if plain := o.try(dst, packet, o.context, o.layout, o.base+cycles); plain != nil {
		o.misses = 0
		return plain
	}
	for _, c := range o.contexts { // a new master key, with the same counter
		if c == o.context {
			continue
		}
		if plain := o.try(dst, packet, c, c.layouts[0], o.base+cycles); plain != nil {
			o.context, o.layout, o.misses = c, c.layouts[0], 0
			return plain
		}
	}
	o.misses++
	if o.misses < lostAfter {
		return nil
	}
	o.misses = 0
	for _, jump := range [...]int64{1, -1, 2} { // a long silence, or numbers that began anew
		if plain := o.try(dst, packet, o.context, o.layout, o.base+jump+cycles); plain != nil {
			o.base += jump
			return plain
		}
	}
	o.found = false
	o.restart()
	return nil
}

func (o *Opener) restart() { o.cursor, o.swept, o.tried = 0, false, 0 }

func (o *Opener) try(dst, packet []byte, c *Context, l layout, roc int64) []byte {
	if roc < 0 || roc > 1<<32-1 {
		return nil
	}
	plain, err := c.decrypt(dst, packet, l, uint32(roc))
	if err != nil {
		return nil
	}
	return plain
}

// search makes some of the tries that lie ahead.
func (o *Opener) search(dst, packet []byte, cycles int64) []byte {
	o.tried++
	if o.swept && o.tried%seldom != 0 {
		return nil
	}
	if o.exhausted() {
		o.cursor = 0
	}
	for tries := triesPerPacket; tries > 0 && !o.exhausted(); tries-- {
		c, l, roc := o.attempt()
		o.cursor++
		if c == nil {
			tries++
			continue
		}
		if plain := o.try(dst, packet, c, l, roc+cycles); plain != nil {
			o.found, o.refused, o.misses = true, false, 0
			o.context, o.layout, o.base = c, l, roc
			return plain
		}
	}
	o.swept = o.swept || o.exhausted()
	o.refused = o.refused || o.tried >= refusedAfter
	return nil
}

// maxLayouts is how many layouts a Context has at most.
const maxLayouts = 4

// exhausted reports whether everything was tried.
func (o *Opener) exhausted() bool {
	n := len(o.contexts)
	return o.cursor >= n*maxLayouts*firstCounters+n*(maxCounters-firstCounters+1)
}

// attempt is what the cursor stands for: first the counter that fitted before
// and the small ones with every layout, then the large ones with the announced
// layout. The context is nil when there is nothing
// to try at this place.
func (o *Opener) attempt() (c *Context, l layout, roc int64) {
	n := len(o.contexts)
	c = o.contexts[o.cursor%n]
	step := o.cursor / n
	if few := maxLayouts * firstCounters; step >= few {
		return c, c.layouts[0], int64(step - few + firstCounters - 1)
	}
	which := step % maxLayouts
	if which >= len(c.layouts) {
		return nil, layout{}, 0
	}
	switch k := int64(step / maxLayouts); {
	case k == 0:
		return c, c.layouts[which], o.base
	case k-1 != o.base:
		return c, c.layouts[which], k - 1
	}
	return nil, layout{}, 0
}

// Found returns the key in use, and nil until one fits.
func (o *Opener) Found() *Context {
	if !o.found {
		return nil
	}
	return o.context
}

// Counter returns the rollover counter of the latest packet; ok is false
// until a key fits.
func (o *Opener) Counter() (roc uint32, ok bool) {
	return uint32(o.base + o.cycles), o.found
}

// Refused reports whether no key fits: enough packets were tried in vain.
// The search goes on at a lower rate, so that it may cease to be true.
func (o *Opener) Refused() bool { return o.refused && !o.found }
