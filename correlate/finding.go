package correlate

// A Severity says how bad a finding is.
type Severity uint8

// The severities, the mildest first.
const (
	Info Severity = iota
	Warning
	Error
	Critical
)

// String returns the severity as the JSON contract spells it.
func (s Severity) String() string {
	return [...]string{"info", "warning", "error", "critical"}[s&3]
}

// A Confidence says how sure a finding is.
type Confidence uint8

// The confidences of spec §7.
const (
	Proven  Confidence = iota // it follows from packets that are there
	Strong                    // it holds unless the capture missed one direction
	Suspect                   // there are innocent explanations
)

// String returns the confidence as the JSON contract spells it.
func (c Confidence) String() string {
	return [...]string{"proven", "strong", "suspect", "suspect"}[c&3]
}

// maxEvidence is how many frames a finding names.
const maxEvidence = 20

// A Finding is something that is worth knowing about a call or a capture.
type Finding struct {
	Code        string // of the catalogue in spec §7, such as "INF-07"
	Name        string // of the rule, such as "no-answer"
	Severity    Severity
	Confidence  Confidence
	Title       string // what it means for people
	Explanation string // what happened, with the facts of this case, in plain words
	Likely      string // what most likely is the cause; "" when nothing can be said
	Advice      string // what to look at next, and where
	Nanos       int64  // when it came about, Unix ns; 0 when unknown

	Evidence []Evidence // 20 at most
	Frames   []int      // those of the evidence, ascending and each once
	Because  []string   // codes of the findings that follow from this one and are not shown

	// Of findings about more than one call: what they are about, such as
	// "192.0.2.1 and 192.0.2.2", how often it was, and examples.
	About string
	Count int
	Calls []int // Call.Index, ascending, 20 at most
}

// Evidence is one packet, or one measured value, that shows a finding.
type Evidence struct {
	Frame  int   // 0 when it is no packet
	Nanos  int64 // Unix ns, 0 when it has no time
	Stream int   // Stream.ID of a measured value; 0 when it is of no stream
	Text   string
}
