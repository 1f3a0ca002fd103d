package roster

import (
	"net/netip"
	"strings"

	"sipsniff/decode/sip"
)

// refer begins the subscription that a REFER implies (RFC 3515 §2.4.4), unless
// it is declined (RFC 4488).
func (d *dialog) refer(x *exchange) {
	if x.request == nil || x.status()/100 != 2 {
		return
	}
	m := d.c.parse(x.request)
	if strings.EqualFold(text(m, sip.HeaderReferSub), "false") {
		return
	}
	for option := range m.Values(sip.HeaderRequire) {
		if strings.EqualFold(option, "norefersub") {
			return
		}
	}
	s := d.add(Subscription{
		Package: "refer", Label: label("refer", ""), Origin: "refer", SubscriberURI: m.From.URI, Resource: m.To.URI,
		UserAgent: text(m, sip.HeaderUserAgent), Tags: [2]string{x.request.FromTag, x.final.ToTag}, referred: x.number,
	}, x)
	if s == nil {
		return
	}
	if strings.EqualFold(text(d.c.parse(x.final), sip.HeaderReferSub), "false") {
		d.list = d.list[:len(d.list)-1]
		return
	}
	s.Subscriber, s.Notifier = x.ends()
	s.Frames = x.frames(s.Frames, new(int))
	s.accepted, s.State = x.final.Nanos, Accepted
	s.Status, s.StatusReason = x.status(), x.final.Reason
}

// An unsolicitedKey holds NOTIFYs together that nobody asked for. Each has a
// Call-ID of its own.
type unsolicitedKey struct {
	event, resource  string
	notifier, target netip.AddrPort
}

// unsolicited begins a subscription that is known from its NOTIFY only.
func (d *dialog) unsolicited(m *sip.Message, e sip.Event, x *exchange) *Subscription {
	s := Subscription{
		Package: fullName(e), Label: labelOf(m, e), ID: e.ID, Origin: "earlier",
		SubscriberURI: m.To.URI, Resource: m.From.URI, Tags: [2]string{x.request.ToTag, x.request.FromTag},
	}
	if x.request.ToTag != "" {
		return d.add(s, x)
	}
	s.Origin, s.Resource = "unsolicited", m.To.URI
	key := unsolicitedKey{event: s.Package, resource: address(m.To.URI)}
	key.notifier, key.target = x.ends()
	if old := d.c.unsolicited[key]; old != nil {
		if old.Call != d.call {
			d.old, old.Call = append(d.old, old), d.call
		}
		old.Tags = s.Tags
		return old
	}
	added := d.add(s, x)
	if added != nil {
		if d.c.unsolicited == nil {
			d.c.unsolicited = make(map[unsolicitedKey]*Subscription)
		}
		d.c.unsolicited[key] = added
	}
	return added
}
