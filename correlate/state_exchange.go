package correlate

// defaultExpires is how long a registration lasts when nobody says (RFC 3261
// §10.3); registrationGrace is how late a refresh may be (spec §3.7).
const (
	defaultExpires    = 3600
	registrationGrace = 5 * second
)

// exchangeKind selects the states of an exchange that is not a call.
type exchangeKind uint8

const (
	kindCall exchangeKind = iota
	kindRegistration
	kindSubscription
	kindOther
)

// An exchangeMachine follows what is not a call: registrations,
// subscriptions, and single requests such as OPTIONS or MESSAGE (spec §3.7).
// The latest request decides the state.
type exchangeMachine struct {
	kind    exchangeKind
	dialogs *dialogTable
	told    outcome

	method     string
	number     uint32
	fromTag    string
	asked      int64 // the request
	sent       int64 // latest copy of it
	last       int64
	provoked   bool
	open       bool // the request has no final response yet
	noReferSub bool // the REFER makes no subscription

	transfers []Transfer // of REFERs outside of a call

	subscribes bool // a SUBSCRIBE was seen, so that a NOTIFY only reports

	requested int32 // s, expiry that the request asks for; -1 when it has no contact
	accepted  int64 // Unix ns, of the 2xx that registered
	lifetime  int64 // ns, of that registration
}

func newExchangeMachine(kind exchangeKind, dialogs *dialogTable) *exchangeMachine {
	return &exchangeMachine{kind: kind, dialogs: dialogs}
}

// concerns reports whether a method decides the state of this kind.
func (x *exchangeMachine) concerns(method string) bool {
	switch x.kind {
	case kindRegistration:
		return method == "REGISTER"
	case kindSubscription:
		return method == "SUBSCRIBE" || method == "NOTIFY"
	}
	return method != "ACK" && method != "CANCEL"
}

func (x *exchangeMachine) step(e *event) {
	x.advance(e.nanos)
	x.refers(e)
	if e.message == nil || !x.concerns(e.method) {
		return
	}
	x.subscribes = x.subscribes || e.method == "SUBSCRIBE"
	switch {
	case e.message.Retransmission:
		x.repetition(e)
	case x.subscribes && e.method == "NOTIFY":
		x.report(e)
	case e.message.Method != "":
		x.request(e)
	default:
		x.response(e)
	}
	x.last = max(x.last, e.nanos)
}

// current reports whether an event belongs to the latest request.
func (x *exchangeMachine) current(e *event) bool {
	return x.method == e.method && x.number == e.number && x.fromTag == e.message.FromTag
}

func (x *exchangeMachine) repetition(e *event) {
	if e.message.Method != "" && x.current(e) && x.open {
		x.sent = e.nanos
	}
}

// request takes a new request, or the copy of one on another hop.
func (x *exchangeMachine) request(e *event) {
	if x.sent != 0 && x.current(e) {
		if x.open {
			x.sent = e.nanos
		}
		return
	}
	x.take(e)
	x.requested, x.noReferSub = requestedExpiry(e), e.noReferSub
	x.report(e)
}

// take makes an event the one that the state depends on.
func (x *exchangeMachine) take(e *event) {
	o := &x.told
	x.method, x.number, x.fromTag = e.method, e.number, e.message.FromTag
	x.asked, x.sent, x.open, x.provoked = e.nanos, e.nanos, true, false
	x.requested = -1
	o.state = x.waiting()
	o.ended, o.finalStatus, o.finalReason, o.cause = 0, 0, "", ""
	o.flags &^= flagNoResponse
}

// waiting is the state while there is no final response.
func (x *exchangeMachine) waiting() State {
	if x.kind == kindRegistration {
		return StateRegistering
	}
	return StatePending
}

// requestedExpiry is the time that a request wants, in seconds; -1 when a
// REGISTER only asks for the bindings that are there.
func requestedExpiry(e *event) int32 {
	switch {
	case e.verb() == "REGISTER" && e.contacts == 0:
		return -1
	case e.expires >= 0:
		return e.expires
	}
	return defaultExpires
}

// report takes what a NOTIFY says about its subscription (RFC 6665 §4.1.3),
// and that its sender's peer does not know of one.
func (x *exchangeMachine) report(e *event) {
	m := e.message
	switch {
	case x.kind != kindSubscription:
	case m.StatusCode == 481:
		x.terminate(e)
	case m.Method == "":
	case e.subscription == subscriptionActive:
		x.told.state = StateSubscribed
		x.dialogs.confirm(m.FromTag, m.ToTag)
	case e.subscription == subscriptionTerminated:
		x.dialogs.confirm(m.FromTag, m.ToTag)
		x.terminate(e)
	}
}

func (x *exchangeMachine) terminate(e *event) {
	x.told.state, x.told.ended = StateTerminated, e.nanos
	x.dialogs.endAll()
}

