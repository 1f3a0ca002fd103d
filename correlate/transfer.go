package correlate

// A TransferKind tells how a REFER transfers a call (RFC 5589).
type TransferKind uint8

// The kinds of transfer.
const (
	TransferBlind    TransferKind = iota
	TransferAttended              // the Refer-To names a call to replace
)

// String returns the kind as JSON has it.
func (k TransferKind) String() string {
	return [...]string{"blind", "attended"}[k&1]
}

// A TransferOutcome is what came of a transfer.
type TransferOutcome uint8

// The outcomes of a transfer.
const (
	TransferPending TransferOutcome = iota // nothing final was heard, the call goes on
	TransferDone
	TransferFailed
	TransferUnknown // nothing final was heard
)

// String returns the outcome as JSON has it.
func (o TransferOutcome) String() string {
	return [...]string{"pending", "done", "failed", "unknown"}[o&3]
}

// A Transfer is one REFER within a call: By, the transferor, asks the other
// side, the transferee, to call Target (RFC 3515, RFC 5589).
type Transfer struct {
	Kind     TransferKind
	By       Side
	Target   string // the Refer-To URI, as on the wire
	Asked    int64  // Unix ns
	Frame    int    // of the REFER
	Accepted int    // final status of the REFER, 0 when none was seen
	Status   int    // of the last NOTIFY that reports (message/sipfrag), 0 when there was none
	Reported int64  // Unix ns, of that NOTIFY
	Outcome  TransferOutcome

	Replaces string   // Call-ID that the Refer-To wants replaced, "" when none
	Call     *CallRef // the call that it made; nil when it was not seen
	Answered int64    // when that call was answered, Unix ns
	Replaced *CallRef // the call that that one took the place of

	challenged int // status of the challenge, until it is answered

	number uint32          // CSeq of the REFER
	tag    string          // From tag of the REFER
	heard  TransferOutcome // what the dialog alone tells
}

// maxTransfers bounds the transfers of one call that are listed.
const maxTransfers = 64
