package roster

import (
	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// agentOf is the program that sent a message: User-Agent or Server.
func agentOf(c *collector, m *correlate.Message) string {
	parsed := c.parse(m)
	if name := text(parsed, sip.HeaderUserAgent); name != "" {
		return name
	}
	return text(parsed, sip.HeaderServer)
}