// response takes a response to the latest request.
func (x *exchangeMachine) response(e *event) {
	if x.sent == 0 || !x.current(e) {
		if x.sent != 0 && (e.number < x.number || x.method != e.method) {
			return // of an earlier request
		}
		x.told.flags |= flagNoRequestSeen
		x.take(e)
	}
	if e.message.StatusCode < 200 {
		x.provoked = true
		x.wake()
		return
	}
	o := &x.told
	if !x.open && o.finalStatus/100 == 2 && e.message.StatusCode >= 300 {
		return // to a copy of the request: the first final response counts (RFC 3261 §17.1.2.2)
	}
	x.open = false
	o.finalStatus, o.finalReason, o.cause = e.message.StatusCode, e.message.Reason, e.cause
	o.flags &^= flagNoResponse
	x.finalResponse(e)
}

// wake takes back that nobody answered.
func (x *exchangeMachine) wake() {
	if x.told.state == StateNoReply {
		x.told.state = x.waiting()
		x.told.flags &^= flagNoResponse
	}
}

func (x *exchangeMachine) finalResponse(e *event) {
	o := &x.told
	status := e.message.StatusCode
	o.ended = e.nanos
	switch {
	case status == 401 || status == 407:
		o.state, o.ended = StateChallenged, 0
	case status >= 300:
		x.refused(e)
	case x.kind == kindRegistration:
		x.registered(e)
	case x.kind == kindSubscription:
		x.subscribed(e)
	default:
		o.state = StateOK
		if x.method == "REFER" && !x.noReferSub {
			x.dialogs.confirm(e.message.FromTag, e.message.ToTag) // its subscription (RFC 3515 §2.4.4)
		}
	}
}

// refused takes a failure. A NOTIFY that fails, but for 481, leaves its
// subscription alone.
func (x *exchangeMachine) refused(e *event) {
	switch {
	case x.told.state == StateSubscribed || x.told.state == StateTerminated:
		x.report(e)
	default:
		x.told.state = StateFailed
	}
}

// registered takes a 2xx to REGISTER, which lists all bindings. Registrars
// that leave them out are believed to have done what was asked.
func (x *exchangeMachine) registered(e *event) {
	expires := e.expires
	if expires < 0 {
		expires = x.requested
		if expires < 0 && e.contacts > 0 {
			expires = defaultExpires
		}
	} else if e.contacts == 0 && x.requested <= 0 {
		expires = 0
	}
	o := &x.told
	if expires <= 0 {
		o.state, x.lifetime = StateUnregistered, 0
		return
	}
	o.state, o.ended = StateRegistered, 0
	x.accepted, x.lifetime = e.nanos, int64(expires)*second
}

// subscribed takes a 2xx to SUBSCRIBE, or to a NOTIFY when no SUBSCRIBE was
// captured. A NOTIFY may have ended the subscription before.
func (x *exchangeMachine) subscribed(e *event) {
	o := &x.told
	m := e.message
	switch {
	case o.state == StateTerminated:
	case x.method == "NOTIFY" && o.state == StateSubscribed:
		o.ended = 0
	case x.method == "NOTIFY":
		o.state = StateOK
	case x.requested == 0:
		x.dialogs.confirm(m.FromTag, m.ToTag)
		x.terminate(e)
	default:
		x.dialogs.confirm(m.FromTag, m.ToTag)
		o.state, o.ended = StateSubscribed, 0
	}
}

// fromCaller reports whether the side that began sent a message.
func (x *exchangeMachine) fromCaller(m *Message) bool { return m.Method != "" }

func (x *exchangeMachine) advance(now int64) {
	if at := x.timer(); at != 0 && at <= now {
		x.open = false
		x.told.state = StateNoReply
		x.told.flags |= flagNoResponse
	}
}

// timer is when the request counts as unanswered, 0 for never.
func (x *exchangeMachine) timer() int64 {
	switch o := &x.told; {
	case !x.open || o.state != StatePending && o.state != StateRegistering:
		return 0
	case x.provoked:
		return x.last + silentSetup
	}
	return x.sent + timeout64T1
}

func (x *exchangeMachine) deadline(now int64, _ media) int64 {
	if at := x.timer(); at != 0 {
		return at
	}
	if at := x.expiry(); at > now {
		return at
	}
	return 0
}

// expiry is when the registration ran out, 0 when there is none.
func (x *exchangeMachine) expiry() int64 {
	if x.told.state != StateRegistered {
		return 0
	}
	return x.accepted + x.lifetime + registrationGrace + 1
}

func (x *exchangeMachine) outcome(now int64, m media) outcome {
	o := x.told
	if !x.provoked && (o.state == x.waiting() || o.state == StateNoReply) {
		o.refuse(m, x.asked)
	}
	if at := x.expiry(); at != 0 && now >= at {
		o.flags |= flagExpired
	}
	return o
}
