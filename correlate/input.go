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
}

// Input hands over what the next Snapshot says of the capture itself. The
// Snapshot has it when something came since the last Publish, or more
// connections are known.
func (t *Tracker) Input(in Input) {
	t.touched = t.touched || len(in.Encrypted) != len(t.input.Encrypted) || len(in.KeyFaults) != len(t.input.KeyFaults)
	t.input = in
}
