package tui

import (
	"fmt"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/tui/figure"
)

// outcome is what the word of the state leaves open: how long nobody answered,
// or with what a request was refused; "" when the word says it all.
func (u *UI) outcome(c *correlate.Call) string {
	switch class := classOf(c.State); {
	case c.State == correlate.StateCancelled, c.State == correlate.StateCancelling, c.State == correlate.StateTimeout:
		return waited(c)
	case (class == classFailed || class == classBusy) && c.Answered == 0 && c.FinalStatus >= 300:
		return strings.TrimRight(fmt.Sprintf("%d %s", c.FinalStatus, u.clean(c.FinalReason)), " ")
	}
	return ""
}

// timerB is how long a client waits for any response to an INVITE before it
// gives up: 64 times T1 (RFC 3261 §17.1.1.2).
const timerB = int64(32 * time.Second)

// waited is how long the callee rang, or how long nothing more was heard of the
// other side, until the caller gave up; "" when that was not captured.
func waited(c *correlate.Call) string {
	var heard, rang, ended int64
	for i := range c.Story {
		s := &c.Story[i]
		switch s.Kind {
		case correlate.StepInvite, correlate.StepInviteAgain, correlate.StepRetried:
			heard, rang, ended = s.Nanos, 0, 0
		case correlate.StepTrying, correlate.StepProgress, correlate.StepQueued, correlate.StepForwarded:
			if ended == 0 {
				heard = s.Nanos
			}
		case correlate.StepRinging, correlate.StepEarlyMedia:
			if rang == 0 && ended == 0 {
				rang = s.Nanos
			}
		case correlate.StepNoResponse:
			if ended == 0 {
				ended = min(s.Nanos, heard+timerB)
			}
		case correlate.StepCancel, correlate.StepNoFinalResponse:
			if ended == 0 {
				ended = s.Nanos
			}
		}
	}
	switch {
	case ended == 0:
		return ""
	case rang != 0:
		return "rang for " + figure.Span(ended-rang)
	case heard != 0:
		return "no answer in " + figure.Span(ended-heard)
	}
	return ""
}
