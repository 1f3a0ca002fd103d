package correlate

import "sipsniff/decode"

// An Input is what the pipeline knows of the capture itself, beside what its
// packets say. It belongs to the Snapshot and never changes after it was
// published.
type Input struct {
	Frames    uint64
	Decode    decode.Stats
	Encrypted []decode.TLSConnection // those met last, see decode.Config.MaxTLS
	KeyFaults []string               // what is wrong with key logs, a line for each

	// Connections are those of TCP that carry SIP or were meant to, in the
	// order of their first frames.
	Connections []decode.TCPConnection

	Dropped Dropped
	Clock   ClockFaults

	// Unwatched are the times in which what may be media was let pass.
	Unwatched []Unwatched

	// CutMessages are the SIP messages that are incomplete, by the reason in
	// Message.Cut, every copy counted.
	CutMessages map[string]uint64
}

// Dropped are the packets that were lost before anybody could look at them, as
// far as somebody counted.
type Dropped struct{ Kernel, Interface, Queue uint64 }

// Unwatched is a time by the clock of the packets, Unix ns; To is 0 while it lasts.
type Unwatched struct{ From, To int64 }

// Saw reports whether media was looked at all the time from one moment to
// another.
func (in *Input) Saw(from, to int64) bool {
	for _, u := range in.Unwatched {
		if u.From <= to && (u.To == 0 || u.To >= from) {
			return false
		}
	}
	return true
}

// ClockFaults is what was wrong with the times of frames.
type ClockFaults struct {
	Steps      uint64
	Largest    int64 // ns, of the steps; negative when the clock was set back
	FirstFrame int   // behind the first step
	OutOfOrder uint64
	Untimed    uint64 // frames without a time
}

// Input hands over what the next Snapshot says of the capture itself. The
// Snapshot has it when something came since the last Publish, or more
// connections are known.
func (t *Tracker) Input(in Input) {
	t.touched = t.touched || len(in.Encrypted) != len(t.input.Encrypted) || len(in.KeyFaults) != len(t.input.KeyFaults)
	t.input = in
}
