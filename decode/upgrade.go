package decode

import (
	"bytes"
	"strings"
)

// maxHead is how many octets the head of an HTTP message may have.
const maxHead = 64 << 10

// An upgrade is what an HTTP handshake says about the WebSocket connection
// (RFC 6455 §4, RFC 7692 §7).
type upgrade struct {
	agreed bool // the 101 response was captured
	sip    bool // one side named the subprotocol of SIP (RFC 7118 §4)

	// freshClient and freshServer say that each message of the client or of
	// the server is compressed with an empty window.
	freshClient, freshServer bool
}

// readHead reads an HTTP request or response at the start of a direction.
// Only the handshake of WebSocket is of interest.
func (t *streamTable) readHead(c *connection, from int, f *flow) bool {
	n := headEnd(f.b)
	if n == 0 {
		if len(f.b) > maxHead {
			t.ignore(c, from)
		}
		return false
	}
	head := string(f.b[:n])
	server := strings.HasPrefix(head, "HTTP/")
	switch {
	case !isUpgrade(head):
		return t.passHead(c, from, f, server)
	case server && !isSwitching(head):
		return t.passHead(c, from, f, server)
	}
	if c.upgrade == nil {
		c.upgrade = &upgrade{}
		t.stats.WebSockets++
	}
	c.upgrade.read(head, server)
	f.drop(n)
	f.application = webSocketStream
	f.socket = &webSocket{server: server, role: true}
	return true
}

// passHead passes over an HTTP message that is not the handshake. A server
// that was asked for it may ask back first, for credentials say: then the
// handshake is searched for behind.
func (t *streamTable) passHead(c *connection, from int, f *flow, server bool) bool {
	if !server || c.upgrade == nil {
		t.ignore(c, from)
		return false
	}
	f.drop(len(nextHead))
	f.application = httpSearch
	return true
}

// nextHead is what every HTTP response starts with.
const nextHead = "HTTP/1."

// searchHead searches for the next HTTP response.
func (t *streamTable) searchHead(c *connection, from int, f *flow) bool {
	if i := bytes.Index(f.b, []byte(nextHead)); i >= 0 {
		f.drop(i)
		f.application = httpHead
		return true
	}
	f.drop(max(len(f.b)-(len(nextHead)-1), 0))
	if f.base > searchBudget {
		t.ignore(c, from)
	}
	return false
}

func isSwitching(head string) bool {
	line, _, _ := strings.Cut(head, "\r\n")
	fields := strings.Fields(line)
	return len(fields) > 1 && fields[1] == "101"
}

func isUpgrade(head string) bool {
	return strings.Contains(strings.ToLower(headField(head, "Upgrade")), "websocket")
}

// read takes from the request or the response what it says.
func (u *upgrade) read(head string, server bool) {
	for protocol := range strings.SplitSeq(headField(head, "Sec-WebSocket-Protocol"), ",") {
		u.sip = u.sip || strings.EqualFold(strings.TrimSpace(protocol), "sip")
	}
	if !server {
		return
	}
	u.agreed = true
	extensions := strings.ToLower(headField(head, "Sec-WebSocket-Extensions"))
	u.freshClient = strings.Contains(extensions, "client_no_context_takeover")
	u.freshServer = strings.Contains(extensions, "server_no_context_takeover")
}

// headField returns the values of a header field of HTTP, joined by commas.
func headField(head, name string) string {
	var values []string
	for _, line := range strings.Split(head, "\r\n") {
		field, value, ok := strings.Cut(line, ":")
		if ok && strings.EqualFold(strings.TrimSpace(field), name) {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return strings.Join(values, ", ")
}
