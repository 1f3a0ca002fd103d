package correlate

import (
	"slices"
	"sync/atomic"
	"unsafe"
	"weak"

	"sipsniff/decode/sip"
)

// A packed is the messages of a call that is over, in a fifth of the memory but
// for texts that cannot be read again, and with little that the garbage
// collector has to follow. They are made again for those who ask. It never
// changes.
type packed struct {
	octets   string // see packer and unpacker
	count    int
	texts    *texts
	findings [][]sip.Finding
	recent   atomic.Pointer[weak.Pointer[unpacked]]
}

// An unpacked is the messages as somebody asked for them. All of them live as
// long as one of them is in use, and are the same for everybody meanwhile.
type unpacked struct {
	messages     []Message
	list         []*Message
	descriptions []Description
}

// unpack returns the messages.
func (p *packed) unpack() *unpacked {
	if before := p.recent.Load(); before != nil {
		if u := before.Value(); u != nil {
			return u
		}
	}
	u := p.read()
	made := weak.Make(u)
	for {
		before := p.recent.Load()
		if before != nil {
			if other := before.Value(); other != nil { // somebody asked at the same time
				return other
			}
		}
		if p.recent.CompareAndSwap(before, &made) {
			return u
		}
	}
}

// size is the estimate of what the packed messages take.
func (p *packed) size() int64 {
	return int64(unsafe.Sizeof(*p)) + int64(len(p.octets))
}

// Messages are the messages of the call in time order. Those of a call that is
// over may be made anew for those who ask, so keep the list while working with
// it; as long as one of them is in use it is the same each time.
func (c *Call) Messages() []*Message {
	if c.packed != nil {
		return c.packed.unpack().list
	}
	return c.messages
}

// Descriptions are those of media, as each hop carried them.
func (c *Call) Descriptions() []Description {
	if c.packed != nil {
		return c.packed.unpack().descriptions
	}
	return c.descriptions
}

// CountMessages is how many there are of Messages.
func (c *Call) CountMessages() int {
	if c.packed != nil {
		return c.packed.count
	}
	return len(c.messages)
}

// WithMessages returns a copy of a call that has these messages, in time order,
// of which these are the descriptions.
func (c *Call) WithMessages(list []*Message, described ...Description) *Call {
	copied := *c
	copied.packed, copied.messages, copied.descriptions = nil, slices.Clip(list), described
	return &copied
}

// pack has a record that is about to be frozen hold its messages packed,
// without the texts that can be read again. It returns how many octets of texts
// that frees for good, and how many the descriptions take as long as somebody else
// holds what was read of them.
func (t *Tracker) pack(r *callRecord) (freed, read int64) {
	frees := int64(len(r.messages)) * messageOverhead
	for _, m := range r.messages {
		read += int64(m.sessionSize)
		if m.where.texts != nil {
			freed += int64(len(m.Raw))
		} else {
			frees += int64(len(m.Raw))
		}
	}
	if len(r.messages) > 0 {
		r.opened = moment{r.messages[0].Nanos, r.messages[0].Frame}
	}
	r.packed = t.packer.pack(t.texts, r.messages, r.descriptions())
	r.packedFrees = frees - r.packed.size()
	r.messages = nil
	return freed, read
}

// unpack has a record hold its messages as they are.
func (r *callRecord) unpack() {
	if r.packed == nil {
		return
	}
	r.messages, r.packed = r.packed.unpack().list, nil
}

// list is the messages of a record, packed or not.
func (r *callRecord) list() []*Message {
	if r.packed != nil {
		return r.packed.unpack().list
	}
	return r.messages
}

// holds is how many messages a record has.
func (r *callRecord) holds() int {
	if r.packed != nil {
		return r.packed.count
	}
	return len(r.messages)
}
