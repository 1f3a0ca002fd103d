package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// A told is what happened in a call, in JSON: docs/STORY.md.
type told struct {
	Story         []step          `json:"story,omitempty"`
	RolesUnknown  bool            `json:"roles_unknown,omitempty"`
	CauseText     string          `json:"cause_text,omitempty"`
	Branches      []branch        `json:"branches,omitempty"`
	Holds         []hold          `json:"holds,omitempty"`
	HoldTime      *float64        `json:"hold_ms,omitempty"`
	Transfers     []transfer      `json:"transfers,omitempty"`
	Redirects     []redirect      `json:"redirects,omitempty"`
	Diversions    []diversion     `json:"diversions,omitempty"`
	Conference    *conferenceJSON `json:"conference,omitempty"`
	TransferredBy string          `json:"transferred_by,omitempty"` // Call-IDs, as the others
	RedirectedBy  string          `json:"redirected_by,omitempty"`
	Replaces      string          `json:"replaces,omitempty"`
	ReplacedBy    string          `json:"replaced_by,omitempty"`
	Joins         string          `json:"joins,omitempty"`
}

type step struct {
	At     string   `json:"at,omitempty"`
	Event  string   `json:"event"`
	By     string   `json:"by,omitempty"`
	Status int      `json:"status,omitempty"`
	Frames []int    `json:"frames"`
	Value  int64    `json:"value,omitempty"`
	After  *float64 `json:"after_ms,omitempty"` // since what it ends, or answers
	Detail string   `json:"detail,omitempty"`
	More   string   `json:"more,omitempty"`
	Text   string   `json:"text"`
}

type branch struct {
	Target string   `json:"target"`
	Serial bool     `json:"serial"`
	Sent   string   `json:"sent"`
	Ring   *float64 `json:"ring_after_ms,omitempty"`
	Status int      `json:"status,omitempty"`
	Ended  string   `json:"ended,omitempty"`
	Winner bool     `json:"winner"`
	Frames []int    `json:"frames"`
}

type hold struct {
	By     string `json:"by,omitempty"`
	Method string `json:"method"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"` // absent: it lasted to the end
	Music  bool   `json:"music"`
	Frames []int  `json:"frames"`
}

type transfer struct {
	Kind     string `json:"kind"`
	By       string `json:"by,omitempty"`
	Target   string `json:"target"`
	Asked    string `json:"asked"`
	Frame    int    `json:"frame"`
	Accepted int    `json:"accepted,omitempty"` // final status of the REFER
	Status   int    `json:"status,omitempty"`   // of the last NOTIFY
	Outcome  string `json:"outcome"`
	CallID   string `json:"call_id,omitempty"` // of the call that it made
	Answered string `json:"answered,omitempty"`
	Replaced string `json:"replaced_call_id,omitempty"`
}

type redirect struct {
	Status int    `json:"status"`
	Target string `json:"target,omitempty"`
	At     string `json:"at"`
	Frame  int    `json:"frame"`
	CallID string `json:"call_id,omitempty"` // of the call that followed it
}

type diversion struct {
	From   string `json:"from"`
	To     string `json:"to,omitempty"`
	Reason string `json:"reason,omitempty"`
	Frame  int    `json:"frame"`
}

type conferenceJSON struct {
	Focus   string   `json:"focus"`
	Members []string `json:"members"` // Call-IDs of the other calls with the focus
	Roster  []string `json:"roster"`  // Call-IDs of the subscriptions to its state
}

