package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/amount"
)

// finding is a correlate.Finding in the shape of the contract.
type finding struct {
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Severity    string     `json:"severity"`
	Title       string     `json:"title"`
	Explanation string     `json:"explanation"`
	Likely      string     `json:"likely,omitempty"`
	Advice      string     `json:"advice"`
	Confidence  string     `json:"confidence"`
	At          string     `json:"at,omitempty"`
	Frames      []int      `json:"frames"`
	Evidence    []evidence `json:"evidence,omitempty"`
	Because     []string   `json:"because,omitempty"` // codes of what follows from it and is not shown
	About       string     `json:"about,omitempty"`   // of findings of the capture
	Count       int        `json:"count,omitempty"`
	Calls       []int      `json:"calls,omitempty"` // numbers of the list
}

type evidence struct {
	Frame  int    `json:"frame,omitempty"`
	At     string `json:"at,omitempty"`
	Stream int    `json:"stream,omitempty"`
	Text   string `json:"text"`
}

func newFinding(f *correlate.Finding) finding {
	out := finding{
		Code: f.Code, Name: f.Name, Severity: f.Severity.String(), Title: f.Title, Explanation: f.Explanation, Likely: f.Likely, Advice: f.Advice,
		Confidence: f.Confidence.String(), At: stamp(f.Nanos), Frames: f.Frames, Because: f.Because, About: f.About, Count: f.Count, Calls: f.Calls,
	}
	if out.Frames == nil {
		out.Frames = []int{}
	}
	for _, e := range f.Evidence {
		out.Evidence = append(out.Evidence, evidence{Frame: e.Frame, At: stamp(e.Nanos), Stream: e.Stream, Text: e.Text})
	}
	return out
}

func newFindings(list []correlate.Finding) []finding {
	out := make([]finding, len(list))
	for i := range list {
		out[i] = newFinding(&list[i])
	}
	return out
}

// diagnosed is the result with what the rules say of it.
func (r Result) diagnosed() Result {
	if r.Diagnosis == nil {
		r.Diagnosis = diagnosis.New(diagnosis.Options{}).Run(r.Snapshot)
	}
	return r
}

// shownFindings is how many findings of one call are printed (spec §7), and
// shownCauses how many causes.
const (
	shownFindings = 3
	shownCauses   = 10
)

// writeFindings prints why calls went wrong: all that is said of calls that
// were asked for by name, else the causes, the worst first, each with an
// example; then what is said of the capture as a whole.
func writeFindings(w io.Writer, r Result) {
	if r.single {
		for _, c := range r.Snapshot.Calls {
			list := r.Diagnosis.ByCall[c.Index]
			for i := range list[:min(len(list), shownFindings)] {
				writeFinding(w, &list[i], "")
			}
		}
		return
	}
	causes := r.Diagnosis.Causes
	for i := range causes[:min(len(causes), shownCauses)] {
		writeCause(w, r.Diagnosis, &causes[i])
	}
	if more := len(causes) - shownCauses; more > 0 {
		fmt.Fprintf(w, "\n%s more: see the calls in -F json\n", amount.Of(uint64(more), "kind of trouble"))
	}
	for i := range r.Diagnosis.Capture {
		if f := &r.Diagnosis.Capture[i]; !toldAsHealth(r.Snapshot, f) && (r.Verbose || f.Code != everywhere) {
			writeFinding(w, f, "")
		}
	}
}

// toldAsHealth reports whether the section on the health of the capture tells
// of a finding, with more numbers.
func toldAsHealth(s *correlate.Snapshot, f *correlate.Finding) bool {
	switch f.Code {
	case "INF-04", "INF-05", "INF-06":
		return true
	case "INF-03":
		return f.Confidence == correlate.Proven // the drops that were counted
	case "INF-02":
		return slices.ContainsFunc(s.Links.List, func(l correlate.Link) bool { return f.About == l.A.String()+" and "+l.B.String() })
	}
	return false
}

// everywhere is a finding that nearly every capture has: SIP without marking.
const everywhere = "INF-11"

// writeCause prints one cause with the first of its calls.
func writeCause(w io.Writer, d *diagnosis.Result, c *diagnosis.Cause) {
	numbers := make([]string, 0, shownFindings+1)
	for i, index := range c.Calls {
		if i == shownFindings {
			numbers = append(numbers, "…")
			break
		}
		numbers = append(numbers, "#"+strconv.Itoa(index))
	}
	where := fmt.Sprintf(" (%s from %s to %s: %s)", amount.Of(uint64(len(c.Calls)), "call"), c.A, c.B, strings.Join(numbers, " "))
	writeFinding(w, d.Verdict(c.Calls[0]), where)
}

func writeFinding(w io.Writer, f *correlate.Finding, where string) {
	fmt.Fprintf(w, "\n%s %s: %s%s\n  %s\n", f.Severity, f.Code, f.Title, where, f.Explanation)
	if f.Likely != "" {
		fmt.Fprintf(w, "  Most likely: %s\n", f.Likely)
	}
	fmt.Fprintf(w, "  Next: %s\n", f.Advice)
	for _, code := range f.Because {
		if rule := diagnosis.RuleOf(code); rule != nil {
			fmt.Fprintf(w, "  Therefore: %s (%s)\n", rule.Title, code)
		}
	}
	fmt.Fprintf(w, "  %s%s\n", f.Confidence, framesLine(f.Frames))
}

// framesLine names the frames that show a finding.
func framesLine(frames []int) string {
	if len(frames) == 0 {
		return ""
	}
	words := make([]string, len(frames))
	for i, n := range frames {
		words[i] = strconv.Itoa(n)
	}
	noun := ", frames "
	if len(frames) == 1 {
		noun = ", frame "
	}
	return noun + strings.Join(words, " ")
}
