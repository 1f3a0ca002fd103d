package correlate

import (
	"fmt"
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/tls"
)

// maxEncryptedFindings bounds the findings about encrypted connections.
const maxEncryptedFindings = 50

// EncryptedFindings says what is wrong with the encrypted connections that
// look like SIP: which of them cannot be read for want of which key, and which
// could not be made. Those to the same server for the same reason are one
// finding.
func EncryptedFindings(connections []decode.TLSConnection) []Finding {
	var groups []*encryptedGroup
	index := map[encryptedCause]*encryptedGroup{}
	for i := range connections {
		c := &connections[i]
		cause, ok := causeOf(c)
		if !ok {
			continue
		}
		g := index[cause]
		if g == nil {
			if len(groups) == maxEncryptedFindings {
				continue
			}
			g = &encryptedGroup{cause: cause, first: c}
			index[cause] = g
			groups = append(groups, g)
		}
		g.n++
		if len(g.frames) < maxEvidence {
			g.frames = append(g.frames, c.FirstFrame)
		}
	}
	findings := make([]Finding, len(groups))
	for i, g := range groups {
		findings[i] = g.finding()
	}
	return findings
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
	cause  encryptedCause
	first  *decode.TLSConnection
	n      int
	frames []int
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

// finding says it in words.
func (g *encryptedGroup) finding() Finding {
	f := Finding{Code: g.cause.code, Confidence: Proven, Frames: g.frames, Severity: Error}
	switch g.cause.code {
	case "SIG-27":
		f.Title = "Transport mismatch"
		f.Explanation = fmt.Sprintf("One side speaks SIP in the clear and %s answers in TLS.", g.cause.server)
		f.Advice = "Check the port (5060 is clear, 5061 is TLS) and the transport parameter of the address."
	case "SIG-28":
		f.Title = "TLS handshake failed"
		f.Explanation = fmt.Sprintf("No secure connection to %s%s: %s.", g.cause.server, g.times(), g.first.Reason.Text)
		f.Advice = alertAdvice(g.cause.alert)
	default:
		g.unread(&f)
	}
	return f
}

// unread says which key is missing.
func (g *encryptedGroup) unread(f *Finding) {
	f.Severity, f.Title = Info, "Keys missing"
	switch g.cause.reason {
	case tls.WrongKey:
		f.Severity, f.Title = Warning, "Key does not fit"
	case tls.PartialKey:
		f.Severity, f.Title = Warning, "Key log incomplete"
	case tls.RecordsLost:
		f.Severity, f.Title = Warning, "Part of a TLS connection not read"
	case tls.NoHandshake:
		f.Title = "TLS connection without its beginning"
	case tls.Unsupported:
		f.Title = "TLS connection of an unsupported kind"
	}
	f.Explanation = fmt.Sprintf("What is said on the TLS connection to %s%s cannot be read, or not all of it; calls in it do not appear.", g.cause.server, g.times())
	f.Advice = g.first.Reason.Text
	if g.n > 1 {
		f.Advice += fmt.Sprintf(" (the first of %d connections; each is listed with what it needs)", g.n)
	}
}

func (g *encryptedGroup) times() string {
	if g.n == 1 {
		return ""
	}
	return fmt.Sprintf(" (%d connections)", g.n)
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
