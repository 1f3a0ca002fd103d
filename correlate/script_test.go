package correlate

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// A script is a capture as text, one message a line:
//
//	1.250 B>A 183 INVITE 1 sdp
//	^     ^   ^
//	|     |   what: METHOD CSEQ, or STATUS METHOD CSEQ
//	|     from and to: A is the caller, B, C and D are callees, P is a proxy
//	seconds
//
// and then any of
//
//	from=x to=x    tags; without them the caller has "a", each callee its
//	               letter in lower case, and the first INVITE no To tag
//	branch=x       instead of one made from link, method and CSeq
//	vias=2         how many Via headers; links of P without A have 2
//	sdp, sdp=DIR   a description of audio at port 4000 of the sender; DIR is
//	               sendonly and so on, zero for the address 0.0.0.0, zero6 for
//	               ::, pcma for that codec, moved for port 4800, video for
//	               a second line, novideo for one that is refused, t38 for fax
//	uri=x          the Request-URI sip:x@example.org, or x as it stands when
//	               there is an @ in it
//	nack           of an ACK: to a failure, with the branch of its INVITE
//	copy           the packet was captured before
//	id=x           the Call-ID, "call" without it
//	+Name:value    a header; underscores are spaces
//	info=x         a body of type application/dtmf-relay; underscores are spaces
//	body=x         a body of type message/sipfrag; underscores are spaces
//
// Lines that are "advance 99.5" only move the clock.
type script []scriptLine

type scriptLine struct {
	nanos   int64
	packet  decode.Packet
	message string // empty: only the time passes
}

const scriptEpoch = int64(1_700_000_000) * second

func at(seconds float64) int64 { return scriptEpoch + int64(seconds*1e6+0.5)*1000 }

func parseScript(t testing.TB, text string) script {
	t.Helper()
	var s script
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		s = append(s, parseScriptLine(t, line, len(s)+1))
	}
	return s
}

func parseScriptLine(t testing.TB, line string, frame int) scriptLine {
	t.Helper()
	fields := strings.Fields(line)
	if fields[0] == "advance" {
		return scriptLine{nanos: at(number(t, fields[1]))}
	}
	nanos := at(number(t, fields[0]))
	src, dst, _ := strings.Cut(fields[1], ">")
	w := writing{src: src, dst: dst, vias: 1, callID: "call"}
	if src != "A" && dst != "A" && (src == "P" || dst == "P") {
		w.vias = 2
	}
	w.what(fields[2:])
	p := decode.Packet{
		Frame: frame, LastFrame: frame, Nanos: nanos, LastNanos: nanos,
		Src: scriptAddr(src), Dst: scriptAddr(dst), Duplicate: w.copied,
	}
	return scriptLine{nanos: nanos, packet: p, message: w.text()}
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("script: %v", err)
	}
	return f
}

func scriptAddr(name string) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, name[0]}), 5060)
}

// writing is one message being put together.
type writing struct {
	src, dst, callID     string
	status, method, cseq string
	from, to, branch     string
	hasFrom, hasTo       bool
	vias                 int
	sdp, sipfrag, uri    string
	plain                string
	nack, copied         bool
	headers              []string
}

func (w *writing) what(fields []string) {
	if fields[0][0] >= '1' && fields[0][0] <= '9' {
		w.status, fields = fields[0], fields[1:]
	}
	w.method, w.cseq = fields[0], fields[1]
	for _, f := range fields[2:] {
		w.option(f)
	}
	w.tags()
	if w.branch == "" {
		w.branch = w.ownBranch()
	}
}

func (w *writing) option(f string) {
	name, value, _ := strings.Cut(f, "=")
	switch {
	case f[0] == '+':
		name, value, _ = strings.Cut(f[1:], ":")
		w.headers = append(w.headers, name+": "+strings.ReplaceAll(value, "_", " "))
	case name == "from":
		w.from, w.hasFrom = value, true
	case name == "to":
		w.to, w.hasTo = value, true
	case name == "branch":
		w.branch = value
	case name == "vias":
		w.vias, _ = strconv.Atoi(value)
	case name == "sdp":
		w.sdp = "sendrecv"
		if value != "" {
			w.sdp = value
		}
	case name == "uri":
		w.uri = "sip:" + value
		if !strings.Contains(value, "@") {
			w.uri += "@example.org"
		}
	case name == "info":
		w.plain = strings.ReplaceAll(value, "_", " ")
	case name == "nack":
		w.nack = true
	case name == "copy":
		w.copied = true
	case name == "id":
		w.callID = value
	case name == "body":
		w.sipfrag = strings.ReplaceAll(value, "_", " ")
	default:
		panic("script: unknown option " + f)
	}
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
	initial := w.status == "" && (w.method == "INVITE" || w.method == "CANCEL" || w.method == "REGISTER" ||
		w.method == "OPTIONS" || w.method == "SUBSCRIBE" || w.method == "MESSAGE" || w.method == "PUBLISH")
	if !w.hasFrom {
		w.from = from
	}
	if !w.hasTo && !initial && w.status != "100" {
		w.to = to
	}
}

