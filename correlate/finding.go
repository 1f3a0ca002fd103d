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
	Severity    Severity
	Title       string
	Explanation string // in plain words
	Advice      string // what to do next
	Confidence  Confidence
	Frames      []int // that show it, 20 at most
}
