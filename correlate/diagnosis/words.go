package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/amount"
)

// second is in nanoseconds.
const second = int64(1e9)

// times says how often: "once", "twice", "3 times".
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return amount.Of(n, "time")
}

// span spells a time that passed: "320 ms", "2.4 s", "1:22".
func span(nanos int64) string {
	switch {
	case nanos < second:
		return fmt.Sprintf("%d ms", nanos/1e6)
	case nanos < 100*second:
		return fmt.Sprintf("%.1f s", float64(nanos)/1e9)
	case nanos < 3600*second:
		return fmt.Sprintf("%d:%02d min", nanos/second/60, nanos/second%60)
	}
	return fmt.Sprintf("%d:%02d h", nanos/second/3600, nanos/second/60%60)
}

// party names one side of a call: the user of its URI.
func party(uri string) string {
	u := sip.ParseURI(uri)
	if user := u.DisplayUser(); user != "" {
		return user
	}
	if u.Host != "" {
		return u.Host
	}
	return uri
}

// caller and callee name the sides of the call.
func (c *Case) caller() string { return party(c.Call.From) }
func (c *Case) callee() string { return party(c.Call.To) }

// flagged reports whether the call has a remark of spec §3.6.
func (c *Case) flagged(name string) bool {
	for _, f := range c.Call.Flags {
		if f == name {
			return true
		}
	}
	return false
}

// step finds the first step of a kind in the story of the call.
func (c *Case) step(kind correlate.StepKind) *correlate.Step {
	for i := range c.Call.Story {
		if c.Call.Story[i].Kind == kind {
			return &c.Call.Story[i]
		}
	}
	return nil
}

// at finds the message of a frame, nil when it is not of the call.
func (c *Case) at(frame int) *correlate.Message {
	for _, m := range c.Messages() {
		if m.Frame == frame {
			return m
		}
	}
	return nil
}
