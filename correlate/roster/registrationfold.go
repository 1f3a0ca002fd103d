package roster

import (
	"net/netip"
	"strings"

	"sipsniff/correlate"
)

// registrationFold is what it takes to follow a registration from REGISTER to
// REGISTER.
type registrationFold struct {
	attempts []*openAttempt // the latest
	attempt  *openAttempt   // the one that the latest REGISTER belongs to
	outcome  State          // of the latest that came to an end
	waited   int64          // ns, from the challenge to the answer
	source   netip.AddrPort
	contact  string
	lapsed   bool // its end by time was noted
	delays   int64
	timed    int64
}

// An openAttempt is an attempt and what a REGISTER that goes on with it is
// known by.
type openAttempt struct {
	Attempt
	callID, nonce string
}

// openAttempts is how many attempts are looked at for the one that a REGISTER
// goes on with: devices with several Call-IDs have several under way.
const openAttempts = 4

// challenged finds the attempt whose challenge a REGISTER answers: by its
// nonce, by its Call-ID, else the latest; nil when there is none.
func (f *registrationFold) challenged(x *exchange, a *asked) *openAttempt {
	if !a.credentials {
		return nil
	}
	latest := f.attempts[max(len(f.attempts)-openAttempts, 0):]
	for _, same := range [...]func(o *openAttempt) bool{
		func(o *openAttempt) bool { return a.nonce != "" && o.nonce == a.nonce && o.callID == x.call.CallID },
		func(o *openAttempt) bool { return o.callID == x.call.CallID && x.at()-o.Ended <= timeout },
		func(o *openAttempt) bool { return o == f.attempt && x.at()-o.Ended <= timeout },
	} {
		for i := len(latest) - 1; i >= 0; i-- {
			if latest[i].State == Challenged && same(latest[i]) {
				return latest[i]
			}
		}
	}
	return nil
}

// take adds one exchange.
func (r *Registration) take(x *exchange, a *asked, t *told, now int64) {
	r.describe(x, a, t)
	r.lapse(x.at())
	r.begin(x, a)
	at := &r.fold.attempt.Attempt
	if x.final == nil {
		at.State = x.unanswered(now)
		r.failed(at, x)
		r.settle(x)
		return
	}
	at.Status, at.Reason, at.Ended, at.Delay = x.status(), x.final.Reason, x.final.Nanos, x.delay()
	r.Status, r.Reason = x.status(), x.final.Reason
	switch code := x.status(); {
	case code == 401 || code == 407:
		r.challenged(at, a, t)
	case code >= 300:
		at.State = Rejected
		if code == 423 && t.minExpires >= 0 {
			r.MinExpires = t.minExpires
		}
		r.failed(at, x)
	default:
		r.accept(x, a, t)
	}
	r.settle(x)
}

// begin opens an attempt, unless x answers the challenge of the one that is
// open (RFC 6076 §4.2: a challenge is part of the attempt).
func (r *Registration) begin(x *exchange, a *asked) {
	f := &r.fold
	if o := f.challenged(x, a); o != nil {
		f.attempt, f.waited = o, x.at()-o.Ended
		return
	}
	f.attempt = &openAttempt{Attempt: Attempt{At: x.at(), Frame: x.lead().Frame, Delay: -1}, callID: x.call.CallID}
	f.attempts = tail(f.attempts, f.attempt, maxAttempts, &r.Earlier)
	r.Attempts++
}

// slow is how late an answer to a challenge is when the age of the nonce may
// be why it is challenged again, whether the registrar says so or not. Devices
// answer in milliseconds, and no registrar is known to forget a nonce sooner
// (assumed).
const slow = 10 * second

func (r *Registration) challenged(at *Attempt, a *asked, t *told) {
	at.State = Challenged
	at.Challenges++
	r.Challenges++
	switch {
	case t.stale:
		r.StaleNonces++
	case !a.credentials || at.Challenges < 2: // what a device sends ahead, with a nonce of last time, may be refused for that
	case r.fold.waited >= slow:
		r.OldNonces++
	default:
		r.Refused++
	}
	r.fold.attempt.nonce = t.nonce
	r.Auth.challenge(t)
}

// failed counts a failure of RFC 6076 §4.2, and those in a row: a registration
// that is too brief (423) is tried again with a longer time at once.
func (r *Registration) failed(at *Attempt, x *exchange) {
	switch {
	case at.State == NoReply:
		r.NoReplies++
	case at.State != Rejected || at.Status < 400 || at.Status == 402:
		return
	}
	r.Failed++
	if at.Status != 423 {
		r.FailureStreak++
		r.LongestStreak = max(r.LongestStreak, r.FailureStreak)
	}
}

