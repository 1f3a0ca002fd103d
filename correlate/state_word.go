package correlate

import "slices"

// stateWords are the words of the call list, at most ten cells wide. Several
// states share one: the list tells how it went, the code beside it why.
var stateWords = [stateCount]string{
	StateUnknown:       "UNKNOWN",
	StateNew:           "CALL SETUP",
	StateTrying:        "CALL SETUP",
	StateRinging:       "RINGING",
	StateEarly:         "RINGING",
	StateQueued:        "CALL SETUP",
	StateAuth:          "CALL SETUP",
	StateRedirected:    "DIVERTED",
	StateAnswered:      "IN CALL",
	StateInCall:        "IN CALL",
	StateHold:          "IN CALL",
	StateRenegotiating: "IN CALL",
	StateTransferring:  "IN CALL",
	StateCancelling:    "CANCELLED",
	StateEnding:        "COMPLETED",
	StatePartialInCall: "IN CALL",
	StateCompleted:     "COMPLETED",
	StateCancelled:     "CANCELLED",
	StateBusy:          "BUSY",
	StateRejected:      "REJECTED",
	StateNoAnswer:      "REJECTED",
	StateFailed:        "REJECTED",
	StateTimeout:       "TIMEOUT",
	StateAuthFailed:    "REJECTED",
	StateMoved:         "DIVERTED",
	StateDropped:       "LOST",

	StateRegistering:  "PENDING",
	StateChallenged:   "CHALLENGED",
	StateRegistered:   "REGISTERED",
	StateUnregistered: "UNREGISTER",
	StatePending:      "PENDING",
	StateOK:           "OK",
	StateNoReply:      "NO REPLY",
	StateSubscribed:   "SUBSCRIBED",
	StateTerminated:   "ENDED",
}

// Word returns the state as the call list writes it: "IN CALL". It is never
// empty and never wider than ten cells.
func (s State) Word() string {
	if s < stateCount {
		return stateWords[s]
	}
	return stateWords[StateUnknown]
}

// Word is the word of the state, which for a registration also depends on
// whether its time ran out, and for a failure on who said so.
func (c *Call) Word() string {
	if c.State == StateFailed && slices.Contains(c.Flags, flagUnreachable.names()[0]) {
		return "FAILED"
	}
	if c.State == StateRegistered && slices.Contains(c.Flags, flagExpired.names()[0]) {
		return "EXPIRED"
	}
	return c.State.Word()
}

// Terminal reports whether nothing more is expected of an exchange in this
// state: such exchanges leave first when memory is short.
func (s State) Terminal() bool {
	switch s {
	case StateCompleted, StateCancelled, StateBusy, StateRejected, StateNoAnswer, StateFailed, StateTimeout,
		StateAuthFailed, StateMoved, StateDropped,
		StateRegistered, StateUnregistered, StateOK, StateNoReply, StateTerminated:
		return true
	}
	return false
}
