package notice

import "strings"

// A Content is one body in the shape that its type has; at most one of the
// pointers is set.
type Content struct {
	Type       string // media type, as on the wire
	Presence   *Presence
	Dialogs    *DialogInfo
	Waiting    *Summary
	RegInfo    *RegInfo
	Conference *ConferenceInfo
	Fragment   string // status line of message/sipfrag
	Problem    string // why not all of it was understood
}

// Read reads a body of a media type; of types that it does not know it keeps
// the name.
func Read(contentType, body string) Content {
	c := Content{Type: contentType}
	var err error
	switch strings.ToLower(contentType) {
	case "application/pidf+xml":
		c.Presence, err = ParsePresence(body)
	case "application/dialog-info+xml":
		c.Dialogs, err = ParseDialogInfo(body)
	case "application/simple-message-summary":
		c.Waiting, err = ParseSummary(body)
	case "application/reginfo+xml":
		c.RegInfo, err = ParseRegInfo(body)
	case "application/conference-info+xml":
		c.Conference, err = ParseConferenceInfo(body)
	case "message/sipfrag":
		line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
		c.Fragment = strings.TrimSpace(line[:min(len(line), maxText)])
	}
	if err != nil {
		c.Problem = err.Error()
	}
	return c
}

// Known reports whether the body was understood, at least in part.
func (c *Content) Known() bool {
	return c.Presence != nil || c.Dialogs != nil || c.Waiting != nil || c.RegInfo != nil || c.Conference != nil || c.Fragment != ""
}

// After is what holds when c came after before, see DialogInfo.After.
func (c Content) After(before Content) Content {
	if c.Dialogs != nil {
		c.Dialogs = c.Dialogs.After(before.Dialogs)
	}
	if c.Conference != nil {
		c.Conference = c.Conference.After(before.Conference)
	}
	return c
}

// Words says the content in a line; the media type when it was not understood.
func (c *Content) Words() string {
	switch {
	case c.Presence != nil:
		return c.Presence.Words()
	case c.Dialogs != nil:
		return c.Dialogs.Words()
	case c.Waiting != nil:
		return c.Waiting.Words()
	case c.RegInfo != nil:
		return c.RegInfo.Words()
	case c.Conference != nil:
		return c.Conference.Words()
	case c.Fragment != "":
		return c.Fragment
	case c.Problem != "":
		return c.Type + ": " + c.Problem
	}
	return c.Type
}
