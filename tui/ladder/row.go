package ladder

import (
	"sipsniff/correlate"
)

// A Kind tells what a row shows.
type Kind uint8

// The kinds of rows.
const (
	MessageRow Kind = iota // a message, with its copies folded into it
	CopyRow                // a retransmission shown on its own, because its row was unfolded
	StreamRow              // an RTP stream, at the time of its first packet; and where it goes over to another codec
	DigitRow               // keys that were pressed, at the time of the first
	GapRow                 // a silence of signalling
)

// A Row is one line of the ladder.
type Row struct {
	Kind     Kind
	Leg      int   // index in Ladder.Legs
	From, To int   // index in Ladder.Participants; meaningless for a GapRow
	Nanos    int64 // capture time, Unix ns
	Delta    int64 // ns since the row before it; HasDelta is false on the first row
	HasDelta bool
	Gap      int64 // length of the silence, ns

	Message *correlate.Message // of MessageRow and CopyRow
	Stream  *correlate.Stream  // of StreamRow
	Turn    int                // of StreamRow: which change of codec this is, from 1; 0 for the stream as a whole
	Digits  []correlate.Digit  // of DigitRow
	Copies  []*correlate.Message

	Retransmissions int  // folded into this row, or shown by it when Continued
	Duplicates      int  // captures of the same packet that were left out
	Tapped          bool // the same message was seen between other addresses just before
	Continued       bool // copies sent although the sender already had a final answer

	// Said is the longest text for the arrow without the counts of copies, cleaned.
	Said string
	// Labels are what can stand on the arrow, from long to short, cleaned.
	Labels []Label
	// Details are lines under the arrow about its SDP, each in several forms.
	Details [][]Label
}

// A Label is one form of the text on an arrow. When nothing shorter is left,
// or Cut is set and some of it can be shown, the text is cut.
type Label struct {
	Text string
	Cut  bool
}

// A Leg is a call with the streams that belong to it.
type Leg struct {
	Call    *correlate.Call
	Streams []*correlate.Stream
}

// A Ladder is a call, or several merged by time, ready to be drawn.
type Ladder struct {
	Legs         []Leg
	Participants []Participant
	Rows         []Row
}
