package diagnosis

import (
	"cmp"
	"fmt"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// A Case is one call as the rules see it. It is used by one goroutine and only
// while the check runs.
type Case struct {
	Call    *correlate.Call
	Traits  Trait
	Streams []*correlate.Stream // of the call, in the order of their IDs
	Now     int64               // capture time of the last packet, Unix ns

	*sharing
	rule      *Rule
	found     []*Draft
	foundBy   *Rule // the rule that found something last, and how often
	foundHere int
	recheck   int64                // Unix ns: what was said may be different then; 0 never
	messages  []*correlate.Message // made by Messages
	exchanges []*Exchange
	listed    bool // exchanges was made
	parsed    map[*correlate.Message]*sip.Message
	talked    *talk // made by Talk
}

// Messages are those of the call, the same each time.
func (c *Case) Messages() []*correlate.Message {
	if c.messages == nil {
		c.messages = c.Call.Messages()
	}
	return c.messages
}

// Descriptions are those of the call.
func (c *Case) Descriptions() []correlate.Description {
	c.Messages() // as long as these are held, they are not made again
	return c.Call.Descriptions()
}

// Has reports whether the call has one of the traits.
func (c *Case) Has(t Trait) bool { return c.Traits&t != 0 }

// Find begins a finding of the rule that is being checked, in its severity and
// confidence. The text says what happened, with the facts of this case; what
// it holds of the wire is made safe later.
func (c *Case) Find(text string, args ...any) *Draft {
	d := draftOf(c.rule, fmt.Sprintf(text, args...))
	if c.foundBy != c.rule {
		c.foundBy, c.foundHere = c.rule, 0
	}
	if c.foundHere++; c.foundHere <= maxFindings {
		c.found = append(c.found, d)
	}
	return d
}

// maxFindings is how many findings of one rule a call may have.
const maxFindings = 10

// Passed reports whether the capture goes on up to a moment, so that what has
// not come by then did not come in time. When it does not, the call is looked
// at again later.
func (c *Case) Passed(nanos int64) bool {
	if c.Now >= nanos {
		return true
	}
	if c.recheck == 0 || nanos < c.recheck {
		c.recheck = nanos
	}
	return false
}

// Number is a threshold of the rule that is being checked.
func (c *Case) Number(name string) float64 { return c.options.number(c.rule, name) }

// SIP is a message with its headers. It is parsed once a case.
func (c *Case) SIP(m *correlate.Message) *sip.Message {
	if s := c.parsed[m]; s != nil {
		return s
	}
	if c.parsed == nil {
		c.parsed = make(map[*correlate.Message]*sip.Message)
	}
	s := m.SIP()
	c.parsed[m] = s
	return s
}

// Header is the value of the first header by a name, "" when there is none.
func (c *Case) Header(m *correlate.Message, name string) string {
	value, _ := c.SIP(m).Header(name)
	return value
}

// headerOf is the value of the first header of a kind, "" when there is none: of
// a message without it nothing is parsed.
func (c *Case) headerOf(m *correlate.Message, id sip.HeaderID) string {
	if !m.Headers.Has(id) {
		return ""
	}
	value, _ := c.SIP(m).Get(id)
	return value
}

// A sharing is what all cases of one run share.
type sharing struct {
	snap     *correlate.Snapshot
	whole    *correlate.Snapshot // of everything, when Snapshot is of one call; else nil
	alone    bool                // Snapshot is all that is known, and it is of one call
	options  *Options
	sight    *sight
	media    sources
	calls    map[int]*correlate.Call          // by index, made when asked for
	forms    map[way]*numberForms             // likewise
	streams  map[int]*correlate.Stream        // by ID, likewise
	pairs    map[way][]*correlate.Call        // by the addresses of both ends, likewise
	diallers map[dialler][]*correlate.Call    // likewise, by caller
	failures map[netip.Addr][]*correlate.Call // that came to nothing, by source, likewise

	looked bool // at anything but the call that is being judged
	paired bool // at the calls between the same hosts
	mute   bool // it was asked for media, and the capture has none
}

// everything is the snapshot, for what no call can tell of itself. What was
// found by looking there may be another thing in the next one.
func (x *sharing) everything() *correlate.Snapshot {
	x.looked = true
	return x.snap
}

// hasMedia reports whether the capture has any.
func (x *sharing) hasMedia() bool {
	if len(x.snap.Streams) == 0 {
		x.mute = true
		return false
	}
	x.looked = true
	return true
}

// CallOf finds another call by its index, nil when it is not there any more.
func (x *sharing) CallOf(index int) *correlate.Call {
	all := x.everything().Calls
	// Indexes count calls as they turned up, and most lists are in that order.
	if c := correlate.CallAt(all, index); c != nil {
		return c
	}
	if x.calls == nil {
		x.calls = make(map[int]*correlate.Call, len(all))
		for _, c := range all {
			x.calls[c.Index] = c
		}
	}
	return x.calls[index]
}

// StreamOf finds a stream by its ID, nil when it is not there any more.
func (x *sharing) StreamOf(id int) *correlate.Stream {
	if x.streams == nil {
		x.streams = make(map[int]*correlate.Stream, len(x.snap.Streams))
		for _, s := range x.snap.Streams {
			x.streams[s.ID] = s
		}
	}
	return x.streams[id]
}

// Saw reports whether the capture has a packet from one address to another
// within 60 s of a moment (spec §7, vis).
func (x *sharing) Saw(from, to netip.Addr, nanos int64) bool {
	return x.sight.saw(cmp.Or(x.whole, x.everything()), from, to, nanos)
}
