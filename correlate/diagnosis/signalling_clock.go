package diagnosis

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func clockRules() []*Rule {
	return []*Rule{{
		Code: "SIG-39", Name: "wrong-clock", Title: "The clock of a device is wrong",
		Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitInvite | TraitRegister,
		Means:      "The Date header differs by more than 300 s from the time of the capture, or the token in an Identity header was more than 60 s old (iat). It is the clock of the capture that is compared with.",
		Advice:     "Look at NTP on that device, and on the machine that captured.",
		References: []string{"RFC 3261 §20.17", "RFC 8225 §5.1.1"},
		Thresholds: []Threshold{{"date", 300, "s", "between Date and the capture"}, {"token", 60, "s", "age of the token in Identity"}},
		Check:      wrongClock,
	}}
}

// firstMessages is how many messages of a call are searched for a Date: a device
// that sends it does so from the beginning.
const firstMessages = 12

func wrongClock(c *Case) {
	var told map[string]bool
	for _, m := range c.Messages()[:min(len(c.Messages()), firstMessages)] {
		if m.Duplicate || m.Retransmission || m.Method == "ACK" || m.Method == "" && m.StatusCode < 200 {
			continue
		}
		if m.Headers.Has(sip.HeaderDate) {
			told = c.compareDate(m, told)
		}
		if m.Method == "INVITE" && m.Headers.Has(sip.HeaderIdentity) {
			c.compareToken(m)
		}
	}
}

func (c *Case) compareDate(m *correlate.Message, told map[string]bool) map[string]bool {
	src := m.Src.Addr().String()
	date, err := time.Parse(time.RFC1123, strings.TrimSpace(c.Header(m, "Date")))
	off := time.Unix(0, m.Nanos).Sub(date)
	if err != nil || told[src] || off.Abs().Seconds() <= c.Number("date") {
		return told
	}
	if told == nil {
		told = make(map[string]bool)
	}
	told[src] = true
	way := "behind"
	if off < 0 {
		way = "ahead of"
	}
	c.Find("The clock of %s is %s %s that of the capture: it says %s.", src, span(int64(off.Abs())), way, date.UTC().Format(time.DateTime)).
		Message(m, "Date: %s", c.Header(m, "Date"))
	return told
}

// compareToken checks the age of the PASSporT of an INVITE.
func (c *Case) compareToken(m *correlate.Message) {
	token, _, _ := strings.Cut(c.Header(m, "Identity"), ";")
	parts := strings.Split(strings.TrimSpace(token), ".")
	if len(parts) != 3 || len(parts[1]) > 8192 {
		return
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return
	}
	var claims struct {
		IssuedAt int64 `json:"iat"`
	}
	if json.Unmarshal(text, &claims) != nil || claims.IssuedAt <= 0 || claims.IssuedAt > 1<<40 {
		return
	}
	age := m.Nanos/second - claims.IssuedAt
	if float64(age) > c.Number("token") {
		c.Find("The identity of the call was signed %s before the INVITE came from %s; it counts for a minute.", span(age*second), m.Src).
			Message(m, "Identity with iat %d", claims.IssuedAt)
	}
}
