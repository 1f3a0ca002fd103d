package diagnosis

import (
	"strings"

	"sipsniff/correlate"
)

// A Rule is one entry of the catalogue (spec §7). Everything that is said of
// it, in the list of rules, in docs/FINDINGS.md and in findings, stands here or
// in its check beside it.
type Rule struct {
	Code string // "SIG-11"; never given to another rule
	Name string // "no-common-codec": lower case and hyphens, unique
	// Title says the consequence, not the mechanism, in a line of a list.
	Title string

	// Severity and Confidence are those of a finding unless the check says
	// otherwise; Graded says in words when it does, "" when it does not.
	Severity   correlate.Severity
	Confidence correlate.Confidence
	Graded     string

	Needs      Needs
	Means      string      // when it applies, exactly, in a sentence or two
	Advice     string      // what to look at next
	Hides      []string    // codes of findings of the same call that follow from this one
	References []string    // "RFC 3261 §17.1.1"
	Thresholds []Threshold // the numbers in Means, which users may change
	Lists      []List      // likewise lists of words

	// When are the traits of which a call has to have one, so that a healthy
	// call costs nothing; 0: Check sees every call.
	When  Trait
	Check func(*Case)
	// Survey looks at everything together, after all calls were checked. A rule
	// has Check or Survey or both.
	Survey func(*Survey)
}

// A Threshold is a number of a rule that users may change, by the key
// diag.CODE.NAME of the configuration.
type Threshold struct {
	Name    string
	Default float64
	Unit    string // "s", "ms", "%", "" of a count
	Meaning string
}

// A List is words of a rule that users may change, by the key diag.CODE.NAME:
// separated by commas they take the place of the default; with a + in front
// they are added to it.
type List struct {
	Name    string
	Default []string
	Meaning string
}

// Needs is what a capture has to show for a rule to say anything (spec §7).
type Needs uint16

// The needs, by the letters of the spec.
const (
	NeedRequests  Needs = 1 << iota // Q: requests are visible
	NeedResponses                   // R: responses are visible
	NeedMedia                       // M: media of the direction that is judged
	NeedBothMedia                   // M2: media of both directions
	NeedRTCP                        // C
	NeedICMP                        // I
	NeedTwoSides                    // T: both sides of a device
	NeedPayload                     // P: the payload can be read
	NeedSDP                         // S
)

var needWords = []struct {
	need  Needs
	words string
}{
	{NeedRequests, "requests"}, {NeedResponses, "responses"}, {NeedMedia, "media"}, {NeedBothMedia, "media of both directions"}, {NeedRTCP, "RTCP"},
	{NeedICMP, "ICMP"}, {NeedTwoSides, "both sides of a device"}, {NeedPayload, "readable payload"}, {NeedSDP, "SDP"},
}

// Words lists the needs, nil when there are none.
func (n Needs) Words() (words []string) {
	for _, w := range needWords {
		if n&w.need != 0 {
			words = append(words, w.words)
		}
	}
	return words
}

// aboutMedia reports whether the rule judges what was seen of media, or not seen.
func (r *Rule) aboutMedia() bool { return strings.HasPrefix(r.Code, "MED-") }
