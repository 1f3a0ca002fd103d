package diagnosis

import (
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
		uri = c.SIP(m).RequestURI
	}
	number := dialled(uri)
	d := c.Find("%s says that %s %s (%d %s).%s", x.Final.Src, number, numberWords[x.Status()], x.Status(), x.Final.Reason, c.otherNumbers(number))
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
	for _, o := range c.pairCalls(c.Call) {
		longer := dialled(o.RequestURI)
		if o != c.Call && o.From == c.Call.From && len(longer) > len(number) && strings.HasPrefix(longer, number) &&
			o.Started >= c.Call.Started && o.Started-c.Call.Started < 15e9 {
			return true
		}
	}
	return false
}

// otherNumbers compares the form of a number with those that were answered
// between the same hosts.
func (c *Case) otherNumbers(number string) string {
	forms, example := make(map[string]int), make(map[string]string)
	total := 0
	for _, o := range c.pairCalls(c.Call) {
		if o.Answered != 0 {
			n := dialled(o.RequestURI)
			forms[numberForm(n)]++
			example[numberForm(n)] = n
			total++
		}
	}
	form := numberForm(number)
	if total == 0 || forms[form] > 0 {
		return ""
	}
	best := ""
	for f, n := range forms {
		if best == "" || n > forms[best] || n == forms[best] && f < best {
			best = f
		}
	}
	return " Calls that were answered between these hosts had numbers " + best + ", such as " + example[best] + "; this one is " + form + "."
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
