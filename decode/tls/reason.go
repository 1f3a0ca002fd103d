package tls

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// A Reason says why a connection was not decrypted, or not all of it.
type Reason struct {
	Code string // for programs; "" when nothing is missing
	Text string // for people: what would help
}

// The codes of a Reason.
const (
	NoHandshake     = "tls_no_handshake" // the capture starts behind it
	HandshakeFailed = "tls_handshake_failed"
	NoServerHello   = "tls_no_answer"      // the server never answered the ClientHello
	Unsupported     = "tls_unsupported"    // nobody wrote the code for it
	NoKey           = "tls_no_key"         // the secret is not known
	WrongKey        = "tls_wrong_key"      // what is known does not open it
	PartialKey      = "tls_incomplete_key" // secrets of the handshake without those of the data
	RecordsLost     = "tls_records_lost"   // some records were opened and others not
)

// Reason says why records of the connection stay closed.
func (c *Conn) Reason() Reason {
	h := c.hand
	switch {
	case h == nil || !h.client:
		return Reason{NoHandshake, "the beginning of the connection was not captured, so its keys cannot be told from others (tls_no_handshake)"}
	case c.Protected == 0 && c.failure() != "":
		return Reason{HandshakeFailed, "the handshake failed: " + c.failure()}
	case !h.server:
		return Reason{NoServerHello, "no answer to the ClientHello was captured"}
	case c.Protected == 0:
		return Reason{}
	case h.unsupported() != "":
		return Reason{Unsupported, h.unsupported()}
	case c.Failed > 0 && c.Decrypted == 0:
		return Reason{WrongKey, c.wrongKey(h)}
	case h.version == TLS13 && c.keys != nil && c.keys.knows(h.clientRandom) && !c.knowsAll(h):
		return Reason{PartialKey, "the key log has only a part of its secrets; missing is " + c.missingLines(h)}
	case c.Failed > 0 || c.Decrypted > 0 && c.Protected > c.Decrypted && !c.knowsAll(h):
		return Reason{RecordsLost, "some of its records could not be opened: octets are missing in the capture, or in the key log"}
	case c.Decrypted > 0:
		return Reason{}
	case c.knowsAll(h):
		return Reason{RecordsLost, "its secrets came too late for what had been captured"}
	}
	return Reason{NoKey, c.missingKey(h)}
}

// failure is what one side has said to end the handshake; "" when none did.
func (c *Conn) failure() string {
	for _, a := range c.Alerts {
		if a.Fatal {
			return a.String()
		}
	}
	return ""
}

// knowsAll reports whether the secrets of the data are there.
func (c *Conn) knowsAll(h *handshake) bool {
	switch {
	case c.keys == nil:
		return false
	case h.version == TLS13:
		return c.keys.lookup(h.clientRandom, clientTraffic) != nil && c.keys.lookup(h.clientRandom, serverTraffic) != nil
	}
	return h.master != nil || c.keys.lookup(h.clientRandom, masterSecret) != nil
}

// line is the beginning of the key log line that is wanted.
func (c *Conn) line(l label) string {
	return labelNames[l] + " " + hex.EncodeToString(c.Random[:])
}

const forwardSecrecy = "forward secrecy – a private key cannot decrypt; supply a key log line "

// missingLines names the traffic secrets that are not there.
func (c *Conn) missingLines(h *handshake) string {
	var lines []string
	for _, l := range []label{clientTraffic, serverTraffic} {
		if c.keys.lookup(h.clientRandom, l) == nil {
			lines = append(lines, c.line(l))
		}
	}
	return strings.Join(lines, " and ")
}

// missingKey says which key would open the connection.
func (c *Conn) missingKey(h *handshake) string {
	switch {
	case h.version == TLS13:
		return forwardSecrecy + c.line(clientTraffic) + " (and " + labelNames[serverTraffic] + ")"
	case !h.suite.rsa:
		return forwardSecrecy + c.line(masterSecret)
	case !h.full:
		return "it resumes a session of which the beginning was not captured or not decrypted; supply a key log with " + c.line(masterSecret)
	}
	return fmt.Sprintf("needs the RSA private key of %s or a key log with %s", c.owner(), c.line(masterSecret))
}

// wrongKey says which key does not fit.
func (c *Conn) wrongKey(h *handshake) string {
	if h.version < TLS13 && c.keys != nil && c.keys.lookup(h.clientRandom, masterSecret) == nil {
		return "the private key or the session at hand does not open it; supply a key log with " + c.line(masterSecret)
	}
	l := masterSecret
	if h.version == TLS13 {
		l = clientTraffic
	}
	return "the key log's secret for it is wrong: " + c.line(l) + " does not open its records"
}

// owner names the server.
func (c *Conn) owner() string {
	switch {
	case len(c.Names) > 0:
		return c.Names[0]
	case c.ServerName != "":
		return c.ServerName
	}
	return "the server"
}
