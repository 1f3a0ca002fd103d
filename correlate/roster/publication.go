package roster

import (
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/notice"
	"sipsniff/decode/sip"
)

// A Publication is what one source publishes of one resource in one event
// package (RFC 3903): a chain of PUBLISHs, each of which names the tag that
// the one before was given.
type Publication struct {
	Resource   string // To URI
	Package    string
	Label      string
	Publisher  netip.AddrPort
	Compositor netip.AddrPort
	Transport  decode.Transport
	UserAgent  string
	Calls      []*correlate.Call // the latest 50

	State      State // Published, Removed, Expired, Stale, Rejected, Challenged, NoReply, Pending or Unknown
	Status     int   // of the latest final response
	Reason     string
	Tag        string // SIP-ETag, the latest
	Expires    int64  // s; -1 when not published
	ExpiresAt  int64  // Unix ns
	MinExpires int64  // s, of a 423; -1 when there is none

	Started   int64
	Initial   int // without SIP-If-Match
	Changed   int // with a body
	Refreshed int // without
	Removals  int
	StaleTags int // 412
	Failed    int
	Broken    int // SIP-If-Match names another tag than the latest
	Content   *notice.Content
	ContentAt int64
	Frames    []int
}

// publicationKey finds a publication by its source, or by its latest tag: that
// holds when the source changed.
type publicationKey struct {
	resource, event string
	publisher       netip.AddrPort
	tag             string
}

func (c *collector) publications() (list []*Publication, omitted int) {
	known, beyond := make(map[publicationKey]*Publication), make(map[publicationKey]struct{})
	for _, x := range inOrder(c.publish) {
		m := c.parse(x.lead())
		e, tag := eventOf(m), text(m, sip.HeaderSIPIfMatch)
		client, _ := x.ends()
		bySource := publicationKey{resource: address(m.To.URI), event: fullName(e), publisher: client}
		p := known[bySource]
		if tag != "" && x.request != nil {
			if q := known[publicationKey{resource: bySource.resource, event: bySource.event, tag: tag}]; q != nil {
				p = q
			}
		}
		if p == nil {
			if len(list) >= maxRecords {
				beyond[bySource] = struct{}{}
				continue
			}
			p = &Publication{
				Resource: m.To.URI, Package: bySource.event, Label: label(e.Package, e.Template), Started: x.at(),
				Expires: -1, MinExpires: -1, UserAgent: text(m, sip.HeaderUserAgent),
			}
			list = append(list, p)
		}
		known[bySource] = p
		p.take(c, x, m, tag)
		if p.Tag != "" {
			known[publicationKey{resource: bySource.resource, event: bySource.event, tag: p.Tag}] = p
		}
	}
	for _, p := range list {
		if p.State == Published && c.now > p.ExpiresAt+grace {
			p.State = Expired
		}
	}
	return list, len(beyond)
}

// take adds one PUBLISH; m is what its lead says.
func (p *Publication) take(c *collector, x *exchange, m *sip.Message, tag string) {
	p.Publisher, p.Compositor = x.ends()
	p.Transport = x.lead().Transport
	p.Frames = x.frames(p.Frames, new(int))
	p.Calls = x.callIn(p.Calls)
	wanted, body := int64(defaultSubscription), false
	if x.request != nil {
		if expires := seconds(m, sip.HeaderExpires); expires >= 0 {
			wanted = expires
		}
		if tag != "" && p.Tag != "" && tag != p.Tag {
			p.Broken++
		}
		if m.Body != "" {
			content := readBody(m)
			p.Content, p.ContentAt, body = &content, x.at(), true
		}
	}
	if x.final == nil {
		if how := x.unanswered(c.now); how != Pending || p.State == "" {
			p.State = how
		}
		return
	}
	p.Status, p.Reason = x.status(), x.final.Reason
	answer := c.parse(x.final)
	switch code := x.status(); {
	case code < 300:
		p.accepted(x, answer, wanted, tag, body)
	case code == 401 || code == 407:
		if p.State == "" {
			p.State = Challenged
		}
	case code == 412:
		p.StaleTags++
		p.State, p.Tag, p.Expires, p.ExpiresAt = Stale, "", -1, 0
	default:
		p.Failed++
		if code == 423 {
			p.MinExpires = seconds(answer, sip.HeaderMinExpires)
		}
		p.State = Rejected
	}
}

// accepted takes a 2xx.
func (p *Publication) accepted(x *exchange, m *sip.Message, wanted int64, tag string, body bool) {
	p.Tag = text(m, sip.HeaderSIPETag)
	expires := seconds(m, sip.HeaderExpires)
	if expires < 0 {
		expires = wanted
	}
	switch {
	case wanted == 0 || expires == 0:
		p.Removals++
		p.State, p.Tag, p.Expires, p.ExpiresAt = Removed, "", -1, 0
		return
	case tag == "":
		p.Initial++
	case body:
		p.Changed++
	default:
		p.Refreshed++
	}
	p.State, p.Expires, p.ExpiresAt = Published, expires, x.final.Nanos+expires*second
}