// accept takes a 2xx.
func (r *Registration) accept(x *exchange, a *asked, t *told) {
	r.Succeeded++
	r.FailureStreak, r.ClearedElsewhere = 0, false
	if d := x.delay(); d >= 0 {
		r.Delay = d
		r.fold.delays, r.fold.timed = r.fold.delays+d, r.fold.timed+1
		r.DelayMean, r.DelayMax = r.fold.delays/r.fold.timed, max(r.DelayMax, d)
	}
	b := bind(a, t, x.final.Nanos)
	r.Contacts, r.MoreContacts, r.Path = b.contacts, b.more, t.path
	if a.star {
		r.Cleared++
	}
	if b.lifetime <= 0 {
		r.fold.attempt.State = Unregistered
		r.unbind()
		return
	}
	switch {
	case r.ExpiresAt == 0:
	case r.live(x.at()):
		r.Refreshes++
	default:
		r.LateRefreshes++
	}
	r.fold.attempt.State, r.fold.lapsed = Registered, false
	life := b.lifetime * second
	r.Since, r.Expires, r.ExpiresAt = x.final.Nanos, b.lifetime, x.final.Nanos+life
	r.RefreshFrom, r.RefreshBy = x.final.Nanos+life/2, r.ExpiresAt
	r.fold.contact = b.own
}

// unbind forgets the binding.
func (r *Registration) unbind() {
	r.Expires, r.ExpiresAt, r.RefreshFrom, r.RefreshBy = -1, 0, 0, 0
	r.fold.lapsed = false
}

// live reports whether the binding holds at a moment.
func (r *Registration) live(now int64) bool { return r.ExpiresAt != 0 && now <= r.ExpiresAt+grace }

// lapse notes that the time ran out before now.
func (r *Registration) lapse(now int64) {
	if r.ExpiresAt != 0 && !r.live(now) && !r.fold.lapsed {
		r.fold.lapsed = true
		r.change(Change{At: r.ExpiresAt + grace, State: Expired})
	}
}

// settle notes what the exchange changed. That a refresh is challenged or
// under way changes nothing.
func (r *Registration) settle(x *exchange) {
	f := &r.fold
	client, _ := x.ends()
	now := Change{At: x.lead().Nanos, Frame: x.lead().Frame, State: f.attempt.State, Status: f.attempt.Status}
	if x.final != nil {
		now.At, now.Frame = x.final.Nanos, x.final.Frame
	}
	switch f.attempt.State {
	case Pending, Challenged, Unknown:
		if f.outcome == "" || f.outcome == Pending || f.outcome == Unknown {
			f.outcome = f.attempt.State
		}
		return
	case Registered:
		now.Detail = f.contact
		if f.source.IsValid() && f.source != client {
			now.Detail = strings.TrimSpace(now.Detail + " from " + client.String())
		}
		f.source = client
	}
	f.outcome = f.attempt.State
	r.change(now)
}

// change appends to the history when something is different.
func (r *Registration) change(c Change) {
	if n := len(r.Changes); n > 0 {
		last := &r.Changes[n-1]
		if last.State == c.State && last.Status == c.Status && last.Detail == c.Detail {
			return
		}
	}
	r.Changes = tail(r.Changes, c, maxChanges, &r.Before)
}

// finish says how it stands at the end.
func (r *Registration) finish(now int64) {
	f := &r.fold
	r.lapse(now)
	r.State = f.outcome
	if f.attempt.State == Challenged && now-f.attempt.Ended >= timeout {
		r.State = Challenged // it does not go on
	}
	if r.State == Registered && !r.live(now) {
		r.State = Expired
	}
	for _, a := range f.attempts {
		r.Recent = append(r.Recent, a.Attempt)
	}
}

// describe takes what the messages say of the device and of its way.
func (r *Registration) describe(x *exchange, a *asked, t *told) {
	r.Source, r.Registrar = x.ends()
	r.Transport = x.lead().Transport
	if x.further.IsValid() {
		r.Further = x.further
	}
	r.Retransmissions += x.copies
	for _, v := range [...]struct {
		to  *string
		now string
	}{{&r.UserAgent, a.userAgent}, {&r.Server, t.server}, {&r.Domain, a.domain}} {
		if v.now != "" {
			*v.to = v.now
		}
	}
	r.Frames = x.frames(r.Frames, new(int))
	r.Calls = x.callIn(r.Calls)
	r.Partial = r.Partial || partial(x.call)
	r.Auth.credentials(a)
	r.NAT.see(x, a, t)
}

// partial reports whether messages of a call were let go.
func partial(c *correlate.Call) bool {
	for _, flag := range c.Flags {
		if flag == "messages_dropped" {
			return true
		}
	}
	return false
}
