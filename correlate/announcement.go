package correlate

import (
	"net/netip"
	"slices"

	"sipsniff/decode/sdp"
)

// An announcement is one session description as signalling carried it: where
// one side of a call wants to receive which media.
type announcement struct {
	ref     *CallRef
	session *sdp.Session

	// dialog tells the dialogs of one call apart, such as the tags of both
	// sides. It is empty for an offer outside a dialog, which holds for all
	// the dialogs that the request makes.
	dialog string

	// fromCaller says which side the description belongs to: that of the
	// sender of the first INVITE, or the other.
	fromCaller bool

	// signalling is the address that the message came from. It stands in
	// for a media address that is behind a NAT, and keeps the hops apart
	// where a proxy rewrites descriptions on the way.
	signalling netip.Addr

	nanos int64
}

const (
	maxParties      = 32  // descriptions remembered of one call
	maxExpectations = 128 // endpoints taken from one description
)

// callMedia is what the stream table knows of one call.
type callMedia struct {
	ref     *CallRef
	parties []*party // oldest first
	flows   []*flow  // the streams of the call, in the order they were attached

	ended   bool
	endedAt int64

	facts         mediaFacts
	secure, plain bool   // streams that are, or are not, encrypted were seen
	sealed        bool   // what describedSecure said of descriptions that were released
	epoch         uint64 // counts what signalling said, so that flows are matched anew

	keys       map[string]describedKey // of its a=crypto attributes
	handshakes []*handshake            // DTLS between its addresses, answered, the newest last
	greetings  []*handshake            // DTLS between its addresses, the oldest first
	checks     []*pathCheck            // of ICE
	shared     []SharedPort            // appended to only
	moved      bool                    // in streamTable.moved

	reported int // streams of which only RTCP was seen

	ids   []int // of the published streams, ascending; appended to or replaced, never changed
	stale bool  // in streamTable.stale
}

// mediaFacts is what the state machine of a call asks about its media.
type mediaFacts struct {
	fromCaller, fromCallee           bool  // RTP of that side was seen
	firstFromCaller, firstFromCallee int64 // its first packet; meaningful iff seen
	last                             int64 // a recent packet of any side, at most half a second before the last; 0 when none
	encrypted                        bool  // the streams, or until there are any the descriptions, are SRTP
}

// A party is one side of a call by one of its descriptions, as one signalling
// address sent it in one dialog.
type party struct {
	call       *callMedia
	session    *sdp.Session
	dialog     string
	fromCaller bool
	signalling netip.Addr

	nanos        int64
	order        uint64 // the newest description has the highest
	superseded   bool   // a later description of the same party took its place
	supersededAt int64

	lines        []*mediaLine
	expectations []*expectation
}

// A mediaLine is one m= line of a party, prepared for looking payload types up.
type mediaLine struct {
	party   *party
	index   int // answers pair with offers by it
	media   *sdp.Media
	secure  bool             // SRTP
	fax     bool             // T.38 over UDPTL
	bundled bool             // shares the transport of the other bundled lines (RFC 9143)
	formats []format         // the payload types
	addrs   []netip.AddrPort // where the party receives and, if it is symmetric, sends from
}

// announce takes a description: from now on, and for flows that came a
// little before it, packets from and to its addresses belong to the call.
func (t *streamTable) announce(a announcement) {
	if a.ref == nil || a.session == nil {
		return
	}
	t.seen(a.nanos)
	c := t.callOf(a.ref)
	t.parkCall(c)
	if c.ended {
		c.ended = false
		t.tellAll(c)
	}
	t.order++
	p := c.repeated(&a)
	if p == nil {
		p = t.newParty(c, &a)
	}
	p.order = t.order
	p.superseded = false
	t.supersede(c, p, a.nanos)
	t.tell(p)
	c.epoch++
	t.adopt(p)
}

// callOf returns the media of a call, made at its first description.
func (t *streamTable) callOf(ref *CallRef) *callMedia {
	c := t.calls[ref.Index]
	if c == nil {
		c = &callMedia{ref: ref}
		t.calls[ref.Index] = c
	}
	return c
}

// repeated finds the party that said the same before: a description is often
// sent again, in a later response or to refresh the session.
func (c *callMedia) repeated(a *announcement) *party {
	for _, p := range c.parties {
		if p.dialog == a.dialog && p.fromCaller == a.fromCaller && p.signalling == a.signalling && sameDescription(p.session, a.session) {
			return p
		}
	}
	return nil
}

func sameDescription(a, b *sdp.Session) bool {
	return slices.EqualFunc(a.Media, b.Media, func(x, y sdp.Media) bool {
		return x.Type == y.Type && x.Port == y.Port && x.Protocol == y.Protocol && x.Address == y.Address &&
			slices.Equal(x.Formats, y.Formats) && slices.Equal(x.Attributes, y.Attributes)
	}) && slices.Equal(a.Attributes, b.Attributes)
}

