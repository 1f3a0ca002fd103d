package correlate

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
	"time"

	"sipsniff/correlate/legs"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// Config sets the limits of a Tracker. Zero values mean the defaults.
type Config struct {
	// Live says that packets come as they happen: when their times fall back, a
	// clock was set. Otherwise they are out of order.
	Live bool

	MaxCalls   int   // calls that are remembered; 200 000
	MaxMemory  int64 // octets that calls and streams may take; 1 GiB
	MaxStreams int   // streams that are remembered; 100 000

	// Scorer rates the streams. Buffer, when set, takes the place of the
	// de-jitter buffer f60 that they are put through.
	Scorer mos.Scorer
	Buffer *quality.BufferModel
	// LegHeaders link legs besides those that are known, see legs.NewReader.
	LegHeaders []legs.Header

	// Tones listens for keys in the sound of G.711 (spec §5.10).
	Tones bool

	// Secrets open DTLS-SRTP; nil when there are none.
	Secrets Secrets

	// InterfaceName names the interface of a packet by decode.Packet.Source
	// and Interface; "" is unknown.
	InterfaceName func(source int, index int32) string

	// Again reads octets of the capture once more, by decode.Packet.Source and
	// Offset; nil when that is impossible. Texts of messages that can be read
	// again are not held for longer than the call goes on.
	Again func(source int, offset int64, piece []byte) error

	// Media, when set, gets every packet of every stream, each stream in the
	// order of the capture, decrypted where a key is known. Packets from before
	// the description that explains them come with it, the latest 512 of a
	// stream at most; those that came without a call before come again then.
	Media func(*MediaPacket)

	// Levels measures how loud the streams are whose codec is decoded at
	// little cost: G.711, G.722, GSM 06.10 and L16.
	Levels bool

	// Listener hears of calls as they go on; nil when nobody listens. The
	// Tracker lets go of the calls that it has told of.
	Listener Listener
	// Linger is how long a call has been finished and silent, in packet time,
	// when the Listener is told; 0 means DefaultLinger.
	Linger time.Duration

	// DecryptAll decrypts every packet of secure streams, as Media does.
	// Otherwise the first ten of each stream and every fiftieth are, which
	// tells whether the key fits at a hundredth of the cost.
	DecryptAll bool
}

// The defaults of Config.
const (
	defaultMaxCalls  = 200_000
	defaultMaxMemory = 1 << 30
)

func (c Config) withDefaults() Config {
	if c.MaxCalls <= 0 {
		c.MaxCalls = defaultMaxCalls
	}
	if c.MaxMemory <= 0 {
		c.MaxMemory = defaultMaxMemory
	}
	if c.Linger <= 0 {
		c.Linger = DefaultLinger
	}
	return c
}

// A Tracker puts messages and packets together to calls and streams. One
// goroutine feeds it; Snapshot may be called from anywhere.
//
// Its clock is the latest capture time that it was shown. What it publishes
// after a capture depends on that capture and not on when Publish was called.
type Tracker struct {
	config  Config
	streams *streamTable
	hash    hasher

	calls     map[string]*callRecord // by Call-ID
	pairs     map[addressPair]*callRecord
	records   map[int]*callRecord // by index
	order     []*callRecord       // in the order of their first message, evicted ones too
	views     []*Call             // what was published of them, nil when evicted
	unsorted  bool                // a call began before one in front of it
	changed   []*callRecord       // those that have to be published anew
	spares    spares              // working memories for calls to come
	branches  branchTable
	relations relationIndex
	timers    timerQueue
	freezes   int64 // the clock when a call may have to be frozen
	ahead     outlook

	known      crowd // see rank
	hailed     crowd
	strangers  crowd
	ends       lingering
	live, gone int
	index      int // of the latest call
	memory     int64
	evicted    uint64
	limit      string

	legReader *legs.Reader
	linker    *legs.Linker
	flushed   bool // the capture is over: all joins are found anew

	totals      totals
	texts       *texts // nil: they are held
	piece       piece
	packer      packer
	links       *linkTable
	msrp        msrpTable
	interfaces  interfaces
	bindings    bindingTable
	pending     pendingReports
	input       Input
	started     bool
	first, last int64 // Unix ns
	touched     bool  // something came since the last Publish
	published   atomic.Pointer[Snapshot]
}

