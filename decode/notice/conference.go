package notice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A ConferenceInfo is the roster of a conference (RFC 4575).
type ConferenceInfo struct {
	Entity    string
	State     string // "full", "partial", "deleted"
	Subject   string
	UserCount int // -1 when it is not said
	Active    string
	Users     []User
}

// A User is somebody in it.
type User struct {
	Entity  string
	Display string
	State   string // "full", "partial", "deleted"
	Status  string // of the first endpoint: "connected", "on-hold", "disconnected" …
	Role    string // of the first role
}

// maxUsers bounds the users that are kept.
const maxUsers = 200

// ParseConferenceInfo reads application/conference-info+xml. What was
// understood comes with the error.
func ParseConferenceInfo(text string) (*ConferenceInfo, error) {
	root, err := rooted(text, "conference-info")
	if root == nil {
		return nil, err
	}
	c := &ConferenceInfo{
		Entity: root.attribute("entity"), State: stateOf(root), UserCount: -1,
		Subject: root.child("conference-description", "subject").value(), Active: root.child("conference-state", "active").value(),
	}
	if n, ok := parseSmall(root.child("conference-state", "user-count").value()); ok {
		c.UserCount = n
	}
	root.child("users").each("user", func(e *element) {
		if len(c.Users) < maxUsers {
			c.Users = append(c.Users, User{
				Entity: e.attribute("entity"), Display: e.child("display-text").value(), State: stateOf(e),
				Status: e.child("endpoint", "status").value(), Role: e.child("roles", "entry").value(),
			})
		}
	})
	return c, err
}

// stateOf is "full" where nothing is said (RFC 4575 §4.4).
func stateOf(e *element) string {
	if state := e.attribute("state"); state != "" {
		return state
	}
	return "full"
}

// After is what holds when c came after before: partial information replaces
// the users that it names and takes away those that are deleted.
func (c *ConferenceInfo) After(before *ConferenceInfo) *ConferenceInfo {
	if c.State != "partial" || before == nil {
		return c
	}
	merged := *before
	merged.Users = slices.Clone(before.Users)
	if c.UserCount >= 0 {
		merged.UserCount = c.UserCount
	}
	if c.Active != "" {
		merged.Active = c.Active
	}
	for _, u := range c.Users {
		at := slices.IndexFunc(merged.Users, func(o User) bool { return o.Entity == u.Entity })
		switch {
		case at >= 0 && u.State == "deleted":
			merged.Users = slices.Delete(merged.Users, at, at+1)
		case at >= 0:
			merged.Users[at] = u.after(merged.Users[at])
		case u.State != "deleted" && len(merged.Users) < maxUsers:
			merged.Users = append(merged.Users, u)
		}
	}
	return &merged
}

// after keeps what a partial user does not say again.
func (u User) after(before User) User {
	if u.State != "partial" {
		return u
	}
	for _, field := range [...]struct{ now, old *string }{
		{&u.Display, &before.Display}, {&u.Status, &before.Status}, {&u.Role, &before.Role},
	} {
		if *field.now == "" {
			*field.now = *field.old
		}
	}
	u.State = before.State
	return u
}

// Words says it in a line: "2 users: Alice (connected), sip:bob@example.org (on-hold)".
func (c *ConferenceInfo) Words() string {
	if c.State == "deleted" {
		return "ended"
	}
	count := c.UserCount
	if count < 0 {
		count = len(c.Users)
	}
	words := strconv.Itoa(count) + " users"
	if count == 1 {
		words = "1 user"
	}
	for i := range c.Users {
		u := &c.Users[i]
		if u.State == "deleted" {
			continue
		}
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		name := u.Display
		if name == "" {
			name = u.Entity
		}
		words += separator + name
		if u.Status != "" {
			words += fmt.Sprintf(" (%s)", u.Status)
		}
	}
	return strings.TrimSpace(words)
}
