package correlate

// A Hold is a time during which one side held the other.
type Hold struct {
	By       Side
	Method   string // "sendonly", "inactive", or the address "0.0.0.0" or "::"
	From, To int64  // Unix ns; To is 0 when it lasted to the end
	Frames   [2]int // of the requests that began and ended it, 0 when there is none
	Music    bool   // the holder went on sending RTP
}

// maxHolds bounds the holds of one call that are listed.
const maxHolds = 256

// holdTime is how long the call was held by either side, ns. A hold that was
// not taken back lasts until the end.
func holdTime(holds []Hold, end int64) (sum int64) {
	covered := int64(0)
	for i := range holds { // in the order of From
		h := &holds[i]
		to := h.To
		if to == 0 {
			to = end
		}
		if from := max(h.From, covered); to > from {
			sum += to - from
			covered = to
		}
	}
	return sum
}
