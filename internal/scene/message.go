package scene

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// writing is one SIP message being put together.
type writing struct {
	src, dst             string
	from, to             netip.AddrPort
	status, method, cseq string
	reason               string
	fromTag, toTag       string
	hasFrom, hasTo       bool
	branch, callID, uri  string
	caller, callee       string
	contact              string
	vias                 int
	nack                 bool
	headers              []string
	without              []string
	kind, body, raw      string
	params               map[string]string
}

// read takes the fields of a line, from the method or status on.
func (w *writing) read(fields []string) error {
	if fields[0][0] >= '1' && fields[0][0] <= '9' {
		w.status, fields = fields[0], fields[1:]
	}
	if len(fields) < 2 {
		return fmt.Errorf("no CSeq")
	}
	w.method, w.cseq = fields[0], fields[1]
	for _, f := range fields[2:] {
		if err := w.option(f); err != nil {
			return err
		}
	}
	w.tags()
	if w.branch == "" {
		w.branch = w.ownBranch()
	}
	return nil
}

func spaced(s string) string {
	return strings.NewReplacer(`\_`, "_", "_", " ").Replace(s)
}

func (w *writing) option(f string) (err error) {
	name, value, _ := strings.Cut(f, "=")
	switch {
	case f[0] == '+':
		name, value, _ = strings.Cut(f[1:], ":")
		w.headers = append(w.headers, name+": "+spaced(value))
	case f[0] == '-':
		w.without = append(w.without, f[1:])
	case name == "from":
		w.fromTag, w.hasFrom = value, true
	case name == "to":
		w.toTag, w.hasTo = value, true
	case name == "branch":
		w.branch = value
	case name == "vias":
		w.vias, err = strconv.Atoi(value)
	case name == "reason":
		w.reason = spaced(value)
	case name == "sdp":
		w.kind, w.body = "application/sdp", w.description(value)
	case name == "uri":
		if w.uri = "sip:" + value; !strings.Contains(value, "@") {
			w.uri += "@example.org"
		}
	case name == "contact":
		w.contact = value
	case name == "caller":
		w.caller = value
	case name == "callee":
		w.callee = value
	case name == "body":
		kind, text, _ := strings.Cut(value, ":")
		w.kind, w.body = kind, strings.ReplaceAll(spaced(text), "|", "\r\n")
	case name == "raw":
		w.raw = spaced(value)
	case name == "nack":
		w.nack = true
	case name == "id":
		w.callID = value
	default:
		err = fmt.Errorf("unknown option %q", f)
	}
	return err
}

// tags gives the sides their tags: of the caller "a", else the letter of the
// callee's end. The proxy stands for the caller towards a callee.
func (w *writing) tags() {
	callee := "b"
	for _, end := range []string{w.src, w.dst} {
		if end != "A" && end != "P" {
			callee = strings.ToLower(end)
		}
	}
	byCallee := w.dst == "A" || w.src != "A" && w.src != "P" // whose request it is
	if w.status != "" {
		byCallee = !byCallee
	}
	from, to := "a", callee
	if byCallee {
		from, to = callee, "a"
	}
	initial := w.status == "" && !(byCallee && w.method == "INVITE") && slices.Contains([]string{"INVITE", "CANCEL", "REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE", "PUBLISH"}, w.method)
	if !w.hasFrom {
		w.fromTag = from
	}
	if !w.hasTo && !initial && w.status != "100" {
		w.toTag = to
	}
}

func (w *writing) ownBranch() string {
	link := w.src + w.dst
	if w.status != "" {
		link = w.dst + w.src
	}
	method := w.method
	if method == "CANCEL" || method == "ACK" && w.nack {
		method = "INVITE"
	}
	return "z9hG4bK-" + w.callID + "-" + link + "-" + method + "-" + w.cseq
}

func (w *writing) text() string {
	var b strings.Builder
	b.WriteString(w.raw)
	b.WriteString(w.startLine())
	client := w.from
	if w.status != "" {
		client = w.to
	}
	w.header(&b, "Via", fmt.Sprintf("SIP/2.0/UDP %s;branch=%s;rport", client, w.branch))
	for i := 1; i < w.vias; i++ {
		w.header(&b, "Via", fmt.Sprintf("SIP/2.0/UDP below-%d.example.org;branch=z9hG4bK-below-%d", i, i))
	}
	caller, callee := "\"Alice\" <sip:"+w.caller+"@example.org>", "Bob <sip:"+w.callee+"@example.org>"
	w.header(&b, "From", caller+tagParam(w.fromTag))
	w.header(&b, "To", callee+tagParam(w.toTag))
	w.header(&b, "CSeq", w.cseq+" "+w.method)
	if w.status == "" {
		w.header(&b, "Max-Forwards", "70")
	}
	if w.callID != "-" {
		w.header(&b, "Call-ID", w.callID)
	}
	if contact := w.contactURI(); contact != "" {
		w.header(&b, "Contact", "<"+contact+">")
	}
	for _, h := range w.headers {
		b.WriteString(h + "\r\n")
	}
	if w.body != "" {
		w.header(&b, "Content-Type", w.kind)
	}
	w.header(&b, "Content-Length", strconv.Itoa(len(w.body)))
	return b.String() + "\r\n" + w.body
}

func (w *writing) startLine() string {
	if w.status != "" {
		reason := w.reason
		if reason == "" {
			reason = "Reason " + w.status
		}
		return "SIP/2.0 " + w.status + " " + reason + "\r\n"
	}
	uri := w.uri
	if uri == "" {
		uri = "sip:" + w.callee + "@example.org"
	}
	return w.method + " " + uri + " SIP/2.0\r\n"
}

// header writes a header unless the line leaves it out or brings its own.
func (w *writing) header(b *strings.Builder, name, value string) {
	if slices.ContainsFunc(w.without, func(s string) bool { return strings.EqualFold(s, name) }) {
		return
	}
	if name != "Via" && slices.ContainsFunc(w.headers, func(h string) bool { return strings.HasPrefix(strings.ToLower(h), strings.ToLower(name)+":") }) {
		return
	}
	b.WriteString(name + ": " + value + "\r\n")
}

func (w *writing) contactURI() string {
	switch {
	case w.contact == "-":
		return ""
	case w.contact != "":
		return "sip:" + w.contact
	case w.method == "INVITE" && w.status != "100" && (w.status == "" || w.status[0] <= '2'), w.method == "REGISTER" && w.status == "":
		return "sip:" + strings.ToLower(w.src) + "@" + w.from.String()
	}
	return ""
}

func tagParam(tag string) string {
	if tag == "" {
		return ""
	}
	return ";tag=" + tag
}
