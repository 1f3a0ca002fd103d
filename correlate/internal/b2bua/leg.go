package b2bua

import (
	"fmt"
	"net/netip"
	"strings"
)

// A leg is one call between two hosts while it is being written.
type leg struct {
	n            *network
	s            *Scene
	from, to     *host
	callID       string
	fromTag      string
	toTag        string
	caller       string // From as a name-addr without tag
	callee       string // user part of To
	request      string // user part of the request URI
	extra        string // header lines of the INVITE
	helper       string // of every message
	answerHelper string // instead of it, from the callee
	forwards     int
	invited      int64
	media        [2]int // RTP port of each side
	cseq         int
}

func (l *leg) uri(user string, h *host) string {
	if user == "" {
		return "sip:" + h.addr.Addr().String()
	}
	return "sip:" + user + "@" + h.addr.Addr().String()
}

// port takes the next RTP port of a host; they come around again.
func (h *host) port() int {
	h.ports = (h.ports + 1) % 20000
	return 20000 + 2*h.ports
}

func (l *leg) sdp(h *host, port int, formats string) string {
	addr := h.addr.Addr().String()
	var b strings.Builder
	session := 1_000_000 + l.n.r.IntN(900_000_000)
	fmt.Fprintf(&b, "v=0\r\no=%s %d %d IN IP4 %s\r\ns=call\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\n", h.origin, session, session, addr, addr, port, formats)
	for _, f := range strings.Fields(formats) {
		if f == "101" {
			b.WriteString("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n")
		}
	}
	b.WriteString("a=ptime:20\r\na=sendrecv\r\n")
	return b.String()
}

// lost is how often a message needs a second copy.
const lost = 0.01

func (l *leg) send(nanos int64, src, dst *host, text, body string) {
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\r\n"
	}
	text += fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	p := Packet{Nanos: nanos, Src: src.addr, Dst: dst.addr, Text: text}
	l.s.Packets = append(l.s.Packets, p)
	if (strings.HasPrefix(text, "INVITE ") || strings.HasPrefix(text, "SIP/2.0 200")) && l.n.chance(lost) {
		p.Nanos += second / 2
		l.s.Packets = append(l.s.Packets, p)
	}
}

// heading is the headers that each request and response has.
func (l *leg) heading(number int, method, toTag string, via netip.AddrPort, branch int) string {
	to := fmt.Sprintf("<%s>", l.uri(l.callee, l.to))
	if toTag != "" {
		to += ";tag=" + toTag
	}
	return fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK%s%d\r\nFrom: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n",
		via, l.fromTag, branch, l.caller, l.fromTag, to, l.callID, number, method)
}

func (l *leg) invite(nanos int64) {
	l.invited, l.cseq = nanos, 1
	text := fmt.Sprintf("INVITE %s SIP/2.0\r\n", l.uri(l.request, l.to)) + l.heading(1, "INVITE", "", l.from.addr, 1) +
		fmt.Sprintf("Max-Forwards: %d\r\nContact: <sip:%s>\r\nUser-Agent: %s\r\n", l.forwards, l.from.addr, l.from.agent) + l.extra + l.helper
	l.send(nanos, l.from, l.to, text, l.sdp(l.from, l.media[0], l.from.codecs))
	l.respond(nanos+l.n.about(2*ms, 0.6), 100, "Trying", false)
}

func (l *leg) respond(nanos int64, status int, reason string, sdp bool) {
	tag, body := "", ""
	if status > 100 {
		tag = l.toTag
	}
	if sdp {
		formats := "8 101"
		body = l.sdp(l.to, l.media[1], formats)
	}
	helper := l.helper
	if status > 100 && l.answerHelper != "" {
		helper = l.answerHelper
	}
	l.send(nanos, l.to, l.from, fmt.Sprintf("SIP/2.0 %d %s\r\n", status, reason)+l.heading(1, "INVITE", tag, l.from.addr, 1)+helper, body)
}

// ack follows a final response of a status.
func (l *leg) ack(nanos int64, status int) {
	branch := 1
	if status < 300 {
		branch = 2
	}
	text := fmt.Sprintf("ACK %s SIP/2.0\r\n", l.uri(l.request, l.to)) + l.heading(1, "ACK", l.toTag, l.from.addr, branch) + "Max-Forwards: 70\r\n" + l.helper
	l.send(nanos, l.from, l.to, text, "")
}

// fail ends the leg with a response; it returns the time after it.
func (l *leg) fail(nanos int64, status int, reason string) {
	l.respond(nanos, status, reason, false)
	l.ack(nanos+l.n.about(2*ms, 0.6), status)
}

func (l *leg) cancel(nanos int64) {
	text := fmt.Sprintf("CANCEL %s SIP/2.0\r\n", l.uri(l.request, l.to)) + l.heading(1, "CANCEL", "", l.from.addr, 1) + "Max-Forwards: 70\r\n" + l.helper
	l.send(nanos, l.from, l.to, text, "")
	nanos += l.n.about(3*ms, 0.6)
	l.send(nanos, l.to, l.from, "SIP/2.0 200 OK\r\n"+l.heading(1, "CANCEL", l.toTag, l.from.addr, 1)+l.helper, "")
	l.fail(nanos+l.n.about(2*ms, 0.6), 487, "Request Terminated")
}

// bye ends an answered leg from one of its sides.
func (l *leg) bye(nanos int64, fromCaller bool) {
	if fromCaller {
		text := fmt.Sprintf("BYE sip:%s SIP/2.0\r\n", l.to.addr) + l.heading(2, "BYE", l.toTag, l.from.addr, 3) + "Max-Forwards: 70\r\n" + l.helper
		l.send(nanos, l.from, l.to, text, "")
		l.send(nanos+l.n.about(3*ms, 0.6), l.to, l.from, "SIP/2.0 200 OK\r\n"+l.heading(2, "BYE", l.toTag, l.from.addr, 3)+l.helper, "")
		return
	}
	heading := fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK%s9\r\nFrom: <%s>;tag=%s\r\nTo: %s;tag=%s\r\nCall-ID: %s\r\nCSeq: 7 BYE\r\n",
		l.to.addr, l.toTag, l.uri(l.callee, l.to), l.toTag, l.caller, l.fromTag, l.callID)
	helper := l.helper
	if l.answerHelper != "" {
		helper = l.answerHelper
	}
	l.send(nanos, l.to, l.from, fmt.Sprintf("BYE sip:%s SIP/2.0\r\n", l.from.addr)+heading+"Max-Forwards: 70\r\n"+helper, "")
	l.send(nanos+l.n.about(3*ms, 0.6), l.from, l.to, "SIP/2.0 200 OK\r\n"+heading+helper, "")
}
