package correlate

// A Branch is one target of a forked INVITE with its own outcome.
type Branch struct {
	Target string // Request-URI, as on the wire
	Serial bool   // it was tried after the ones before it had failed
	Sent   int64  // Unix ns
	Rang   int64  // Unix ns, 0 when it did not
	Status int    // final response, 0 when none was seen
	Ended  int64  // Unix ns, of that
	Winner bool   // it is the one that the call went on with
	Frames [2]int // of the INVITE and of the final response, 0 when there is none

	tag string // To tag of the 2xx
}
