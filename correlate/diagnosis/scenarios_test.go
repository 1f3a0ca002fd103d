package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/scene"
)

// scenarios is all of them. Each family lists those of its files.
func scenarios() []scenario {
	return slices.Concat(
		noAnswerScenarios(),
		acknowledgementScenarios(),
		delayScenarios(),
		cancelScenarios(),
		loopScenarios(),
		dialogScenarios(),
		policyScenarios(),
		registrationScenarios(),
		loadScenarios(),
		pathScenarios(),
		sizeScenarios(),
		reliableScenarios(),
		transferScenarios(),
		malformedScenarios(),
		clockScenarios(),
		negotiationScenarios(),
		authenticationScenarios(),
		refusalScenarios(),
		encryptedScenarios(),
		mediaScenarios(),
		transportScenarios(),
		securityScenarios(),
		infrastructureScenarios(),
	)
}

// A scenario is a case in which one rule speaks, or one in which it does not.
type scenario struct {
	rule, name string
	script     string              // of internal/scene
	capture    string              // a file, from here; in place of a script
	snapshot   *correlate.Snapshot // in place of both
	silent     bool                // the rule must not speak

	// What the finding must be; empty: anything.
	severity   string
	confidence string
	says       []string // in the explanation
	next       string   // in the advice
	frames     []int    // all of them
	count      int      // findings of the rule; 0: one at least
}

func (s *scenario) play(t *testing.T) *correlate.Snapshot {
	switch {
	case s.snapshot != nil:
		return s.snapshot
	case s.capture != "":
		return scene.Capture(t, s.capture)
	}
	return scene.Play(t, s.script)
}

// of is what one rule says of a snapshot, hidden or not.
func of(e *Engine, snap *correlate.Snapshot, code string) (found []correlate.Finding) {
	r := e.Run(snap)
	for _, c := range snap.Calls {
		for _, f := range e.entries[c.Index].findings {
			if f.Code == code {
				found = append(found, f)
			}
		}
		for _, f := range r.ByCall[c.Index] {
			if f.Code == code && !slices.ContainsFunc(e.entries[c.Index].findings, func(o correlate.Finding) bool { return o.Code == code }) {
				found = append(found, f)
			}
		}
	}
	for _, f := range r.Capture {
		if f.Code == code {
			found = append(found, f)
		}
	}
	return found
}

func TestScenarios(t *testing.T) {
	for _, s := range scenarios() {
		how := "/speaks/"
		if s.silent {
			how = "/silent/"
		}
		t.Run(s.rule+how+s.name, func(t *testing.T) {
			found := of(New(Options{}), s.play(t), s.rule)
			if s.silent {
				for _, f := range found {
					t.Errorf("said %s %s: %s", f.Severity, f.Confidence, f.Explanation)
				}
				return
			}
			if len(found) == 0 || s.count > 0 && len(found) != s.count {
				t.Fatalf("%d findings %+v", len(found), found)
			}
			s.check(t, &found[0])
		})
	}
}

func (s *scenario) check(t *testing.T, f *correlate.Finding) {
	t.Helper()
	if s.severity != "" && f.Severity.String() != s.severity || s.confidence != "" && f.Confidence.String() != s.confidence {
		t.Errorf("%s %s, want %s %s", f.Severity, f.Confidence, s.severity, s.confidence)
	}
	for _, words := range s.says {
		if !strings.Contains(f.Explanation, words) {
			t.Errorf("%q does not say %q", f.Explanation, words)
		}
	}
	if !strings.Contains(f.Advice, s.next) {
		t.Errorf("the advice %q does not say %q", f.Advice, s.next)
	}
	if s.frames != nil && !slices.Equal(f.Frames, s.frames) {
		t.Errorf("frames %v, want %v", f.Frames, s.frames)
	}
	if len(f.Evidence) == 0 || f.Advice == "" || f.Title == "" || strings.Contains(f.Explanation, "%!") || strings.Contains(f.Explanation, "  ") {
		t.Errorf("unfit to be shown: %+v", f)
	}
}

// TestEveryRule asks for a scenario of either kind of each rule, and prints how
// many have both.
func TestEveryRule(t *testing.T) {
	speaks, silent := map[string]bool{}, map[string]bool{}
	for _, s := range scenarios() {
		if s.silent {
			silent[s.rule] = true
		} else {
			speaks[s.rule] = true
		}
		if RuleOf(s.rule) == nil {
			t.Errorf("%s: no such rule", s.rule)
		}
	}
	both := 0
	for _, r := range Catalogue() {
		switch {
		case !speaks[r.Code]:
			t.Errorf("%s %s has no scenario in which it speaks", r.Code, r.Name)
		case !silent[r.Code]:
			t.Errorf("%s %s has no near-miss", r.Code, r.Name)
		default:
			both++
		}
	}
	t.Logf("%d of %d rules have a scenario in which they speak and a near-miss", both, len(Catalogue()))
}

func TestCatalogue(t *testing.T) {
	codes, names := map[string]bool{}, map[string]bool{}
	for _, r := range Catalogue() {
		switch {
		case codes[r.Code] || names[r.Name]:
			t.Errorf("%s %s is there twice", r.Code, r.Name)
		case family(r.Code) < 0 || len(r.Code) != 6 || r.Name != strings.ToLower(r.Name) || strings.ContainsAny(r.Name, " _."):
			t.Errorf("%s %s: bad code or name", r.Code, r.Name)
		case r.Title == "" || r.Means == "" || r.Advice == "" || r.Check == nil && r.Survey == nil:
			t.Errorf("%s lacks something", r.Code)
		case len(r.Title) > 60 || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: the title is too long or a sentence", r.Code)
		}
		codes[r.Code], names[r.Name] = true, true
		for _, h := range r.Hides {
			if h == r.Code || family(h) < 0 {
				t.Errorf("%s hides %s", r.Code, h)
			}
		}
		for _, n := range r.Thresholds {
			if n.Name == "" || n.Name == "off" || n.Meaning == "" || strings.ContainsAny(n.Name, " .") {
				t.Errorf("%s: threshold %+v", r.Code, n)
			}
		}
	}
}