func newTold(c *correlate.Call) told {
	out := told{
		RolesUnknown: c.RolesUnknown, CauseText: correlate.CauseWords(c.Cause, c.FinalStatus),
		TransferredBy: callID(c.TransferredBy), RedirectedBy: callID(c.RedirectedBy),
		Replaces: callID(c.Replaces), ReplacedBy: callID(c.ReplacedBy), Joins: callID(c.Joins),
	}
	by := func(s correlate.Side) string {
		if c.RolesUnknown && s != correlate.SideNetwork {
			return ""
		}
		return s.String()
	}
	for _, s := range c.Story {
		out.Story = append(out.Story, newStep(c, s, by(s.By)))
	}
	for i := range c.Branches {
		out.Branches = append(out.Branches, newBranch(&c.Branches[i]))
	}
	for _, h := range c.Holds {
		out.Holds = append(out.Holds, hold{
			By: by(h.By), Method: h.Method, From: stamp(h.From), To: stamp(h.To), Music: h.Music, Frames: frames(h.Frames),
		})
	}
	if len(c.Holds) > 0 {
		out.HoldTime = millis(c.HoldTime)
	}
	for i := range c.Transfers {
		x := &c.Transfers[i]
		out.Transfers = append(out.Transfers, transfer{
			Kind: x.Kind.String(), By: by(x.By), Target: x.Target, Asked: stamp(x.Asked), Frame: x.Frame, Accepted: x.Accepted,
			Status: x.Status, Outcome: x.Outcome.String(), CallID: callID(x.Call), Answered: stamp(x.Answered), Replaced: callID(x.Replaced),
		})
	}
	for _, x := range c.Redirects {
		out.Redirects = append(out.Redirects, redirect{Status: x.Status, Target: x.Target, At: stamp(x.At), Frame: x.Frame, CallID: callID(x.Call)})
	}
	for _, d := range c.Diversions {
		out.Diversions = append(out.Diversions, diversion{From: d.From, To: d.To, Reason: d.Reason, Frame: d.Frame})
	}
	if f := c.Conference; f != nil {
		out.Conference = &conferenceJSON{Focus: f.Focus, Members: refIDs(f.Members), Roster: refIDs(f.Roster)}
	}
	return out
}

func newStep(c *correlate.Call, s correlate.Step, by string) step {
	out := step{
		At: stamp(s.Nanos), Event: s.Kind.String(), By: by, Status: int(s.Status), Frames: frames(s.Frames),
		Value: s.Value, Detail: s.Detail, More: s.More, Text: correlate.Words(s, c),
	}
	switch s.Kind {
	case correlate.StepDTMF:
		out.Detail = correlate.MaskDigits(s.Detail)
	case correlate.StepResume, correlate.StepGlareRetried, correlate.StepTransferDone, correlate.StepTransferFailed:
		out.Value = 0
		if s.Value > 0 {
			out.After = millis(s.Value)
		}
	}
	return out
}

func newBranch(b *correlate.Branch) branch {
	out := branch{
		Target: b.Target, Serial: b.Serial, Sent: stamp(b.Sent), Status: b.Status, Ended: stamp(b.Ended),
		Winner: b.Winner, Frames: frames(b.Frames),
	}
	if b.Rang != 0 {
		out.Ring = millis(max(b.Rang-b.Sent, 0))
	}
	return out
}

