package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func refusalRules() []*Rule {
	return []*Rule{{
		Code: "SIG-24", Name: "bad-number", Title: "The dialled number is not valid there",
		Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedResponses, When: TraitFailure,
		Means:      "The call ends with 404, 410, 416, 484, 485 or 604. Digits sent one after the other (484, then a longer number) are left out as long as they go on.",
		Advice:     "Compare the number with those that work on this trunk: prefix, + or 00, the number plan, whether it was ported.",
		References: []string{"RFC 3261 §21.4.5", "RFC 3578"},
		Check:      badNumber,
	}}
}

// requestURI is the Request-URI in the first line of a request.
func requestURI(raw string) string {
	line, _, _ := strings.Cut(raw, "\n")
	_, rest, _ := strings.Cut(line, " ")
	uri, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	return strings.TrimRight(uri, "\r")
}

var numberWords = map[int]string{
	404: "does not exist there", 410: "does not exist any more", 416: "is of a kind that the other side does not know",
	484: "is incomplete", 485: "is ambiguous", 604: "does not exist anywhere",
}

func badNumber(c *Case) {
	if !c.decided(404, 410, 416, 484, 485, 604) {
		return
	}
	x := c.Origin("INVITE", c.Call.FinalStatus)
	if x == nil || c.Call.FinalStatus == 484 && c.dialsOn() {
		return
	}
	uri := c.Call.RequestURI
	if m := x.Request(); m != nil {
		uri = requestURI(m.Text())
	}
	number := dialled(uri)
	if number == "" {
		number = c.callee()
	}
	d := c.Find("%s says that \"%s\" %s (%d %s).%s", x.Final.Src, number, numberWords[x.Status()], x.Status(), x.Final.Reason, c.otherNumbers(number))
	d.refusedWith(x)
}

// dialled is the user part of a URI, or the URI when it has none.
func dialled(uri string) string {
	u := sip.ParseURI(uri)
	if n := u.DisplayUser(); n != "" {
		return n
	}
	return uri
}

// dialsOn reports whether the number was sent again with more digits: under
// the same Call-ID or as a call of its own within 15 s (overlap dialling).
func (c *Case) dialsOn() bool {
	number := dialled(c.Call.RequestURI)
	later := startedFrom(c.callsOf(c.Call), c.Call.Started)
	for _, o := range later[:min(len(later), comparedCalls)] { // nobody makes more of them in that time by hand
		if o.Started-c.Call.Started >= 15*second {
			break
		}
		longer := dialled(o.RequestURI)
		if o != c.Call && len(longer) > len(number) && strings.HasPrefix(longer, number) {
			return true
		}
	}
	return false
}

// numberForms are how the numbers of answered calls between two hosts are
// written, with an example of each.
type numberForms struct {
	count   map[string]int
	example map[string]string
}

// formsOf looks at the calls between the ends of a call, once.
func (x *sharing) formsOf(of *correlate.Call) *numberForms {
	w := hostsOf(of)
	x.paired = true
	if f := x.forms[w]; f != nil {
		return f
	}
	f := &numberForms{make(map[string]int), make(map[string]string)}
	for _, o := range x.pairCalls(of) {
		if o.Answered != 0 {
			n := dialled(o.RequestURI)
			f.count[numberForm(n)]++
			f.example[numberForm(n)] = n
		}
	}
	if x.forms == nil {
		x.forms = make(map[way]*numberForms)
	}
	x.forms[w] = f
	return f
}

// otherNumbers compares the form of a number with those that were answered
// between the same hosts.
func (c *Case) otherNumbers(number string) string {
	f, form := c.formsOf(c.Call), numberForm(number)
	if f.count[form] > 0 {
		return ""
	}
	best := ""
	for other, n := range f.count {
		if best == "" || n > f.count[best] || n == f.count[best] && other < best {
			best = other
		}
	}
	if best == "" {
		return ""
	}
	return " Calls that were answered between these hosts had numbers " + best + ", such as " + f.example[best] + "; this one is " + form + "."
}

// comparedCalls is how many calls between two hosts are looked at, for the form
// of their numbers or for what the same caller dialled next.
const comparedCalls = 100

// startedFrom are the calls of a list in order that began at a moment or later.
func startedFrom(list []*correlate.Call, nanos int64) []*correlate.Call {
	i, _ := slices.BinarySearchFunc(list, nanos, func(c *correlate.Call, at int64) int { return cmp.Compare(c.Started, at) })
	return list[i:]
}

// numberForm says how a number is written.
func numberForm(n string) string {
	switch digits := strings.TrimPrefix(n, "+"); {
	case digits == "" || strings.Trim(digits, "0123456789-.() ") != "":
		return "as a name"
	case strings.HasPrefix(n, "+"):
		return "with +"
	case strings.HasPrefix(n, "00"):
		return "with 00"
	case strings.HasPrefix(n, "0"):
		return "with 0"
	}
	return "without a prefix"
}
