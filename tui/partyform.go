package tui

import (
	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/tui/ladder"
)

// partyForm chooses what of the two ends of a call stands in the list.
type partyForm uint8

const (
	partyUser partyForm = iota
	partyURI
	partyName
	partyHost
)

// partyForms are the values of calls.parties, by form.
var partyForms = [...]string{partyUser: "user", partyURI: "uri", partyName: "name", partyHost: "host"}

// of is what an end of a call is called: where there is no display name, or no
// host, the user part stands for it. The text is as on the wire.
func (f partyForm) of(uri, display string) string {
	switch {
	case f == partyURI:
		return uri
	case f == partyName && display != "":
		return display
	case f == partyHost:
		if u := sip.ParseURI(uri); u.Host != "" {
			return u.Host
		}
	}
	return ladder.User(uri)
}

func (f partyForm) from(c *correlate.Call) string { return f.of(c.From, c.FromDisplay) }
func (f partyForm) to(c *correlate.Call) string   { return f.of(c.To, c.ToDisplay) }
