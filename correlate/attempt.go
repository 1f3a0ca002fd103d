package correlate

import "net/netip"

// An Attempt is one try to set up a call, with the times that the metrics of
// spec §4 are made of. Retransmissions, challenges (401, 407), intervals too
// small (422) and glare (491) are answered within the same attempt; what
// follows a redirection or a failure is another one. Times are Unix ns, 0 when
// unknown, and those of the first copy on the link nearest to the caller.
type Attempt struct {
	Source, Destination netip.AddrPort // of its first INVITE

	State       State
	FinalStatus int  // 0 when there was none
	Answered    bool // a 2xx was seen, or something proves one
	Redirected  bool // by a 3xx; the INVITE that follows one is another attempt
	ByeStatus   int  // of the final response to the BYE, 0 when there was none
	Repeated    int  // copies of the INVITE that were sent before anything came back

	Invited      int64 // t0: first INVITE; that before a redirection goes to the attempt behind it
	Counted      int64 // the INVITE that counts: after a redirection the redirected one
	Credited     int64 // t0a: the INVITE that was accepted
	Trying       int64 // t100
	Progressed   int64 // t1xx: first 101–199, or the 2xx, to Credited
	Alerted      int64 // first 180–183, 2xx or refusal
	Alert        int   // and which of them
	Ringing      int64 // tring: first 180
	RingEnded    int64 // 2xx, final response or CANCEL after it
	Described    int64 // tsdp: first 18x with SDP
	Decided      int64 // tfin
	Connected    int64 // t2xx
	Acknowledged int64 // tack: first ACK to the 2xx
	Cancelled    int64 // tcancel; Decided is then t487
	Bye          int64 // tbye: first BYE
	ByeCredited  int64 // the BYE that its final response answers: after a challenge the repeated one
	ByeDecided   int64 // tbyeok
	Ended        int64

	// Of the RTP streams of the call: the first packet of each side, and the
	// last of all.
	FirstFromCaller, FirstFromCallee, LastMedia int64

	Held int64 // ns on hold
}

// Known reports whether there is an attempt: the Call is one that began with
// an INVITE, not one that the capture met inside.
func (a *Attempt) Known() bool { return a.State != StateUnknown }

// Pending reports whether it is not decided yet how the attempt ends.
func (a *Attempt) Pending() bool {
	switch a.State {
	case StateNew, StateTrying, StateRinging, StateEarly, StateQueued, StateAuth, StateRedirected, StateCancelling:
		return true
	}
	return false
}

// Up reports whether the call was answered and its end was not seen.
func (a *Attempt) Up() bool {
	switch a.State {
	case StateAnswered, StateInCall, StateHold, StateRenegotiating, StateTransferring, StateEnding:
		return true
	}
	return false
}

// Completed reports whether the call was set up, and ended by a BYE that was
// answered with 2xx (RFC 6076 §4.9).
func (a *Attempt) Completed() bool {
	return a.Answered && a.State == StateCompleted && a.ByeStatus/100 == 2
}

// Failed reports whether the final response is a failure, which challenges
// and redirections are not (RFC 6076 §4.3.2).
func (a *Attempt) Failed() bool {
	return a.FinalStatus >= 400 && a.FinalStatus != 401 && a.FinalStatus != 402 && a.FinalStatus != 407
}
