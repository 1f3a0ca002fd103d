package diagnosis

import (
	"fmt"
	"net/netip"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode"
)

// transportMismatch is SIG-27: what TLS connections tell, and how connections
// of TCP began on both sides.
func transportMismatch(s *Survey) {
	encryptedAs("SIG-27")(s)
	known := make(map[[2]netip.AddrPort]bool)
	for i := range s.snap.Input.Encrypted {
		if c := &s.snap.Input.Encrypted[i]; c.Plain {
			known[[2]netip.AddrPort{c.Source, c.Destination}] = true
		}
	}
	silent := s.silentOver()
	byServer := make(map[string]*Draft)
	list := s.snap.Input.Connections
	for i := range list {
		c := &list[i]
		text, evidence := mismatch(c)
		if text == "" || known[[2]netip.AddrPort{c.Client, c.Server}] || known[[2]netip.AddrPort{c.Server, c.Client}] {
			continue
		}
		if calls, there := silent[[2]netip.AddrPort{c.Client, c.Server}]; there {
			for _, call := range calls { // what explains their silence stands with them
				prove(s.FindIn(call, "%s", text), c, evidence)
			}
			silent[[2]netip.AddrPort{c.Client, c.Server}] = nil // once, however often the same addresses connect
			continue
		}
		d := byServer[c.Server.String()+evidence]
		if d == nil {
			if len(byServer) == maxEncryptedFindings {
				continue
			}
			d = s.Find("%s", text)
			d.About = c.Server.String()
			byServer[c.Server.String()+evidence] = d
		}
		d.Count++
		prove(d, c, evidence)
	}
}

// silentOver are the indexes of the calls with requests that nobody answered
// and that did not go over UDP, by their addresses.
func (s *Survey) silentOver() map[[2]netip.AddrPort][]int {
	silent := make(map[[2]netip.AddrPort][]int)
	for i, c := range s.Calls {
		if s.rows[i].traits&TraitUnanswered != 0 && c.Transport != decode.UDP {
			silent[[2]netip.AddrPort{c.Source, c.Destination}] = append(silent[[2]netip.AddrPort{c.Source, c.Destination}], c.Index)
		}
	}
	return silent
}

// prove shows with which packets a connection shows that its sides speak
// differently.
func prove(d *Draft, c *decode.TCPConnection, evidence string) {
	d.Frame(c.FromClient.OpeningFrame, c.FromClient.OpeningNanos, "%s sends %s", c.Client, openingWords[c.FromClient.Opening])
	if c.FromServer.OpeningFrame != 0 {
		d.Frame(c.FromServer.OpeningFrame, c.FromServer.OpeningNanos, "%s answers with %s", c.Server, evidence)
		return
	}
	frame, nanos := hangsUp(c)
	d.Frame(frame, nanos, "%s answers with %s", c.Server, evidence)
}

var openingWords = map[decode.Opening]string{
	decode.OpeningSIP: "SIP in the clear", decode.OpeningHello: "a TLS hello", decode.OpeningAlert: "a TLS alert", decode.OpeningTLS: "TLS", decode.OpeningHTTP: "HTTP",
}

// mismatch says by what a connection shows that its sides speak differently; ""
// when it does not. A server of the port of TLS that hangs up right after the
// first words, and has said nothing, did not understand them.
func mismatch(c *decode.TCPConnection) (text, evidence string) {
	asks, answers := c.FromClient.Opening, c.FromServer.Opening
	const soon = int64(2e9)
	switch {
	case asks == decode.OpeningSIP && (answers == decode.OpeningAlert || answers == decode.OpeningTLS):
		evidence = openingWords[answers]
		return fmt.Sprintf("%s speaks SIP in the clear to %s, which answers with %s.", c.Client, c.Server, evidence), evidence
	case asks == decode.OpeningSIP && answers == decode.OpeningHTTP:
		evidence = fmt.Sprintf("HTTP %d", c.FromServer.Code)
		return fmt.Sprintf("%s speaks SIP to %s, which is a web server and answers with %s.", c.Client, c.Server, evidence), evidence
	case asks == decode.OpeningHello && answers == decode.OpeningSIP:
		return fmt.Sprintf("%s wants TLS from %s, which speaks SIP in the clear.", c.Client, c.Server), "SIP in the clear"
	case asks == decode.OpeningSIP && c.FromServer.Segments == 0 && c.Server.Port() == 5061:
		frame, at := hangsUp(c)
		if frame == 0 || at < c.FromClient.OpeningNanos || at-c.FromClient.OpeningNanos > soon || c.FromClient.Fin != 0 && c.FromClient.Fin < at {
			return "", ""
		}
		return fmt.Sprintf("%s speaks SIP in the clear to %s, the port of TLS, which hangs up.", c.Client, c.Server), "the end of the connection"
	}
	return "", ""
}

// hangsUp is when the server ends or resets a connection, frame 0 when it does
// not.
func hangsUp(c *decode.TCPConnection) (frame int, nanos int64) {
	if c.FromServer.Reset != 0 && (c.FromServer.Fin == 0 || c.FromServer.Reset < c.FromServer.Fin) {
		return c.FromServer.ResetFrame, c.FromServer.Reset
	}
	return c.FromServer.FinFrame, c.FromServer.Fin
}

// viaMismatch is about requests whose Via names another transport than the one
// that they came by: a server answers by the one in the Via (RFC 3261 §18.2.2).
func viaMismatch(c *Case) {
	for _, x := range c.unanswered() {
		m := x.Requests[0]
		if m.Agent || x.Method == "CANCEL" || !c.gaveUp(x) {
			continue // what an agent reports of transports is not sure
		}
		says := c.SIP(m).Via.Transport
		if datagrams, known := viaDatagrams[strings.ToUpper(says)]; !known || datagrams == (m.Transport == decode.UDP) {
			continue
		}
		d := c.Find("%s from %s to %s went over %s, but its Via says %s, by which the server sends the answer; there was none.", x.Method, x.Client, x.Server, strings.ToUpper(m.Transport.String()), says)
		d.Title, d.Confidence = "The Via names another transport than the one that is used", correlate.Strong
		d.Message(m, "%s over %s, Via %s", x.Method, strings.ToUpper(m.Transport.String()), says)
		if last := x.Last(); last.Nanos-m.Nanos < 15*second {
			d.Absent(x.Server.Addr(), x.Client.Addr(), last.Nanos)
		}
	}
}

// viaDatagrams tells of the transports of a Via whether they are UDP. Between
// those that are streams no difference is made: TLS and WebSocket may end at a
// machine in front of the server.
var viaDatagrams = map[string]bool{"UDP": true, "TCP": false, "TLS": false, "WS": false, "WSS": false}