func (w *writing) ownBranch() string {
	link := w.src + w.dst
	if w.dst < w.src {
		link = w.dst + w.src
	}
	method := w.method
	if method == "CANCEL" || method == "ACK" && w.nack {
		method = "INVITE"
	}
	return "z9hG4bK-" + link + "-" + method + "-" + w.cseq
}

func (w *writing) text() string {
	var b strings.Builder
	if w.status != "" {
		fmt.Fprintf(&b, "SIP/2.0 %s Reason %s\r\n", w.status, w.status)
	} else {
		uri := w.uri
		if uri == "" {
			uri = "sip:bob@example.org"
		}
		fmt.Fprintf(&b, "%s %s SIP/2.0\r\n", w.method, uri)
	}
	fmt.Fprintf(&b, "Via: SIP/2.0/UDP host-%s.example.org;branch=%s\r\n", w.clientEnd(), w.branch)
	for i := 1; i < w.vias; i++ {
		fmt.Fprintf(&b, "Via: SIP/2.0/UDP below-%d.example.org;branch=z9hG4bK-below-%d\r\n", i, i)
	}
	b.WriteString("From: \"Alice\" <sip:alice@example.org>" + tagParam(w.from) + "\r\n")
	b.WriteString("To: Bob <sip:bob@example.org>" + tagParam(w.to) + "\r\n")
	fmt.Fprintf(&b, "CSeq: %s %s\r\nMax-Forwards: 70\r\n", w.cseq, w.method)
	if w.callID != "-" {
		fmt.Fprintf(&b, "Call-ID: %s\r\n", w.callID)
	}
	for _, h := range w.headers {
		b.WriteString(h + "\r\n")
	}
	kind, body := w.body()
	if body != "" {
		b.WriteString("Content-Type: " + kind + "\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// clientEnd is who put the topmost Via: the sender of the request.
func (w *writing) clientEnd() string {
	if w.status != "" {
		return w.dst
	}
	return w.src
}

func tagParam(tag string) string {
	if tag == "" {
		return ""
	}
	return ";tag=" + tag
}

func (w *writing) body() (kind, text string) {
	if w.sipfrag != "" {
		return "message/sipfrag;version=2.0", w.sipfrag + "\r\n"
	}
	if w.plain != "" {
		return "application/dtmf-relay", w.plain
	}
	if w.sdp == "" {
		return "", ""
	}
	family, address, direction := "IP4", scriptAddr(w.src).Addr().String(), "sendrecv"
	lines := "m=audio 4000 RTP/AVP 0\r\na="
	switch w.sdp {
	case "zero":
		address = "0.0.0.0"
	case "zero6":
		family, address = "IP6", "::"
	case "pcma":
		lines = "m=audio 4000 RTP/AVP 8\r\na="
	case "moved":
		lines = "m=audio 4800 RTP/AVP 0\r\na="
	case "video":
		lines = "m=video 4002 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\na="
	case "novideo":
		lines = "m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\na="
	case "t38":
		lines = "m=image 4004 udptl t38\r\na="
	default:
		direction = w.sdp
	}
	return "application/sdp", "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN " + family + " " + address +
		"\r\nt=0 0\r\n" + lines + direction + "\r\n"
}

// play feeds the lines in the given order; frames keep the order of the text.
func (s script) play(t testing.TB, tr *Tracker) {
	t.Helper()
	for i := range s {
		s[i].play(t, tr)
	}
}

func (l scriptLine) play(t testing.TB, tr *Tracker) {
	t.Helper()
	if l.message == "" {
		tr.Advance(l.nanos)
		return
	}
	m, err := sip.Parse(l.message)
	if m == nil {
		t.Fatalf("script: %v", err)
	}
	p := l.packet
	tr.Message(&p, m)
}

// run plays a script into a new Tracker and returns its last Snapshot.
func runScript(t testing.TB, text string) *Snapshot {
	t.Helper()
	tr := NewTracker(Config{})
	parseScript(t, text).play(t, tr)
	tr.Flush()
	return tr.Publish()
}

// onlyCall is the call of a script that has one.
func onlyCall(t testing.TB, s *Snapshot) *Call {
	t.Helper()
	if len(s.Calls) != 1 {
		t.Fatalf("%d calls, want 1", len(s.Calls))
	}
	return s.Calls[0]
}
