package correlate

// An outcome is what a state machine knows of an exchange. Times are Unix ns
// and 0 when unknown.
type outcome struct {
	state   State
	flags   flagSet
	endedBy string

	invited    int64 // first INVITE of the attempt
	credited   int64 // the INVITE that was accepted: after a challenge the repeated one
	progressed int64 // first 101–199 or 2xx after it
	alerted    int64 // first 180 to 183, 2xx or refusal, of the attempt (spec §4.3)
	ringing    int64 // first 180
	ringEnded  int64 // 2xx, final response or CANCEL after it
	answered   int64
	ended      int64

	finalStatus int
	finalReason string
	cause       string
}

// between is b-a, or -1 when one of them is unknown. Times that run a little
// backwards, in a capture that is not in order, clamp to 0 (spec §9.5); across a
// step of the clock nothing is known (spec §9.6).
func between(a, b int64) int64 {
	if a == 0 || b == 0 || a-b > behind {
		return -1
	}
	return max(b-a, 0)
}

// A stateMachine follows the messages of one call in order of time. What it
// answers depends on the events and on nothing else, so it can be run again
// from the start when an older message turns up (spec §9.5).
type stateMachine interface {
	// step takes the following event. Duplicates are left out.
	step(e *event)
	// advance fires the timers that ran out up to now.
	advance(now int64)
	// deadline is when the outcome changes next if no message comes, 0 for never.
	deadline(now int64, m media) int64
	// outcome is how it stands at a moment, given the media seen so far.
	outcome(now int64, m media) outcome
	// fromCaller reports which side sent a message.
	fromCaller(m *Message) bool
}

// media is what the tracker knows of the RTP of one call by direction. Unix
// ns, 0 when none was seen.
type media struct {
	firstCaller, firstCallee int64 // first packet sent by the caller, by the callee
	last                     int64 // last packet in either direction

	// unreachable is when ICMP said last that what began the call, or its
	// latest request when it is none, cannot be delivered.
	unreachable int64
}

func (m media) bothWays() bool { return m.firstCaller != 0 && m.firstCallee != 0 }

// The sides of a call in Call.EndedBy.
const (
	byCaller  = "caller"
	byCallee  = "callee"
	byNetwork = "network"
)

func side(caller bool) string {
	if caller {
		return byCaller
	}
	return byCallee
}
