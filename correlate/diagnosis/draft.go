package diagnosis

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/internal/clean"
)

// maxEvidence is how many pieces of evidence a finding names.
const maxEvidence = 20

// A Draft is a finding in the making. Checks may change its fields.
type Draft struct {
	correlate.Finding
	rule   *Rule
	absent []absence
}

// An absence is a way on which something was not seen.
type absence struct {
	from, to netip.Addr
	nanos    int64
}

func draftOf(r *Rule, text string) *Draft {
	return &Draft{rule: r, Finding: correlate.Finding{
		Code: r.Code, Name: r.Name, Title: r.Title, Severity: r.Severity, Confidence: r.Confidence, Explanation: text, Advice: r.Advice,
	}}
}

// Message adds a message to the evidence; the text says what it shows.
func (d *Draft) Message(m *correlate.Message, text string, args ...any) *Draft {
	return d.Frame(m.Frame, m.Nanos, text, args...)
}

// Frame adds a packet to the evidence.
func (d *Draft) Frame(frame int, nanos int64, text string, args ...any) *Draft {
	return d.Show(correlate.Evidence{Frame: frame, Nanos: nanos, Text: fmt.Sprintf(text, args...)})
}

// Show adds a piece of evidence. The first with a time says when it was.
func (d *Draft) Show(e correlate.Evidence) *Draft {
	if len(d.Evidence) < maxEvidence {
		d.Evidence = append(d.Evidence, e)
	}
	if d.Nanos == 0 {
		d.Nanos = e.Nanos
	}
	return d
}

// Absent says that the finding relies on something not having gone from one
// address to another at about a moment. When the capture shows nothing at all
// of that way, the finding is less sure; when it certainly lacks that way,
// there is none (spec §7, visibility guard).
func (d *Draft) Absent(from, to netip.Addr, nanos int64) *Draft {
	d.absent = append(d.absent, absence{from, to, nanos})
	return d
}

// guard weakens a draft that relies on what the capture does not show. It
// reports false when nothing is left of it, and when to look again.
func (d *Draft) guard(x *sharing) (stands bool, again int64) {
	unseen := false
	for _, a := range d.absent {
		switch {
		case x.everything().Links.Blind(a.from, a.to):
			return false, 0
		case !x.Saw(a.from, a.to, a.nanos):
			unseen = true
			again = a.nanos + sightNanos
		}
	}
	if unseen {
		a := d.absent[0]
		d.Confidence = min(d.Confidence+1, correlate.Suspect)
		where := "was seen in this capture at that time"
		if x.alone {
			where = "is in this call"
		}
		d.Explanation += fmt.Sprintf(" Nothing at all from %s to %s %s, so that it may just not have been captured.", a.from, a.to, where)
	}
	return true, again
}

// finish makes the finding that is shown: safe text, frames in order.
func (d *Draft) finish() correlate.Finding {
	f := &d.Finding
	for _, text := range []*string{&f.Title, &f.Explanation, &f.Likely, &f.Advice, &f.About} {
		*text = shown(*text)
	}
	f.Frames = make([]int, 0, len(f.Evidence))
	for i := range f.Evidence {
		e := &f.Evidence[i]
		e.Text = shown(e.Text)
		if e.Frame > 0 {
			f.Frames = append(f.Frames, e.Frame)
		}
	}
	slices.Sort(f.Frames)
	f.Frames = slices.Compact(f.Frames)
	return *f
}

// maxText bounds the octets of a text: what strangers send is in it.
const maxText = 2000

func shown(text string) string {
	if len(text) > maxText {
		text = text[:maxText] + "…"
	}
	return clean.Line(text)
}

// byWeight orders findings by how well they explain what went wrong
// (spec §7, headline of a call). One whose time is not known comes behind.
func byWeight(a, b *correlate.Finding) int {
	return cmp.Or(
		weight(a)-weight(b), cmp.Compare(uint64(a.Nanos)-1, uint64(b.Nanos)-1), family(a.Code)-family(b.Code), cmp.Compare(a.Code, b.Code),
	)
}

// weight is the place of a finding: proven before strong, worse before
// milder; what is only suspected comes behind what is known, and remarks last.
func weight(f *correlate.Finding) int {
	place := 2 * int(correlate.Critical-f.Severity)
	switch {
	case f.Severity == correlate.Info:
		return 20 + int(f.Confidence)
	case f.Confidence == correlate.Suspect:
		return 10 + place
	case f.Confidence == correlate.Strong:
		return place + 1
	}
	return place
}

// family puts signalling before media, security and the capture.
func family(code string) int {
	return slices.Index([]string{"SIG", "MED", "SEC", "INF"}, code[:min(3, len(code))])
}
