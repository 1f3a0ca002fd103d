package diagnosis

import (
	"fmt"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
)

// encryptedRules tell what is wrong with the encrypted connections that look
// like SIP: which of them cannot be read for want of which key, and which
// could not be made.
func encryptedRules() []*Rule {
	return []*Rule{
		{
			Code: "SIG-27", Name: "transport-mismatch", Title: "One side speaks encrypted, the other plain",
			Severity: correlate.Error, Confidence: correlate.Proven, Needs: NeedRequests | NeedResponses, When: TraitUnanswered,
			Graded: "strong when only the Via of a request without an answer tells",
			Means: "SIP in the clear is answered by a TLS alert, a TLS record or HTTP, or a TLS hello goes to a port that answers in the clear; or a request over UDP says in its Via that it came " +
				"over TCP or TLS, or the other way round, and has no answer. One that is answered all the same is left alone.",
			Advice: "Check the port (5060 is clear, 5061 is TLS) and the transport parameter of the address.",
			Hides:  []string{"SIG-01"}, References: []string{"RFC 3261 §26.2"},
			Thresholds: []Threshold{
				{"copies", 3, "", "times that a request with another transport in its Via is sent over UDP without an answer"},
				{"age", 4, "s", "without an answer over UDP or TCP"},
			},
			Check:  viaMismatch,
			Survey: transportMismatch,
		},
		{
			Code: "SIG-28", Name: "tls-handshake-failed", Title: "No secure connection",
			Severity: correlate.Error, Confidence: correlate.Proven,
			Means:      "A TLS connection to a SIP server ends with a fatal alert before any application data, or is closed after the ClientHello.",
			Advice:     "Check the certificate, its expiry and authority, the TLS versions of both sides, and the server name.",
			References: []string{"RFC 8446 §6.2"},
			Survey:     encryptedAs("SIG-28"),
		},
		{
			Code: "INF-07", Name: "keys-missing", Title: "Encrypted SIP that cannot be read",
			Severity: correlate.Info, Confidence: correlate.Proven,
			Graded: "warning when keys were given and do not fit, are incomplete or damaged, or part of a connection is missing",
			Means:  "TLS on a SIP port, or with SIP negotiated, for which no key is there; or a key log that cannot be used.",
			Advice: "Supply a key log (-k) of one of the sides.",
			Survey: keysMissing,
		},
	}
}

// maxEncryptedFindings bounds the findings about encrypted connections.
const maxEncryptedFindings = 50

// encryptedAs makes the survey of one code: connections to the same server
// with the same trouble are one finding.
func encryptedAs(code string) func(*Survey) {
	return func(s *Survey) {
		var groups []*encryptedGroup
		index := map[encryptedCause]*encryptedGroup{}
		connections := s.snap.Input.Encrypted
		for i := range connections {
			c := &connections[i]
			cause, ok := causeOf(c)
			if !ok || cause.code != code {
				continue
			}
			g := index[cause]
			if g == nil {
				if len(groups) == maxEncryptedFindings {
					continue
				}
				g = &encryptedGroup{cause: cause}
				index[cause] = g
				groups = append(groups, g)
			}
			g.all = append(g.all, c)
		}
		for _, g := range groups {
			g.tell(s)
		}
	}
}

// keysMissing is INF-07: connections without keys, and keys that are no use.
func keysMissing(s *Survey) {
	encryptedAs("INF-07")(s)
	for _, line := range s.snap.Input.KeyFaults {
		d := s.Find("%s", line)
		d.Severity, d.Title = correlate.Warning, "Key log damaged or empty"
		d.Advice = "Check whether the file is the one that the program wrote, and whether it was copied as it is."
	}
}

// An encryptedCause is what connections have in common that one finding
// tells of.
type encryptedCause struct {
	server netip.AddrPort
	code   string // of the catalogue
	reason string // code of tls.Reason
	alert  uint8
}

type encryptedGroup struct {
	cause encryptedCause
	all   []*decode.TLSConnection
}

// causeOf says what is wrong with a connection.
func causeOf(c *decode.TLSConnection) (cause encryptedCause, ok bool) {
	cause = encryptedCause{server: c.Destination, reason: c.Reason.Code}
	switch {
	case !c.LooksLikeSIP():
		return cause, false
	case c.Plain:
		cause.code = "SIG-27"
		return cause, true
	}
	switch c.Reason.Code {
	case "":
		return cause, false
	case tls.HandshakeFailed:
		cause.code = "SIG-28"
		for _, a := range c.Alerts {
			if a.Fatal {
				cause.alert = a.Code
				break
			}
		}
	case tls.NoServerHello:
		cause.code = "SIG-28"
		return cause, c.Closed
	default:
		cause.code = "INF-07"
	}
	return cause, true
}

// tell says it in words.
func (g *encryptedGroup) tell(s *Survey) {
	reason := g.all[0].Reason.Text
	var d *Draft
	switch g.cause.code {
	case "SIG-27":
		d = s.Find("One side speaks SIP in the clear and %s answers in TLS.", g.cause.server)
	case "SIG-28":
		d = s.Find("No secure connection to %s%s: %s.", g.cause.server, g.times(), reason)
		d.Advice = alertAdvice(g.cause.alert)
	default:
		d = s.Find("What is said on the TLS connection to %s%s cannot be read, or not all of it; calls in it do not appear.", g.cause.server, g.times())
		g.unread(d)
		d.Advice = reason
		if len(g.all) > 1 {
			d.Advice += fmt.Sprintf(" (the first of %d connections; each is listed with what it needs)", len(g.all))
		}
	}
	d.About, d.Count = g.cause.server.String(), len(g.all)
	for _, c := range g.all {
		d.Frame(c.FirstFrame, c.First, "connection from %s", c.Source)
	}
}

// unread says which key is missing.
func (g *encryptedGroup) unread(d *Draft) {
	switch g.cause.reason {
	case tls.WrongKey:
		d.Severity, d.Title = correlate.Warning, "Key does not fit"
	case tls.PartialKey:
		d.Severity, d.Title = correlate.Warning, "Key log incomplete"
	case tls.RecordsLost:
		d.Severity, d.Title = correlate.Warning, "Part of a TLS connection not read"
	case tls.NoHandshake:
		d.Title = "TLS connection without its beginning"
	case tls.Unsupported:
		d.Title = "TLS connection of an unsupported kind"
	}
}

func (g *encryptedGroup) times() string {
	if len(g.all) == 1 {
		return ""
	}
	return fmt.Sprintf(" (%d connections)", len(g.all))
}

// alertAdvice says where to look after a fatal alert.
func alertAdvice(code uint8) string {
	switch code {
	case 41, 42, 43, 44, 46, 48, 116:
		return "Check the certificate and whether its authority is known to the other side."
	case 45:
		return "Renew the certificate, and check the clocks of both sides."
	case 70, 86:
		return "Check which TLS versions both sides allow."
	case 40, 71:
		return "Check which TLS versions and cipher suites both sides allow, and whether a client certificate is demanded."
	case 49:
		return "Check the rules by which the other side lets clients in."
	case 112:
		return "Check the server name that the client asks for."
	case 120:
		return "Check the application protocols (ALPN) of both sides."
	case 0:
		return "Check whether a TLS server listens on this port, and what is in between."
	}
	return "Check the log of the side that sent the alert."
}