// NewTracker returns a Tracker that knows nothing yet.
func NewTracker(c Config) *Tracker {
	c = c.withDefaults()
	t := &Tracker{
		config:    c,
		streams:   newStreamTable(c.MaxStreams),
		calls:     make(map[string]*callRecord),
		pairs:     make(map[addressPair]*callRecord),
		records:   make(map[int]*callRecord),
		totals:    newTotals(),
		links:     newLinkTable(),
		msrp:      newMSRPTable(),
		legReader: legs.NewReader(c.LegHeaders), linker: legs.New(),
	}
	t.hash.SetSeed(maphash.MakeSeed())
	t.streams.maxMemory = c.MaxMemory / 2
	t.streams.voices.limit(t.streams.maxMemory)
	t.streams.levels = c.Levels
	t.streams.secrets, t.streams.observe, t.streams.openAll = c.Secrets, c.Media, c.DecryptAll
	t.streams.tones = c.Tones
	t.streams.scorer, t.streams.buffer = c.Scorer, c.Buffer
	t.streams.named = t.named
	t.interfaces.name = c.InterfaceName
	if c.Again != nil {
		t.texts = &texts{again: c.Again}
	}
	t.published.Store(&Snapshot{})
	return t
}

// Message takes one SIP message. m.Raw must be a string of its own, not one
// that the reader of the capture writes over; the rest of m may be used again.
func (t *Tracker) Message(p *decode.Packet, m *sip.Message) {
	t.Advance(p.Nanos)
	t.touched = true
	t.totals.message(p, m)
	t.links.message(p, m)
	r := t.record(p, m)
	t.thaw(r)
	kept := t.keep(r, p, m)
	e := t.event(kept, m)
	e.copied, e.fresh = p.Duplicate, true
	if m.IsRequest() {
		t.noteBranch(r, t.hash.branch(m, e.hop))
	}
	t.unsorted = t.unsorted || len(r.events) > 0 && r.precedes(&e, &r.events[0])
	r.add(e)
	r.heard, r.stamp = t.clock(), p.Nanos
	if !r.stale || r.count() <= resortLimit {
		r.settle(t.nowOf(r))
	}
	t.announceSession(r, kept, p.Duplicate)
	t.deviceReports(r, kept, p, m)
	t.bindings.message(p, m, r.index)
	t.relate(r, &e, m)
	t.account(r, kept.size()+eventOverhead)
	r.acquaint(&e)
	t.follow(r)
	t.enforce(r)
}

// Datagram takes what may be media.
func (t *Tracker) Datagram(p *decode.Packet) {
	t.Advance(p.Nanos)
	t.touched = true
	known := t.streams.order
	t.streams.datagram(p)
	if t.streams.order != known { // a flow began
		t.enforce(nil)
	}
}

// Media takes an RTP packet as Datagram does, with its header read already:
// its payload is only looked at where its content matters.
func (t *Tracker) Media(p *Plain) {
	t.Advance(p.Nanos)
	t.touched = true
	known := t.streams.order
	t.streams.plainMedia(p)
	if t.streams.order != known {
		t.enforce(nil)
	}
}

// Advance moves the clock: timers of the calls fire by the time of packets.
// Times that are a little older than the latest one change nothing but
// Snapshot.First.
func (t *Tracker) Advance(nanos int64) {
	if !t.started || nanos < t.first {
		t.first = nanos
	}
	if !t.started || nanos > t.last {
		t.last, t.touched = nanos, true
	}
	t.started = true
	t.ends.see(nanos)
	for r := t.timers.due(t.clock()); r != nil; r = t.timers.due(t.clock()) {
		t.thaw(r) // a registration that ran out
		r.settle(t.nowOf(r))
		t.follow(r)
		t.touched = true
	}
	if t.config.Listener != nil {
		t.retire()
	} else if t.clock() >= t.freezes {
		t.freezeOld(calmAfter)
	}
}

// clock is what silence is measured by, and timers. Where packets come as they
// happen it only goes on, whatever the clocks of their sources are set to.
func (t *Tracker) clock() int64 {
	if t.config.Live || t.config.Listener != nil {
		return t.ends.now
	}
	return t.last
}

// nowOf is the time for a call. After the clock was set back, and between live
// sources whose clocks are apart, that is not the latest time of all: what came
// lately by its own clock is not given up because of others. In a file that is
// not in order it is.
func (t *Tracker) nowOf(r *callRecord) int64 {
	if !t.config.Live {
		return t.last
	}
	own := r.stamp + t.ends.now - r.heard
	if t.last-own > settling {
		return own
	}
	return max(own, t.last)
}

// setAlarm has a call looked at when it is that late for it, Unix ns; never
// when that is 0.
func (t *Tracker) setAlarm(r *callRecord, at int64) {
	if at != 0 {
		at = t.clock() + max(at-t.nowOf(r), 1)
	}
	t.timers.set(r, at)
}

