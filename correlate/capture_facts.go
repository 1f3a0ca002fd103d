package correlate

import "sipsniff/decode"

// CaptureFacts are what is known of a capture below SIP and media: what was
// lost, and the connections that carry SIP or were meant to. They never change
// after they were handed to SetCapture.
type CaptureFacts struct {
	Frames     uint64
	Duplicates uint64 // frames whose packet was captured before

	// What was lost before anybody could look at it, and whether anybody
	// counted at all.
	DroppedKernel, DroppedInterface, DroppedQueue uint64
	DropsKnown                                    bool

	// CutMessages are the SIP messages that are incomplete, by the reason in
	// Message.Cut, every copy counted.
	CutMessages map[string]uint64

	FragmentsLost, FragmentsHeadless uint64 // IP datagrams that never became whole; without their first fragment
	TCPGaps, TCPGapOctets            uint64 // what is missing in streams of TCP

	// Clock steps: how many, the largest in ns, negative when the clock was
	// set back, and the first frame behind the first.
	ClockSteps    uint64
	ClockLargest  int64
	ClockFirst    int
	OutOfOrder    uint64 // frames older than the one before
	UntimedFrames uint64

	Connections []decode.TCPConnection // of SIP, in the order of their first frames
	Encrypted   []decode.TLSConnection // all that is encrypted
}

// SetCapture gives the snapshots that are published from now on what is known
// below the messages. Only the goroutine that feeds the Tracker may call it.
func (t *Tracker) SetCapture(f *CaptureFacts) { t.capture = f }
