package correlate

import (
	"fmt"
	"strconv"
	"strings"

	"sipsniff/decode/sip"
)

// This file is the parts that the sentences of step_words.go are made of.

// name is what people call a side: its display name, else the user of its
// URI, with the address that it was seen at.
func (t *teller) name(s Side) string { return t.called(s, t.addresses) }

func (t *teller) called(s Side, addresses bool) string {
	display, uri, address, role := t.c.FromDisplay, t.c.From, t.c.Source, "the caller"
	switch s {
	case SideCaller:
	case SideCallee:
		display, uri, address, role = t.c.ToDisplay, t.c.To, t.c.Destination, "the callee"
	case SideNetwork:
		return "the network"
	default:
		return "one side"
	}
	name := strings.TrimSpace(display)
	if name == "" {
		name = short(uri)
	}
	if name == "" {
		name = role
	}
	if short(t.c.From) == short(t.c.To) && t.c.FromDisplay == t.c.ToDisplay {
		name += ", " + role + ","
	}
	if addresses && address.IsValid() {
		return strings.TrimSuffix(name, ",") + " (" + address.Addr().String() + ")"
	}
	return name
}

// origin says which call made this one.
func (t *teller) origin() string {
	switch {
	case t.c.TransferredBy != nil:
		return ", as the transfer in " + t.other(t.c.TransferredBy, "") + " asked"
	case t.c.RedirectedBy != nil:
		return ", following the redirection of " + t.other(t.c.RedirectedBy, "")
	}
	return ""
}

// target is who rings or answers: the branch of a fork, which is not where the
// INVITE went first, else the callee.
func (t *teller) target(s Step) string {
	if s.Detail != "" {
		return t.called(SideCallee, false) + " at " + bareURI(s.Detail)
	}
	return t.name(SideCallee)
}

func (t *teller) server(s Side) string {
	if s == SideCaller {
		return t.name(s)
	}
	return "A server on the way"
}

// other names another call.
func (t *teller) other(ref *CallRef, callID string) string {
	if ref != nil {
		return "call " + strconv.Itoa(ref.Index) + " (" + ref.CallID + ")"
	}
	return "the call " + callID
}

func (t *teller) rejected(s Step, who string) string {
	reason := inBrackets(join(code(s.Status), s.Detail))
	switch s.Status {
	case 486, 600:
		return who + " was busy" + reason
	case 408, 480:
		return t.name(SideCallee) + " could not be reached" + reason
	}
	if s.By == SideCallee {
		return who + " refused the call" + reason
	}
	return "The call failed" + reason
}

// music tells of a hold whether its holder went on sending.
func (t *teller) music(s Step) string {
	for i := range t.c.Holds {
		if h := &t.c.Holds[i]; h.Music && h.By == s.By && h.From == s.Nanos {
			return " and went on sending audio"
		}
	}
	return ""
}

// outcome tells of a transfer what came of it.
func (t *teller) outcome(s Step) string {
	for i := range t.c.Transfers {
		x := &t.c.Transfers[i]
		if x.Frame != s.Frames[0] {
			continue
		}
		made := ""
		if x.Call != nil {
			made = " in " + t.other(x.Call, "")
		}
		switch {
		case x.Outcome == TransferDone && x.Answered != 0:
			return made + "; it was answered" + after(max(x.Answered-x.Asked, 1))
		case x.Outcome == TransferDone:
			return made + "; it succeeded"
		case x.Outcome == TransferFailed:
			return made + "; it failed"
		}
		return made
	}
	return ""
}

// MaskDigits hides dialled digits behind a star each (spec §9.14).
func MaskDigits(digits string) string { return strings.Repeat("*", min(max(len(digits), 1), 32)) }

// short is the user of a URI, or its host.
func short(uri string) string {
	u := sip.ParseURI(uri)
	switch {
	case u.User != "":
		user, _, _ := strings.Cut(u.DisplayUser(), ";")
		return user
	case u.Host != "":
		return u.Host
	}
	return uri
}

// bareURI is a URI without parameters and headers, which can be long.
func bareURI(uri string) string {
	end := strings.IndexByte(uri, '@') + 1 // a user part may have parameters of its own
	if i := strings.IndexAny(uri[end:], ";?"); i >= 0 {
		return uri[:end+i]
	}
	return uri
}

func with(word, detail string) string {
	if detail == "" {
		return ""
	}
	return word + detail
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }

func code(status uint16) string {
	if status == 0 {
		return ""
	}
	return strconv.Itoa(int(status))
}

func phrase(status uint16) string { return join(code(status), sip.ReasonPhrase(int(status))) }

func secondsWords(n int64) string { return strconv.FormatInt(n, 10) + " s" }

func minimum(n int64) string {
	if n == 0 {
		return ""
	}
	return ", at least " + secondsWords(n)
}

// after says how long something took, nothing when that is not known.
func after(nanos int64) string {
	if nanos <= 0 {
		return ""
	}
	return fmt.Sprintf(" after %.1f s", float64(nanos)/float64(second))
}

func refresherWords(who string) string {
	switch who {
	case "uac":
		return ", which the side that sent the request refreshes"
	case "uas":
		return ", which the side that answered refreshes"
	}
	return ""
}

func reasonWords(header string) string {
	if text := CauseWords(header, 0); text != "" {
		return ": " + text
	}
	return ""
}

// diversionWords says the reason of a forwarding: the words of RFC 5806, or a
// cause of RFC 4458 or RFC 7044, which is a status code.
func diversionWords(reason string) string {
	status, err := strconv.Atoi(reason)
	switch {
	case err == nil && status == 302:
		return "unconditional"
	case err == nil:
		return phrase(uint16(max(min(status, 699), 0)))
	}
	return reason
}
