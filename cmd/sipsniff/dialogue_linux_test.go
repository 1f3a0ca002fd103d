package main

import (
	"fmt"
	"slices"
	"strings"
)

// A dialogue is what one side of a call says and waits for, written as the
// words of a line each, and turned into a scenario of SIPp:
//
//	INVITE sdp=6000          a request; answers of it have to be named behind it
//	180, 200 sdp=6000        a response to the request that came last
//	ACK                      to a 2xx; nack is the one to a failure
//	> INVITE, > 200, >? 180  waits for a request, for a response, or perhaps
//	pause 2000               milliseconds
//
// Words behind the method or status are sdp=PORT, sdp=PORT@ADDRESS, codec=TEXT
// (the formats and lines of SDP, "18 a=rtpmap:18 G729/8000" with _ for spaces and
// | between lines), +Header:value (with _ for spaces), again (retransmitted by
// SIPp), auth (credentials), uri=USER, within (a dialog: with the To tag),
// info (a key press). The callee's own request is bye.
type dialogue struct {
	lines  []string
	cseq   int
	invite int  // index of the step with the latest INVITE
	fresh  bool // what is answered has no To tag
	steps  int
}

// scenario is the XML for SIPp.
func (d *dialogue) scenario() string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"fault\">\n")
	for _, line := range d.lines {
		d.step(&b, strings.Fields(line))
		d.steps++
	}
	b.WriteString("</scenario>\n")
	return b.String()
}

func (d *dialogue) step(b *strings.Builder, words []string) {
	switch word := words[0]; {
	case word == "bye":
		b.WriteString("<send retrans=\"500\"><![CDATA[\n\nBYE sip:alice@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n" +
			"From:[$callee]\nTo:[$caller]\nCall-ID: [call_id]\nCSeq: 1 BYE\nMax-Forwards: 70\nContent-Length: 0\n\n]]></send>\n")
	case word == "pause":
		fmt.Fprintf(b, "<pause milliseconds=\"%s\"/>\n", words[1])
	case word[0] == '>':
		d.wait(b, word == ">?", words[1])
	case word[0] >= '1' && word[0] <= '6':
		d.respond(b, word, words[1:])
	default:
		d.ask(b, word, words[1:])
	}
}

func (d *dialogue) wait(b *strings.Builder, perhaps bool, what string) {
	kind, more := "request", ""
	d.fresh = what == "INVITE" || what == "REGISTER"
	if what[0] >= '1' && what[0] <= '6' {
		kind, more = "response", " rrs=\"true\""
		if what == "401" || what == "407" {
			more = " auth=\"true\""
		}
	}
	if perhaps {
		more += " optional=\"true\""
	}
	if what == "ACK" && slices.Contains(d.lines, "bye") {
		fmt.Fprintf(b, "<recv request=\"ACK\"><action><ereg regexp=\".*\" search_in=\"hdr\" header=\"From:\" assign_to=\"caller\"/>"+
			"<ereg regexp=\".*\" search_in=\"hdr\" header=\"To:\" assign_to=\"callee\"/></action></recv>\n")
		return
	}
	fmt.Fprintf(b, "<recv %s=\"%s\"%s/>\n", kind, what, more)
}

// said is what the words behind a method or status ask for.
type said struct {
	headers, body string
	again, auth   bool
	within        bool
	user          string
}

func readWords(words []string) (s said) {
	s.user = "bob"
	formats, port, address := "0 a=rtpmap:0_PCMU/8000", "", "[local_ip]"
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		switch {
		case w[0] == '+':
			s.headers += strings.ReplaceAll(w[1:], "_", " ") + "\n"
		case name == "sdp":
			port = value
			if p, at, ok := strings.Cut(value, "@"); ok {
				port, address = p, at
			}
		case name == "codec":
			formats = strings.Replace(value, "_", " ", 1)
		case name == "again":
			s.again = true
		case name == "auth":
			s.auth = true
		case name == "info":
			s.headers += "Content-Type: application/dtmf-relay\n"
			s.body = "Signal=5\nDuration=160\n"
		case name == "within":
			s.within = true
		case name == "uri":
			s.user = value
		}
	}
	if port != "" {
		types, lines, _ := strings.Cut(formats, " ")
		s.body = fmt.Sprintf("v=0\no=- 1 1 IN IP4 %[1]s\ns=-\nc=IN IP4 %[1]s\nt=0 0\nm=audio %s RTP/AVP %s\n%s\n", address, port,
			strings.ReplaceAll(types, ",", " "), strings.NewReplacer("_", " ", "|", "\n").Replace(lines))
		s.headers += "Content-Type: application/sdp\n"
	}
	return s
}

func (d *dialogue) ask(b *strings.Builder, method string, words []string) {
	s := readWords(words)
	if method != "ACK" && method != "nack" && method != "CANCEL" {
		d.cseq++
	}
	branch, to := "[branch]", "<sip:bob@[remote_ip]>[peer_tag_param]"
	switch method {
	case "INVITE", "REGISTER":
		d.invite = d.steps
		if !s.within {
			to = "<sip:bob@[remote_ip]>"
		}
	case "nack", "CANCEL":
		branch = fmt.Sprintf("[branch-%d]", d.steps-d.invite)
		if method == "CANCEL" {
			to = "<sip:bob@[remote_ip]>"
		} else {
			method = "ACK"
		}
	}
	if s.auth {
		s.headers += "[authentication username=alice password=wrong]\n"
	}
	again := ""
	if method != "ACK" {
		again = " retrans=\"500\""
	}
	fmt.Fprintf(b, "<send%s><![CDATA[\n\n%s sip:%s@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=%s\n"+
		"From: <sip:alice@[local_ip]>;tag=a[pid]-[call_number]\nTo: %s\nCall-ID: [call_id]\nCSeq: %d %s\n"+
		"Contact: <sip:alice@[local_ip]:[local_port];transport=[transport]>\nMax-Forwards: 70\n%sContent-Length: [len]\n\n%s]]></send>\n",
		again, method, s.user, branch, to, d.cseq, method, s.headers, s.body)
}

func (d *dialogue) respond(b *strings.Builder, status string, words []string) {
	s := readWords(words)
	again := ""
	if s.again {
		again = " retrans=\"500\""
	}
	reason := map[string]string{"100": "Trying", "180": "Ringing", "200": "OK", "302": "Moved Temporarily", "401": "Unauthorized", "404": "Not Found",
		"415": "Unsupported Media Type", "481": "Call/Transaction Does Not Exist", "486": "Busy Here", "487": "Request Terminated", "488": "Not Acceptable Here", "503": "Service Unavailable"}[status]
	tag := ";tag=b[pid]-[call_number]"
	if status == "100" || !d.fresh {
		tag = ""
	}
	fmt.Fprintf(b, "<send%s><![CDATA[\n\nSIP/2.0 %s %s\n[last_Via:]\n[last_From:]\n[last_To:]%s\n[last_Call-ID:]\n[last_CSeq:]\n"+
		"Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>\n%sContent-Length: [len]\n\n%s]]></send>\n",
		again, status, reason, tag, s.headers, s.body)
}
