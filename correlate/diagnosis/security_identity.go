package diagnosis

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// callerRules are about who calls.
func callerRules() []*Rule {
	return []*Rule{{
		Code: "SEC-10", Name: "doubtful-identity", Title: "Who calls is doubtful",
		Severity: correlate.Info, Confidence: correlate.Proven, Needs: NeedRequests, When: TraitInvite,
		Means:      "The number in From is another than the one that the network asserts (P-Asserted-Identity); or the call is attested as C (gateway), or its attestation is old; or there is none although that is required.",
		Advice:     "Compare with the rules for this trunk: which number may be sent, and how calls have to be signed (STIR).",
		Thresholds: []Threshold{{"age", 60, "s", "of an attestation (iat) at most"}, {"required", 0, "", "1: every call has to have an Identity header"}},
		References: []string{"RFC 8224", "RFC 8588"},
		Check:      doubtfulIdentity,
	}}
}

// doubtfulIdentity is SEC-10.
func doubtfulIdentity(c *Case) {
	if len(c.Messages()) == 0 {
		return
	}
	m := c.Messages()[0]
	if m.Method != "INVITE" || m.ToTag != "" {
		return
	}
	if m.Headers.Has(sip.HeaderPAssertedIdentity) {
		c.asserted(m)
	}
	switch identity := c.identity(m); {
	case identity != "":
		c.attested(m, identity)
	case c.Number("required") != 0:
		c.Find("The call from %s has no Identity header.", userOrURI(c.Call.From)).Message(m, "INVITE without Identity")
	}
}

func (c *Case) identity(m *correlate.Message) string {
	if !m.Headers.Has(sip.HeaderIdentity) {
		return ""
	}
	return c.Header(m, "Identity")
}

// asserted compares the numbers of From and P-Asserted-Identity. One may have
// a prefix that the other has not.
func (c *Case) asserted(m *correlate.Message) {
	from := digitsOf(userOf(c.Call.From))
	for a := range c.SIP(m).Addresses(sip.HeaderPAssertedIdentity) {
		pai := digitsOf(userOf(a.URI))
		if from == "" || pai == "" || strings.HasSuffix(from, lastDigits(pai)) || strings.HasSuffix(pai, lastDigits(from)) {
			return
		}
		c.Find("The call says that it comes from %s, the network says from %s.", userOf(c.Call.From), userOf(a.URI)).
			Message(m, "From %s, P-Asserted-Identity %s", userOf(c.Call.From), userOf(a.URI))
		return
	}
}

// lastDigits is a number without country code and the like.
func lastDigits(n string) string { return n[max(0, len(n)-8):] }

// attested reads the PASSporT of an Identity header (RFC 8225): three parts in
// base64url, the second of which is the claims.
func (c *Case) attested(m *correlate.Message, identity string) {
	token, _, _ := strings.Cut(identity, ";")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return
	}
	var claims struct {
		Attest string
		IAT    float64
	}
	if json.Unmarshal(text, &claims) != nil {
		return
	}
	if age := float64(m.Nanos)/1e9 - claims.IAT; claims.IAT > 0 && age > c.Number("age") {
		c.Find("The call from %s was signed %s before it was sent.", userOrURI(c.Call.From), span(int64(min(age, 1e9)*1e9))).Message(m, "attestation (iat) of an earlier time")
	}
	if strings.EqualFold(claims.Attest, "C") {
		c.Find("The network only says which gateway the call from %s came through (attestation C), not that the number is right.", userOrURI(c.Call.From)).
			Message(m, "attestation C")
	}
}

func userOrURI(uri string) string {
	if u := userOf(uri); u != "" {
		return u
	}
	return uri
}
