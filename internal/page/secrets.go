package page

import (
	"fmt"
	"regexp"
	"strings"

	"sipsniff/internal/amount"
)

// hidden stands where a secret was.
const hidden = "[hidden]"

// withoutSecrets is a message as on the wire, without what opens the door to
// others when a page is passed on: what proves an identity, the keys of SRTP,
// the keys that a caller pressed, and what people wrote to each other (spec
// §9.14). note says what of the body was left out.
func (p *page) withoutSecrets(raw string) (text, note string) {
	head, body, divided := strings.Cut(raw, "\r\n\r\n")
	fields := headerFields(head)
	for i, field := range fields {
		if isCredentials(field) {
			fields[i] = withoutProof(field)
		}
	}
	head = strings.Join(fields, "\r\n")
	if !divided {
		return head, ""
	}
	if option := p.concealedBy(fields); option != "" && body != "" {
		return head + "\r\n\r\n", fmt.Sprintf("\n[%s octets of body left out: %s]", amount.Grouped(len(body)), option)
	}
	return head + "\r\n\r\n" + withoutMediaKeys(body), ""
}

// headerFields are the start line and the header fields, each with the lines
// that go on with it.
func headerFields(head string) []string {
	var fields []string
	for _, line := range strings.Split(head, "\r\n") {
		if line != "" && (line[0] == ' ' || line[0] == '\t') && len(fields) > 0 {
			fields[len(fields)-1] += "\r\n" + line
			continue
		}
		fields = append(fields, line)
	}
	return fields
}

// isCredentials reports whether a header field proves who sends it.
func isCredentials(field string) bool {
	name, _, _ := strings.Cut(field, ":")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "authorization", "proxy-authorization":
		return true
	}
	return false
}

var proof = regexp.MustCompile(`(?i)(response\s*=\s*)("[^"]*"?|[^,\s]*)`)

// withoutProof hides the response of Digest (RFC 3261 §22.4), and all that
// other schemes send.
func withoutProof(field string) string {
	name, value, _ := strings.Cut(field, ":")
	if words := strings.Fields(value); len(words) > 1 && !strings.EqualFold(words[0], "Digest") {
		return name + ": " + words[0] + " " + hidden
	}
	return proof.ReplaceAllString(field, "${1}"+hidden)
}

// concealedBy is the option that shows the body of a message with such header
// fields, "" for a body that is always shown.
func (p *page) concealedBy(fields []string) string {
	if method, _, _ := strings.Cut(fields[0], " "); method == "MESSAGE" && !p.in.ShowBodies {
		return "--show-bodies"
	}
	for _, field := range fields[1:] {
		name, value, _ := strings.Cut(field, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "content-type" && name != "c" {
			continue
		}
		switch value = strings.ToLower(value); {
		case strings.Contains(value, "dtmf") || strings.Contains(value, "digits") || strings.Contains(value, "kpml"):
			if !p.o.ShowKeys {
				return "--show-dtmf"
			}
		case strings.Contains(value, "3gpp.sms") || strings.Contains(value, "message/cpim") || strings.Contains(value, "text/plain"):
			if !p.in.ShowBodies {
				return "--show-bodies"
			}
		}
	}
	return ""
}

// withoutMediaKeys hides the keys in a description: those of SDES (RFC 4568
// §9.1), and of k= (RFC 8866 §5.12).
func withoutMediaKeys(body string) string {
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		line, end := strings.CutSuffix(line, "\r")
		switch low := strings.ToLower(line); {
		case strings.HasPrefix(low, "a=crypto:"):
			at := strings.Index(low, "inline:")
			if at < 0 {
				continue
			}
			line = line[:at+len("inline:")] + hidden
		case strings.HasPrefix(low, "k="):
			line = "k=" + hidden
		default:
			continue
		}
		if end {
			line += "\r"
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// WithoutBody is a message as on the wire, without what people wrote to each
// other and without the keys that they pressed, unless these are to be shown.
// What was left out is said in its place.
func WithoutBody(raw string, showBodies, showKeys bool) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	p := page{in: &Input{ShowBodies: showBodies}, o: &Options{ShowKeys: showKeys}}
	if body == "" || p.concealedBy(headerFields(head)) == "" {
		return raw
	}
	return fmt.Sprintf("%s\r\n\r\n[%s octets of body left out]", head, amount.Grouped(len(body)))
}
