package correlate

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/msrp"
)

const (
	maxContentTypes   = 16 // told apart in one record
	maxContentTypeLen = 64
	maxMSRPRecent     = 64   // requests among which those of other hops are looked for
	msrpOverhead      = 3000 // octets of a record, an estimate
)

// An msrpRecord counts what went over the message sessions of a call, or over
// one whose call is not known.
type msrpRecord struct {
	counts MSRP
	ids    []string // that the index has for it
	recent [maxMSRPRecent]msrpSeen
	next   int   // place in recent
	view   *MSRP // what was published; nil when it is out of date
}

// msrpSeen is a request by what stays the same over all hops, and its hop.
type msrpSeen struct {
	request uint64
	hop     [2]netip.AddrPort
}

// frame counts one request or response. bySource says who sent it.
func (r *msrpRecord) frame(p *decode.Packet, f *msrp.Frame, bySource bool, request uint64) {
	c := &r.counts
	r.view = nil
	if c.FirstFrame == 0 {
		c.FirstFrame, c.First, c.Transport = p.Frame, p.Nanos, p.Transport
		c.Source, c.Destination = p.Src, p.Dst
		if !bySource {
			c.Source, c.Destination = p.Dst, p.Src
		}
		c.Responses, c.Reports, c.ContentTypes = map[int]uint64{}, map[int]uint64{}, map[string]uint64{}
	}
	c.LastFrame, c.Last = max(c.LastFrame, p.LastFrame), max(c.Last, p.LastNanos)
	if f.Gap || f.Flag == msrp.NoFlag {
		c.Incomplete++
	}
	if !f.Request() {
		c.Responses[f.StatusCode]++
		return
	}
	side := &c.FromDestination
	if bySource {
		side = &c.FromSource
	}
	if r.elsewhere(request, p) {
		side.Copies++
		return
	}
	r.request(side, f)
}

func (r *msrpRecord) request(side *MSRPCount, f *msrp.Frame) {
	switch f.Method {
	case "SEND":
		side.Sends++
	case "REPORT":
		side.Reports++
		if f.Status != 0 {
			r.counts.Reports[f.Status]++
		}
		return
	default:
		side.Others++
		return
	}
	if !f.Body {
		side.Empty++
		return
	}
	side.Octets += f.Octets
	switch f.Flag {
	case msrp.Last:
		side.Messages++
	case msrp.Aborted:
		side.Aborted++
	}
	r.contentType(f.ContentType)
}

func (r *msrpRecord) contentType(name string) {
	if name == "" {
		return
	}
	known := r.counts.ContentTypes
	if _, ok := known[name]; !ok {
		if len(known) >= maxContentTypes || len(name) > maxContentTypeLen {
			name = otherMethods
		}
		name = strings.Clone(name) // it must not keep the header line in memory
	}
	known[name]++
}

// elsewhere reports whether the request was seen on another hop just before,
// and remembers it. 0 is a request that cannot be told from others.
func (r *msrpRecord) elsewhere(request uint64, p *decode.Packet) bool {
	if request == 0 {
		return false
	}
	hop := [2]netip.AddrPort{p.Src, p.Dst}
	for i := range r.recent {
		if s := &r.recent[i]; s.request == request {
			return s.hop != hop
		}
	}
	r.recent[r.next] = msrpSeen{request, hop}
	r.next = (r.next + 1) % maxMSRPRecent
	return false
}

// merge adds what another record counted. turned says that its source is the
// destination of r.
func (r *msrpRecord) merge(o *msrpRecord, turned bool) {
	r.view = nil
	from := o.counts
	if turned {
		from.Source, from.Destination = from.Destination, from.Source
		from.FromSource, from.FromDestination = from.FromDestination, from.FromSource
	}
	c := &r.counts
	if c.FirstFrame == 0 {
		*c = from
		c.Sessions = nil
		return
	}
	if from.First < c.First {
		c.First, c.FirstFrame = from.First, from.FirstFrame
		c.Source, c.Destination, c.Transport = from.Source, from.Destination, from.Transport
	}
	c.Last, c.LastFrame = max(c.Last, from.Last), max(c.LastFrame, from.LastFrame)
	c.FromSource.add(&from.FromSource)
	c.FromDestination.add(&from.FromDestination)
	c.Incomplete += from.Incomplete
	for code, n := range from.Responses {
		c.Responses[code] += n
	}
	for code, n := range from.Reports {
		c.Reports[code] += n
	}
	for name, n := range from.ContentTypes {
		if _, ok := c.ContentTypes[name]; !ok && len(c.ContentTypes) >= maxContentTypes {
			name = otherMethods
		}
		c.ContentTypes[name] += n
	}
}

func (c *MSRPCount) add(o *MSRPCount) {
	c.Sends += o.Sends
	c.Empty += o.Empty
	c.Reports += o.Reports
	c.Others += o.Others
	c.Octets += o.Octets
	c.Messages += o.Messages
	c.Aborted += o.Aborted
	c.Copies += o.Copies
}

// publish returns a copy that stays as it is; nil when nothing was counted.
func (r *msrpRecord) publish() *MSRP {
	if r == nil || r.counts.FirstFrame == 0 {
		return nil
	}
	if r.view == nil {
		c := r.counts
		c.Sessions = slices.Clone(c.Sessions)
		c.Responses, c.Reports, c.ContentTypes = maps.Clone(c.Responses), maps.Clone(c.Reports), maps.Clone(c.ContentTypes)
		r.view = &c
	}
	return r.view
}
