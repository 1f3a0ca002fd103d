package correlate

import (
	"slices"
	"strings"
)

// This file is how the machine says what happened: docs/STORY.md.

// tell adds a step that an event completed. Its first frame is that of the
// event unless the step names another.
func (c *callMachine) tell(e *event, s Step) {
	s.Nanos, s.Frames[1] = e.nanos, e.frame
	if s.Frames[0] == 0 {
		s.Frames[0] = e.frame
	}
	c.story.add(s)
}

// tellTimer adds what happened because nothing came.
func (c *callMachine) tellTimer(kind StepKind, nanos int64, by Side) {
	c.story.add(Step{Kind: kind, Nanos: nanos, By: by})
}

// sender is the side that sent a message.
func (c *callMachine) sender(m *Message) Side {
	if c.fromCaller(m) {
		return SideCaller
	}
	return SideCallee
}

// tellInvite tells of a new INVITE and what it says of its past.
func (c *callMachine) tellInvite(e *event, kind StepKind) {
	c.tell(e, Step{Kind: kind, By: SideCaller, Detail: e.uri})
	few := e.few()
	if e.replaces != "" {
		c.tell(e, Step{Kind: StepReplaces, By: SideCaller, Detail: callIDOf(e.replaces)})
	}
	if few.join != "" {
		c.tell(e, Step{Kind: StepJoins, By: SideCaller, Detail: callIDOf(few.join)})
	}
}

// callIDOf is the Call-ID in the value of Replaces or Join.
func callIDOf(value string) string {
	callID, _, _ := strings.Cut(value, ";")
	return strings.TrimSpace(callID)
}

// tellDiversions tells of forwardings before this call. Proxies add their own
// on the way, so the longest list counts.
func (c *callMachine) tellDiversions(e *event) {
	few := e.few()
	if e.verb() != "INVITE" || e.message.ToTag != "" || len(few.diversions)+len(few.history) == 0 {
		return
	}
	list := diversionsOf(few.diversions, few.history, e.frame)
	for _, d := range list[min(len(c.diversions), len(list)):] {
		c.tell(e, Step{Kind: StepDiverted, By: SideNetwork, Detail: d.From, More: d.Reason})
		c.diversions = append(c.diversions, d)
	}
}

// tellFocus tells that one side is the focus of a conference (RFC 4579).
func (c *callMachine) tellFocus(e *event) {
	focus := e.focus // listen knows that there are rarities
	if focus == "" || c.focus == focus || e.message.StatusCode >= 300 {
		return
	}
	c.focus = focus
	c.tell(e, Step{Kind: StepConference, By: c.sender(e.message), Detail: focus})
}

// listen takes from any message what does not depend on the state.
func (c *callMachine) listen(e *event) {
	if e.rarities != nil {
		c.tellDiversions(e)
		c.tellFocus(e)
	}
	if s := e.message.SDP; s != nil && c.attempts > 0 {
		c.media.learn(c.fromCaller(e.message), s)
	}
}

// tellFailure tells of the final response that decided.
func (c *callMachine) tellFailure(e *event) {
	status := e.message.StatusCode
	s := Step{Status: uint16(status), By: sideNamed(refusedBy(status))}
	switch {
	case status == 401 || status == 407:
		s.Kind, s.By = StepChallenged, SideNetwork
	case status == 422:
		s.Kind, s.Value = StepIntervalTooSmall, max(seconds(e.few().minSE), 0)
	case status < 400:
		s.Kind, s.Detail, s.By = StepRedirected, e.uri, SideNetwork
		c.redirect(e)
	case status == 487:
		s.Kind = StepCancelled
	default:
		s.Kind, s.Detail = StepRejected, e.message.Reason
	}
	c.tell(e, s)
}

// A Redirect is a 3xx: the caller is asked to call Target instead.
type Redirect struct {
	Status int
	Target string // URI of the first Contact, as on the wire
	At     int64  // Unix ns
	Frame  int
	Call   *CallRef // the call under another Call-ID that followed it, nil when there is none

	followed bool // under the same Call-ID
}

// maxRedirects bounds the redirections of one call that are listed.
const maxRedirects = 16

func (c *callMachine) redirect(e *event) {
	if len(c.redirects) < maxRedirects {
		c.redirects = append(c.redirects, Redirect{Status: e.message.StatusCode, Target: e.uri, At: e.nanos, Frame: e.frame})
	}
}

// tellRetry tells why an INVITE goes on with the attempt.
func (c *callMachine) tellRetry(e *event) {
	s := Step{Kind: StepRetried, By: SideCaller, Status: uint16(c.finalStatus)}
	if c.state == StateRedirected {
		s.Kind, s.Detail = StepRedirectFollowed, e.uri
		c.led = e.uri
		if n := len(c.redirects); n > 0 {
			c.redirects[n-1].followed = true
		}
	}
	if c.finalStatus == 422 {
		s.Value = int64(e.sessionExpires)
	}
	c.tell(e, s)
}

// tellProgress tells of a provisional response, and of ringing and early
// media once for each early dialog.
func (c *callMachine) tellProgress(e *event) {
	s := Step{By: SideCallee, Status: uint16(e.message.StatusCode), Detail: c.target(e)}
	tag := e.message.ToTag
	if e.message.SDP != nil && s.Status > 100 {
		c.media.early, c.media.tag = e.message.SDP, tag
	}
	switch {
	case s.Status == 100 && !c.provoked:
		s.Kind, s.By = StepTrying, SideNetwork
	case s.Status == 180 && !slices.Contains(c.rang, tag):
		s.Kind = StepRinging
		if len(c.rang) < maxHops {
			c.rang = append(c.rang, tag)
		}
	case s.Status == 181:
		s.Kind, s.By = StepForwarded, SideNetwork
	case s.Status == 182:
		s.Kind, s.Detail = StepQueued, e.message.Reason
	case s.Status == 199:
		s.Kind = StepEarlyDialogEnded
	case s.Status == 183 && e.message.SDP == nil:
		s.Kind = StepProgress
	}
	if s.Kind != StepNone {
		c.tell(e, s)
	}
	if e.message.SDP != nil && s.Status > 100 && c.flags&flagEarlyMedia == 0 {
		s.Kind = StepEarlyMedia
		c.tell(e, s)
	}
}

// tellAnsweredAlso tells of the 2xx of a further branch.
func (c *callMachine) tellAnsweredAlso(e *event) {
	s := Step{Kind: StepAnsweredAlso, By: SideCallee, Status: uint16(e.message.StatusCode)}
	if b := c.branchOf(e); b != nil {
		s.Detail = b.told.Target
	}
	c.tell(e, s)
}

// tellAnswer tells of the 2xx that answered the call.
func (c *callMachine) tellAnswer(e *event) {
	crossed := c.flags&flagGlareCancel != 0
	c.tell(e, Step{
		Kind: StepAnswered, By: SideCallee, Status: uint16(e.message.StatusCode), Detail: c.target(e), More: c.media.now.words(),
	})
	if crossed {
		c.tell(e, Step{Kind: StepCancelCrossed, By: SideCaller})
	}
}

// tellSessionTimer tells of a session timer that was agreed on anew (RFC 4028).
func (c *callMachine) tellSessionTimer(e *event) {
	if e.sessionExpires > 0 && e.sessionExpires != c.toldInterval {
		c.toldInterval = e.sessionExpires
		c.tell(e, Step{Kind: StepSessionTimer, Value: int64(e.sessionExpires), Detail: e.few().refresher})
	}
}
