package gen

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// message writes the text of one step of an exchange into b.
func (x *exchange) message(b []byte, s step) []byte {
	if s.status == 0 {
		b = x.requestLine(b, s)
	} else {
		b = fmt.Appendf(b, "SIP/2.0 %d %s\r\n", s.status, s.reason)
	}
	b = x.via(b, s)
	b = x.fromTo(b, s)
	b = fmt.Appendf(b, "Call-ID: %s\r\nCSeq: %d %s\r\n", x.call.CallID, s.cseq, s.method)
	if s.status == 0 {
		b = append(b, "Max-Forwards: 70\r\n"...)
	}
	b = x.contact(b, s)
	b = x.credentials(b, s)
	b = append(b, x.extra...)
	if s.status == 0 && (s.method == "INVITE" || s.method == "REGISTER") {
		b = append(b, x.padding...)
	}
	if s.up {
		b = append(b, "User-Agent: gen phone\r\n"...)
	} else {
		b = append(b, "User-Agent: gen exchange\r\n"...)
	}
	return x.body(b, s)
}

func (x *exchange) requestLine(b []byte, s step) []byte {
	uri := x.to.uri
	switch {
	case s.method == "REGISTER":
		uri = "sip:" + domain
	case !s.up:
		uri = x.contactURI(true)
	case s.method == "BYE" || s.method == "ACK" && s.talking:
		uri = x.contactURI(false)
	}
	return fmt.Appendf(b, "%s %s SIP/2.0\r\n", s.method, uri)
}

// via is that of the request's sender, in the response too.
func (x *exchange) via(b []byte, s step) []byte {
	sender := x.callee
	if s.up == (s.status == 0) {
		sender = x.caller
	}
	b = append(b, "Via: SIP/2.0/"...)
	b = append(b, strings.ToUpper(x.call.Transport)...)
	b = append(b, ' ')
	b = sender.AppendTo(b)
	return fmt.Appendf(b, ";branch=z9hG4bK%s-%d;rport\r\n", x.token, s.branch)
}

func (x *exchange) fromTo(b []byte, s step) []byte {
	from, to, fromTag, toTag := &x.from, &x.to, "a", ""
	if s.toTag {
		toTag = "b"
	}
	if s.method == "BYE" && s.up == (s.status != 0) {
		from, to, fromTag, toTag = to, from, "b", "a"
	}
	b = fmt.Appendf(b, "From: %s<%s>;tag=%s%s\r\nTo: %s<%s>", from.display, from.uri, x.token, fromTag, to.display, to.uri)
	if toTag != "" {
		b = fmt.Appendf(b, ";tag=%s%s", x.token, toTag)
	}
	return append(b, "\r\n"...)
}

func (x *exchange) contactURI(ofCaller bool) string {
	end, user := x.callee, x.to.user
	if ofCaller {
		end, user = x.caller, x.from.user
	}
	if x.call.Transport == "tcp" {
		return "sip:" + user + "@" + end.String() + ";transport=tcp"
	}
	return "sip:" + user + "@" + end.String()
}

func (x *exchange) contact(b []byte, s step) []byte {
	switch {
	case s.method == "REGISTER" && s.status == 0:
		return fmt.Appendf(b, "Contact: <%s>\r\nExpires: 3600\r\n", x.contactURI(true))
	case s.method == "REGISTER" && s.status == 200:
		return fmt.Appendf(b, "Contact: <%s>;expires=3600\r\n", x.contactURI(true))
	case s.method == "INVITE" && (s.status == 0 || s.status == 180 || s.status == 200 || s.status == 302):
		return fmt.Appendf(b, "Contact: <%s>\r\n", x.contactURI(s.up))
	}
	return b
}

func (x *exchange) body(b []byte, s step) []byte {
	if !s.sdp {
		return append(b, "Content-Length: 0\r\n\r\n"...)
	}
	body := x.sdp(s.up)
	b = append(b, "Content-Type: application/sdp\r\nContent-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, "\r\n\r\n"...)
	return append(b, body...)
}

// hiddenHost is where a callee behind NAT believes to be.
var hiddenHost = netip.AddrFrom4([4]byte{10, 99, 1, 5})

// sdp is the description of one side: one codec and telephone events.
func (x *exchange) sdp(ofCaller bool) string {
	media := x.calleeMedia
	if ofCaller {
		media = x.callerMedia
	} else if x.hidden {
		media = netip.AddrPortFrom(hiddenHost, media.Port())
	}
	family := "IP4"
	if media.Addr().Is6() {
		family = "IP6"
	}
	codec := x.codec
	return fmt.Sprintf("v=0\r\no=- %d 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\nm=audio %d RTP/AVP %d %d\r\n"+
		"a=rtpmap:%d %s/8000\r\na=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
		x.number, family, media.Addr(), family, media.Addr(), media.Port(), codec.payloadType, eventPayloadType,
		codec.payloadType, codec.name, eventPayloadType, eventPayloadType)
}
