package correlate

// State is where a call or another exchange stands (spec §3.6, §3.7).
type State uint8

// The states of spec §3.6, then those of the other methods (spec §3.7).
const (
	StateUnknown State = iota
	StateNew
	StateTrying
	StateRinging
	StateEarly
	StateQueued
	StateAuth
	StateRedirected
	StateAnswered
	StateInCall
	StateHold
	StateRenegotiating
	StateTransferring
	StateCancelling
	StateEnding
	StatePartialInCall
	StateCompleted
	StateCancelled
	StateBusy
	StateRejected
	StateNoAnswer
	StateFailed
	StateTimeout
	StateAuthFailed
	StateMoved
	StateDropped

	StateRegistering  // REGISTER sent, no final response yet
	StateChallenged   // 401 or 407, no retry seen yet
	StateRegistered   // 2xx with at least one binding
	StateUnregistered // 2xx with none
	StatePending      // any other request without a final response yet
	StateOK           // any other request answered with 2xx
	StateNoReply      // any other request that nobody answered in time
	StateSubscribed   // SUBSCRIBE accepted, or a NOTIFY says active or pending
	StateTerminated   // the subscription ended

	stateCount
)

var stateNames = [stateCount]string{
	"unknown", "new", "trying", "ringing", "early", "queued", "auth", "redirected", "answered", "in_call", "hold",
	"renegotiating", "transferring", "cancelling", "ending", "partial_in_call", "completed", "cancelled", "busy",
	"rejected", "no_answer", "failed", "timeout", "auth_failed", "moved", "dropped",
	"registering", "challenged", "registered", "unregistered", "pending", "ok", "no_reply", "subscribed", "terminated",
}

// String returns the name used in JSON: "in_call".
func (s State) String() string {
	if s < stateCount {
		return stateNames[s]
	}
	return "unknown"
}