// GoLive says, before the first packet, that they come as they happen after all,
// see Config.Live.
func (t *Tracker) GoLive() { t.config.Live = true }

// Flush is called at the end of a capture. Calls that are open keep their
// state: nobody knows how they went on.
func (t *Tracker) Flush() {
	for _, r := range t.order {
		if r.following != nil && r.stale {
			r.settle(t.nowOf(r))
			t.follow(r)
		}
	}
	t.touched, t.flushed = true, true
	if t.config.Listener != nil {
		t.tellRest()
	} else {
		t.freezeOld(-1) // there are no stragglers any more
	}
}

// Snapshot returns what was published last. It may be called by any goroutine.
func (t *Tracker) Snapshot() *Snapshot { return t.published.Load() }

// record finds the call of a message, or begins one.
func (t *Tracker) record(p *decode.Packet, m *sip.Message) *callRecord {
	if !m.HasCallID {
		return t.recordOf(p)
	}
	r := t.calls[m.CallID]
	if r == nil {
		r = t.newRecord(m.CallID, p.Nanos)
		t.calls[r.ref.CallID] = r
		t.streams.adoptNamed(r.ref.CallID, p.Nanos)
		t.claimReports(r)
	}
	return r
}

// recordOf is the call of the messages between two addresses that have no
// Call-ID.
func (t *Tracker) recordOf(p *decode.Packet) *callRecord {
	pair := pairOf(p)
	r := t.pairs[pair]
	if r == nil {
		r = t.newRecord("", p.Nanos)
		r.pair = &pair
		t.pairs[pair] = r
	}
	return r
}

func (t *Tracker) newRecord(callID string, nanos int64) *callRecord {
	t.index++
	r := &callRecord{
		index: t.index, position: len(t.order),
		ref:       &CallRef{Index: t.index, CallID: strings.Clone(callID)}, // or a whole message would be held
		following: t.spares.take(), live: t.config.Live,
	}
	t.records[r.index] = r
	if n := len(t.order); n > 0 && nanos < t.order[n-1].began() {
		t.unsorted = true
	}
	t.order, t.views = append(t.order, r), append(t.views, nil)
	t.live++
	t.account(r, callOverhead+followingOverhead)
	t.noteNamed(r)
	return r
}

// event reads what the machines need from a message.
func (t *Tracker) event(kept *Message, m *sip.Message) event {
	return event{
		nanos: kept.Nanos, frame: kept.Frame, message: kept,
		method: methodOf(m), number: m.CSeq.Number,
		keys: t.hash.keys(m, kept), facts: factsOf(m),
	}
}

// keep makes the Message of a packet and notes what the record remembers
// apart from it.
func (t *Tracker) keep(r *callRecord, p *decode.Packet, m *sip.Message) *Message {
	kept := newMessage(p, m)
	kept.place(p, &t.interfaces)
	t.texts.remember(kept, p)
	if text, ok := m.SDP(); ok {
		kept.SDP, kept.sessionSize = r.bodies.parse(text)
	}
	if len(r.events) == 0 {
		r.identity.take(kept, m)
	}
	r.identity.note(kept, m)
	r.notePress(kept, m)
	t.noteLeg(r, p, kept, m)
	return kept
}

// noteBranch marks both calls when two use one branch.
func (t *Tracker) noteBranch(r *callRecord, key uint64) {
	other := t.branches.use(key, r.index)
	if other == 0 {
		return
	}
	r.remarks |= flagBranchReuse
	if before := t.records[other]; before != nil && before.remarks&flagBranchReuse == 0 {
		before.remarks |= flagBranchReuse
		t.mark(before)
	}
}

// follow draws the consequences of what a record now knows: totals, timers,
// its place among those that may leave, and what the streams have to hear.
func (t *Tracker) follow(r *callRecord) {
	t.totals.recount(r)
	t.rank(r)
	if r.run.machine != nil {
		t.setAlarm(r, r.run.machine.deadline(t.nowOf(r), r.media))
	}
	t.tellEnd(r)
	t.tellReplaced(r)
	t.tellReplacers(r)
	t.mark(r)
	if r.tooLong(t.config.MaxMemory / messageShare) {
		r.settle(t.nowOf(r))
		t.account(r, -r.trim())
	}
}

// mark notes that a record has to be published anew.
func (t *Tracker) mark(r *callRecord) {
	r.built = false
	if !r.dirty {
		r.dirty = true
		t.changed = append(t.changed, r)
	}
}

func (t *Tracker) account(r *callRecord, octets int64) {
	r.bytes += octets
	t.memory += octets
}