// frames leaves out those that there are not, and the second when it is the
// first again.
func frames(f [2]int) []int {
	list := make([]int, 0, 2)
	for _, n := range f {
		if n != 0 && !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

func callID(ref *correlate.CallRef) string {
	if ref == nil {
		return ""
	}
	return ref.CallID
}

func refIDs(refs []*correlate.CallRef) []string {
	list := make([]string, len(refs))
	for i, ref := range refs {
		list[i] = ref.CallID
	}
	return list
}

// maxStories bounds the stories of a report that was not asked for all.
const maxStories = 200

// writeStories prints the story of each call that is more than its line in
// the list tells; of all calls when they were asked for.
func writeStories(w *bufio.Writer, r Result) {
	left := 0
	told := 0
	for _, c := range r.Snapshot.Calls {
		switch {
		case len(c.Story) == 0 || !r.Verbose && plain(c):
		case told >= maxStories && !r.Verbose:
			left++
		default:
			told++
			fmt.Fprintln(w)
			writeStory(w, c)
		}
	}
	if left > 0 {
		fmt.Fprintf(w, "\n%s more calls have a story: -v prints all, --call one.\n", amount.Grouped(left))
	}
}

// writeStory prints one call, a line for each step.
func writeStory(w io.Writer, c *correlate.Call) {
	fmt.Fprintf(w, "Call %d  %s → %s  %s\n", c.Index, clean.Line(Party(c.From)), clean.Line(Party(c.To)), c.Word())
	width := 1
	for _, s := range c.Story {
		width = max(width, len(s.FrameWords()))
	}
	for _, s := range c.Story {
		fmt.Fprintf(w, "  %-12s  %-*s  %s\n", clock(s.Nanos), width, s.FrameWords(), clean.Line(correlate.Words(s, c)))
	}
	if text := correlate.CauseWords(c.Cause, c.FinalStatus); text != "" {
		fmt.Fprintf(w, "  Cause: %s\n", clean.Line(text))
	}
	if c.HoldTime > 0 {
		fmt.Fprintf(w, "  On hold: %s s\n", seconds(c.HoldTime))
	}
}

// plain reports whether the line of a call in the list says all of its story.
func plain(c *correlate.Call) bool {
	if c.TransferredBy != nil || c.RedirectedBy != nil {
		return false
	}
	return !slices.ContainsFunc(c.Story, func(s correlate.Step) bool {
		switch s.Kind {
		case correlate.StepInvite, correlate.StepTrying, correlate.StepProgress, correlate.StepRinging, correlate.StepEarlyMedia,
			correlate.StepChallenged, correlate.StepRetried, correlate.StepRejected, correlate.StepCancel, correlate.StepCancelled,
			correlate.StepNoResponse, correlate.StepAnswered, correlate.StepAcknowledged, correlate.StepSessionTimer,
			correlate.StepPrack, correlate.StepBye:
			return false
		}
		return true
	})
}

// Only keeps of a Result the calls that a Call-ID or a number names, and their
// streams; ok is false when there is none.
func (r Result) Only(name string) (only Result, ok bool) {
	s := *r.Snapshot
	s.Calls, s.Streams = nil, nil
	for _, c := range r.Snapshot.Calls {
		if c.CallID == name || strconv.Itoa(c.Index) == name {
			s.Calls = append(s.Calls, c)
		}
	}
	for _, st := range r.Snapshot.Streams {
		if st.Call != nil && slices.ContainsFunc(s.Calls, func(c *correlate.Call) bool { return c.Index == st.Call.Index }) {
			s.Streams = append(s.Streams, st)
		}
	}
	r.Snapshot, r.Verbose, r.single = &s, true, true
	if r.Diagnosis != nil {
		r.Diagnosis = r.Diagnosis.Narrow(&s)
	}
	return r, len(s.Calls) > 0
}

// writeDetails prints what the list has no room for of the calls that were
// asked for by name.
func writeDetails(w io.Writer, calls []*correlate.Call) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-12s %s\n", name, clean.Line(value))
		}
	}
	party := func(display, uri string) string {
		if display == "" {
			return uri
		}
		return strconv.Quote(display) + " <" + uri + ">"
	}
	for _, c := range calls {
		fmt.Fprintf(w, "\nCall %d  %s\n", c.Index, c.Word())
		line("Call-ID", c.CallID)
		line("From", party(c.FromDisplay, c.From))
		line("To", party(c.ToDisplay, c.To))
		line("Request-URI", c.RequestURI)
		line("Source", addr(c.Source))
		line("Destination", addr(c.Destination))
		line("Transport", c.Transport.String())
		line("User-Agent", c.UserAgent)
		line("Started", stamp(c.Started))
		line("Answered", stamp(c.Answered))
		line("Ended", stamp(c.Ended))
		line("Ended by", c.EndedBy)
		line("Flags", strings.Join(c.Flags, " "))
		for i := range c.Transfers {
			x := &c.Transfers[i]
			line("Transfer", fmt.Sprintf("%s to %s by the %s: %s", x.Kind, x.Target, x.By, x.Outcome))
		}
		for _, b := range c.Branches {
			line("Branch", b.Target+"  "+code(b.Status))
		}
		if f := c.Conference; f != nil {
			line("Conference", fmt.Sprintf("%s with %d other calls", f.Focus, len(f.Members)))
		}
		for _, ref := range []struct {
			name string
			call *correlate.CallRef
		}{{"Transferred by", c.TransferredBy}, {"Redirected by", c.RedirectedBy}, {"Replaces", c.Replaces}, {"Replaced by", c.ReplacedBy}, {"Joins", c.Joins}} {
			if ref.call != nil {
				line(ref.name, fmt.Sprintf("call %d, %s", ref.call.Index, ref.call.CallID))
			}
		}
	}
}
