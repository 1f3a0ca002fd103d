package roster

import (
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// defaultSubscription is how long a subscription lasts when neither side says,
// in seconds (RFC 3856 §6.4, RFC 4235 §3.4, RFC 3842 §3.4 agree).
const defaultSubscription = 3600

// A dialog is the subscriptions of one call while they are put together.
type dialog struct {
	c    *collector
	call *correlate.Call
	list []*Subscription
	old  []*Subscription // of other calls, see unsolicited
}

// subscribe puts the exchanges of one call together.
func (c *collector) subscribe(call *correlate.Call) {
	d := dialog{c: c, call: call}
	for _, x := range inOrder(c.notices) {
		switch x.method {
		case "SUBSCRIBE":
			d.subscribe(x)
		case "REFER":
			d.refer(x)
		default:
			d.notify(x)
		}
	}
	for _, s := range slices.Concat(d.list, d.old) {
		s.finish(c.now)
	}
	c.subscriptions = append(c.subscriptions, d.list...)
}

// add begins a subscription, nil when there is no room.
func (d *dialog) add(s Subscription, x *exchange) *Subscription {
	if len(d.list) >= perCall || len(d.c.subscriptions)+len(d.list) >= maxRecords {
		d.c.omitted++
		return nil
	}
	s.Call = d.call
	s.Transport, s.Started, s.State, s.hidden = x.lead().Transport, x.at(), Requested, x.hidden
	s.RetryAfter, s.Expires, s.MinExpires, s.FirstNotify = -1, -1, -1, -1
	d.list = append(d.list, &s)
	return &s
}

func (d *dialog) subscribe(x *exchange) {
	m := d.c.parse(x.lead())
	e, from, to := eventOf(m), x.lead().FromTag, x.lead().ToTag
	if x.request == nil {
		to = "" // of a response it says nothing of whether the dialog was there
	}
	s := d.subscriber(e, from, to)
	fresh := s == nil
	if fresh {
		began := to == "" || d.began(from, to)
		s = d.add(Subscription{
			Package: fullName(e), Label: labelOf(m, e), ID: e.ID, Origin: "subscribe",
			SubscriberURI: m.From.URI, Resource: m.To.URI, UserAgent: text(m, sip.HeaderUserAgent), Tags: [2]string{from, to},
		}, x)
		if s == nil {
			return
		}
		if !began {
			s.Origin, s.State = "earlier", Active
			fresh = false
		}
	}
	if s.Tags[1] == "" {
		s.Tags[0] = from // the retry after a challenge may have another
	}
	s.Subscriber, s.Notifier = x.ends()
	s.Frames = x.frames(s.Frames, new(int))
	s.asked = defaultSubscription
	if expires := seconds(m, sip.HeaderExpires); expires >= 0 && x.request != nil {
		s.asked = expires
	}
	d.answer(s, x, !fresh && (s.accepted != 0 || s.Origin == "earlier"))
}

// began reports whether the capture shows how a dialog came to be: then a
// SUBSCRIBE in it that nobody knows begins something, else it goes on with it.
func (d *dialog) began(from, to string) bool {
	if d.call.Method == "INVITE" || d.call.Method == "REFER" {
		return true
	}
	for _, s := range d.list {
		if s.Tags == [2]string{from, to} || s.Tags == [2]string{to, from} {
			return true
		}
	}
	return false
}

// answer takes what became of a SUBSCRIBE.
func (d *dialog) answer(s *Subscription, x *exchange, refresh bool) {
	if x.final == nil {
		switch how := x.unanswered(d.c.now); {
		case how == NoReply, how == Unknown && !refresh:
			s.State = how
		case !refresh:
			s.State = Requested
		}
		return
	}
	s.Status, s.StatusReason = x.status(), x.final.Reason
	m := d.c.parse(x.final)
	switch code := x.status(); {
	case code < 300:
		d.accept(s, x, m, refresh)
	case code == 401 || code == 407:
		s.Challenges++
		if !refresh {
			s.State = Challenged
		}
	case code == 481 && refresh:
		s.end(x.final.Nanos, "unknown to the notifier (481)")
	default:
		if code == 423 {
			s.MinExpires = seconds(m, sip.HeaderMinExpires)
		}
		if !refresh { // a refresh that fails leaves what was there (RFC 6665 §4.1.2.2)
			s.State, s.Ended = Rejected, x.final.Nanos
		}
	}
}

// accept takes a 2xx. Its Expires decides, else what was asked for.
func (d *dialog) accept(s *Subscription, x *exchange, m *sip.Message, refresh bool) {
	if s.Tags[1] == "" {
		s.Tags[1] = x.final.ToTag
	}
	expires := seconds(m, sip.HeaderExpires)
	if expires < 0 {
		expires = s.asked
	}
	s.lasts(expires, x.final.Nanos)
	switch {
	case refresh && expires > 0:
		s.Refreshes++
	case !refresh:
		s.accepted, s.State = x.final.Nanos, Accepted
	}
	switch {
	case expires == 0 && refresh:
		s.end(x.final.Nanos, reasonLeft)
	case expires == 0:
		s.Reason = reasonFetch
	}
}

// Reasons of our own, which say more than those of the NOTIFY that follows.
const (
	reasonLeft  = "unsubscribed"
	reasonFetch = "asked once" // with Expires: 0 (RFC 6665 §4.4.3)
)

func (s *Subscription) lasts(expires, from int64) {
	s.Expires, s.ExpiresAt = expires, from+expires*second
}

func (s *Subscription) end(at int64, reason string) {
	s.State, s.Ended, s.Reason, s.Expires, s.ExpiresAt = Terminated, at, reason, -1, 0
}

// notify takes a NOTIFY.
func (d *dialog) notify(x *exchange) {
	if x.request == nil {
		return // the response alone says nothing
	}
	m := d.c.parse(x.request)
	e := eventOf(m)
	s := d.notified(e, x)
	if s == nil {
		s = d.unsolicited(m, e, x)
	}
	if s == nil {
		return
	}
	if s.Tags[1] == "" {
		s.Tags[1] = x.request.FromTag
	}
	if !s.Notifier.IsValid() || s.Notifications == 0 && s.Origin != "subscribe" {
		s.Notifier, s.Subscriber = x.ends()
	}
	s.Frames = x.frames(s.Frames, new(int))
	s.notification(x, m, d.c.now)
}

// notification takes what a NOTIFY says and what became of it.
func (s *Subscription) notification(x *exchange, m *sip.Message, now int64) {
	s.Notifications++
	if s.FirstNotify < 0 && s.accepted != 0 {
		s.FirstNotify = max(x.at()-s.accepted, 0)
	}
	s.contents(x, m)
	if value, ok := m.Get(sip.HeaderSubscriptionState); ok {
		s.turn(sip.ParseSubscriptionState(value), x.at())
	} else if s.State != Terminated {
		s.State = Active
	}
	switch code := x.status(); {
	case x.final == nil && x.method == "NOTIFY" && x.unanswered(now) == NoReply:
		s.NotifyUnanswered++
	case code == 481:
		s.NotifyRefused++
		s.end(x.final.Nanos, "unknown to the subscriber (481)")
	case code >= 300:
		s.NotifyRefused++
	}
}

func (s *Subscription) turn(to sip.SubscriptionState, at int64) {
	switch {
	case strings.EqualFold(to.State, "terminated"):
		reason := to.Reason
		if s.ourOwn() {
			reason = s.Reason
		}
		s.end(at, reason)
		s.RetryAfter = to.RetryAfter
		return
	case s.State == Terminated && s.ourOwn():
		return // the last words after leaving
	}
	s.State, s.Ended = Active, 0
	if strings.EqualFold(to.State, "pending") {
		s.State = Pending
	}
	if to.Expires >= 0 {
		s.lasts(to.Expires, at)
	}
}

func (s *Subscription) ourOwn() bool { return s.Reason == reasonLeft || s.Reason == reasonFetch }

// finish says how it stands at the end.
func (s *Subscription) finish(now int64) {
	s.FirstNotifyMissing = s.accepted != 0 && s.Origin != "earlier" && s.Notifications == 0 && !s.hidden && now >= s.accepted+timeout
	if (s.State == Active || s.State == Pending || s.State == Accepted) && s.ExpiresAt != 0 && now > s.ExpiresAt+grace {
		s.State, s.Ended = Expired, s.ExpiresAt
		if s.ourOwn() {
			s.State = Terminated
		}
	}
}

func eventOf(m *sip.Message) sip.Event { return sip.ParseEvent(text(m, sip.HeaderEvent)) }

func fullName(e sip.Event) string {
	if e.Template != "" {
		return e.Package + "." + e.Template
	}
	return e.Package
}

// subscriber finds the subscription that a SUBSCRIBE refreshes, or that it
// tries once more after a challenge.
func (d *dialog) subscriber(e sip.Event, from, to string) *Subscription {
	for _, s := range d.list {
		if !s.is(e) || s.Origin == "refer" {
			continue
		}
		switch {
		case to == "" && s.Tags[1] == "" && (s.Tags[0] == from || s.State == Challenged):
			return s
		case to != "" && (s.Tags == [2]string{from, to} || s.Tags == [2]string{to, from}):
			return s
		}
	}
	return nil
}

// notified finds the subscription that a NOTIFY belongs to.
func (d *dialog) notified(e sip.Event, x *exchange) *Subscription {
	subscriber, notifier := x.request.ToTag, x.request.FromTag
	var referred *Subscription
	for _, s := range d.list {
		if s.Tags[0] != subscriber || s.Tags[1] != notifier && s.Tags[1] != "" {
			continue
		}
		switch {
		case s.Origin == "refer" && strings.EqualFold(e.Package, "refer"):
			if e.ID == "" && referred == nil || number(e.ID) == int64(s.referred) {
				referred = s // without an id it is the first REFER of the dialog (RFC 3515 §2.4.6)
			}
		case s.is(e):
			return s
		}
	}
	return referred
}

// is reports whether an Event header names this subscription. A header that
// is missing names any: some devices forget it.
func (s *Subscription) is(e sip.Event) bool {
	return e.Package == "" || strings.EqualFold(s.Package, fullName(e)) && s.ID == e.ID
}