// newParty adds a description to its call and its endpoints to the index.
func (t *streamTable) newParty(c *callMedia, a *announcement) *party {
	if len(c.parties) >= maxParties {
		t.dropParty(c, c.leastUseful())
	}
	p := &party{call: c, session: a.session, dialog: a.dialog, fromCaller: a.fromCaller, signalling: a.signalling, nanos: a.nanos}
	c.parties = append(c.parties, p)
	t.parties++
	for i := range a.session.Media {
		t.addLine(p, i)
	}
	return p
}

// leastUseful is the oldest party that was superseded, else the oldest.
func (c *callMedia) leastUseful() *party {
	for _, p := range c.parties {
		if p.superseded {
			return p
		}
	}
	return c.parties[0]
}

// dropParty forgets a description. Streams that it explained keep it.
func (t *streamTable) dropParty(c *callMedia, p *party) {
	t.tell(p)
	for _, e := range p.expectations {
		t.unexpect(e)
	}
	for _, l := range p.lines {
		t.unannounceSources(l)
		t.formats -= len(l.formats)
	}
	t.expectations -= len(p.expectations)
	t.lines -= len(p.lines)
	t.parties--
	c.parties = slices.DeleteFunc(c.parties, func(q *party) bool { return q == p })
}

// supersede marks what p's description replaces. It stays usable, at a lower
// rank, because the re-INVITE that brought p may fail, and media takes a
// moment to move.
func (t *streamTable) supersede(c *callMedia, p *party, nanos int64) {
	for _, q := range c.parties {
		if q == p || q.superseded || q.fromCaller != p.fromCaller || q.signalling != p.signalling {
			continue
		}
		if q.dialog == p.dialog || q.dialog == "" {
			q.superseded, q.supersededAt = true, nanos
			t.tell(q)
		}
	}
}

// callEnded tells that the signalling of a call is over: its descriptions
// hold for media of up to five seconds later.
func (t *streamTable) callEnded(ref *CallRef, nanos int64) {
	t.seen(nanos)
	c := t.calls[ref.Index]
	if c == nil {
		return
	}
	t.parkCall(c)
	c.ended, c.endedAt = true, nanos
	c.epoch++
	t.tellAll(c)
	if !t.listens() && !t.openAll {
		c.rest()
	}
}

// forget removes a call that leaves memory, with its streams.
func (t *streamTable) forget(ref *CallRef) {
	c := t.calls[ref.Index]
	if c == nil {
		return
	}
	flows := c.flows
	c.flows = nil
	for _, f := range flows {
		if !f.gone {
			t.evict(f)
		}
	}
	for len(c.parties) > 0 {
		t.dropParty(c, c.parties[len(c.parties)-1])
	}
	t.forgetChecks(c)
	for _, h := range c.greetings {
		h.media = nil
	}
	delete(t.calls, ref.Index)
}

// release forgets the descriptions of a call that is long over, when nothing
// came that they explain: no packet can be of that call any more, see windowAt.
// Of most calls of a capture without media nothing else is kept here. It reports
// whether none is held any more.
func (t *streamTable) release(ref *CallRef, now int64) bool {
	c := t.calls[ref.Index]
	if c == nil {
		return true
	}
	if !c.ended || max(now, t.now) <= c.endedAt+endGrace || len(c.flows) > 0 || c.reported > 0 ||
		len(c.handshakes)+len(c.greetings)+len(c.checks)+len(c.shared) > 0 {
		return len(c.parties) == 0
	}
	c.sealed = c.describedSecure()
	for len(c.parties) > 0 {
		t.dropParty(c, c.parties[len(c.parties)-1])
	}
	c.parties = nil
	if c.blank() {
		delete(t.calls, ref.Index)
	}
	return true
}

// blank reports whether a call without descriptions, streams and handshakes says
// no more than one that is not known.
func (c *callMedia) blank() bool {
	return c.facts == mediaFacts{} && !c.secure && !c.plain && !c.sealed && c.keys == nil && len(c.ids) == 0 && !c.moved && !c.stale
}

// mediaOf says what is known of the media of a call.
func (t *streamTable) mediaOf(ref *CallRef) mediaFacts {
	c := t.calls[ref.Index]
	if c == nil {
		return mediaFacts{}
	}
	facts := c.facts
	facts.encrypted = c.secure || !c.plain && c.describedSecure()
	return facts
}

// describedSecure reports whether every side that described RTP wants it
// encrypted, by its newest description.
func (c *callMedia) describedSecure() bool {
	if len(c.parties) == 0 {
		return c.sealed
	}
	var described [2]bool
	for _, p := range slices.Backward(c.parties) {
		side := sideOf(p.fromCaller)
		if p.superseded || described[side] {
			continue
		}
		for _, l := range p.lines {
			if l.fax || len(l.addrs) == 0 {
				continue
			}
			if !l.secure {
				return false
			}
			described[side] = true
		}
	}
	return described[0] || described[1]
}

func sideOf(fromCaller bool) int {
	if fromCaller {
		return 0
	}
	return 1
}
