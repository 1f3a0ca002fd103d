package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/scene"
)

// dead is a server that does not answer calls; what it says otherwise comes
// under another Call-ID.
const deadServer = `
	0.0 A>B INVITE 1 sdp
	0.5 A>B INVITE 1 sdp
	1.5 A>B INVITE 1 sdp
	3.5 A>B INVITE 1 sdp
	9.0 A>B OPTIONS 1 id=other
	9.1 B>A 200 OPTIONS 1 id=other
	40 end`

func callOfID(t *testing.T, s *correlate.Snapshot, id string) *correlate.Call {
	t.Helper()
	i := slices.IndexFunc(s.Calls, func(c *correlate.Call) bool { return c.CallID == id })
	if i < 0 {
		t.Fatalf("no call %s", id)
	}
	return s.Calls[i]
}

// One call is judged as it is among all, if what the capture shows is known.
func TestOne(t *testing.T) {
	whole := scene.Play(t, deadServer)
	c := callOfID(t, whole, "call")
	own := *whole
	own.Calls = []*correlate.Call{c}
	for range 2 { // the second time from what is remembered
		e := New(Options{})
		if f := e.One(c, &own, whole).Of(c.Index); len(f) != 1 || f[0].Code != "SIG-01" || f[0].Confidence != correlate.Strong {
			t.Errorf("with the capture: %+v", f)
		}
		if f := e.One(c, &own, nil).Of(c.Index); len(f) != 1 || f[0].Confidence != correlate.Suspect || !strings.Contains(f[0].Explanation, "is in this call") {
			t.Errorf("alone: %+v", f)
		}
	}
}

// What is judged bit by bit, as a capture comes in, is judged as all at once.
func TestStepByStep(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(deadServer), "\n")
	e := New(Options{})
	var last *Result
	var snap *correlate.Snapshot
	for n := 1; n <= len(lines); n++ {
		snap = scene.Play(t, strings.Join(lines[:n], "\n"))
		last = e.Run(snap)
	}
	want := New(Options{}).Run(snap)
	got, whole := last.ByCall[1], want.ByCall[1]
	if len(got) != 1 || len(whole) != 1 || got[0].Explanation != whole[0].Explanation || got[0].Confidence != whole[0].Confidence {
		t.Errorf("step by step %+v, at once %+v", got, whole)
	}
	if again := e.Run(snap); again != last {
		t.Error("the same snapshot was judged again")
	}
}

// A cause is shown, and what follows from it only named.
func TestBecause(t *testing.T) {
	finding := func(code string, severity correlate.Severity, confidence correlate.Confidence) correlate.Finding {
		return correlate.Finding{Code: code, Severity: severity, Confidence: confidence, Nanos: 1}
	}
	list := settle([]correlate.Finding{
		finding("SIG-25", correlate.Error, correlate.Proven), finding("SIG-20", correlate.Error, correlate.Strong),
		finding("SIG-01", correlate.Error, correlate.Proven), finding("SIG-37", correlate.Info, correlate.Proven),
	})
	if len(list) != 2 || list[0].Code != "SIG-01" || !slices.Equal(list[0].Because, []string{"SIG-20", "SIG-25"}) || list[1].Code != "SIG-37" {
		t.Errorf("%+v", list)
	}
	// What is suspected hides nothing that is known.
	list = settle([]correlate.Finding{finding("SIG-01", correlate.Error, correlate.Suspect), finding("SIG-20", correlate.Error, correlate.Strong)})
	if len(list) != 2 || list[0].Code != "SIG-20" {
		t.Errorf("%+v", list)
	}
}

// The verdict: what is proven before what is not, the worse before the milder,
// the earlier before the later, signalling before media, remarks last.
func TestOrder(t *testing.T) {
	want := []correlate.Finding{
		{Code: "MED-01", Severity: correlate.Critical, Confidence: correlate.Proven, Nanos: 9},
		{Code: "MED-30", Severity: correlate.Critical, Confidence: correlate.Strong, Nanos: 9},
		{Code: "SIG-11", Severity: correlate.Error, Confidence: correlate.Proven, Nanos: 5},
		{Code: "MED-08", Severity: correlate.Error, Confidence: correlate.Proven, Nanos: 5},
		{Code: "SIG-12", Severity: correlate.Error, Confidence: correlate.Proven, Nanos: 6},
		{Code: "SIG-02", Severity: correlate.Error, Confidence: correlate.Strong, Nanos: 1},
		{Code: "SIG-35", Severity: correlate.Warning, Confidence: correlate.Proven, Nanos: 1},
		{Code: "SIG-14", Severity: correlate.Error, Confidence: correlate.Suspect, Nanos: 1},
		{Code: "SIG-06", Severity: correlate.Warning, Confidence: correlate.Suspect, Nanos: 1},
		{Code: "SIG-37", Severity: correlate.Info, Confidence: correlate.Proven, Nanos: 1},
	}
	shuffled := slices.Clone(want)
	slices.Reverse(shuffled)
	for i, f := range settle(shuffled) {
		if f.Code != want[i].Code {
			t.Errorf("place %d is %s, want %s", i, f.Code, want[i].Code)
		}
	}
}

// The causes of a capture are the verdicts of its calls by pair of hosts.
func TestCauses(t *testing.T) {
	var b strings.Builder
	for i, status := range []string{"404", "404", "200", "488", "404"} {
		at := string(rune('0' + i))
		b.WriteString(at + ".0 A>B INVITE 1 sdp id=c" + at + "\n" + at + ".1 B>A " + status + " INVITE 1 sdp id=c" + at + "\n" + at + ".2 A>B ACK 1 nack id=c" + at + "\n")
	}
	b.WriteString("8.0 A>C INVITE 1 sdp id=x\n8.1 C>A 404 INVITE 1 id=x\n8.2 A>C ACK 1 nack id=x\n")
	r := New(Options{}).Run(scene.Play(t, b.String()))
	type cause struct {
		code, to string
		calls    int
	}
	var got []cause
	for _, c := range r.Causes {
		got = append(got, cause{c.Code, c.B.String(), len(c.Calls)})
	}
	want := []cause{{"SIG-11", "192.0.2.66", 1}, {"SIG-24", "192.0.2.66", 3}, {"SIG-24", "192.0.2.67", 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if v := r.Verdict(r.Causes[0].Calls[0]); v == nil || v.Code != "SIG-11" {
		t.Errorf("%+v", v)
	}
}
