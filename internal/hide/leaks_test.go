package hide

import (
	"fmt"
	"strings"
	"testing"
)

// request is a message with further headers and a body, which names Bertha and 192.0.2.99 where they belong.
func request(headers, kind, body string) string {
	if kind != "" {
		headers += fmt.Sprintf("Content-Type: %s\r\n", kind)
	}
	return "MESSAGE sip:bertha@192.0.2.99 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.98;branch=z9hG4bK1\r\nFrom: <sip:bertha@example.com>;tag=1\r\nTo: <sip:4930123456@example.com>\r\n" +
		"Call-ID: 1\r\nCSeq: 1 MESSAGE\r\n" + headers + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// leak is a message, and what may not be in it behind the mask; words are separated by '|'.
type leak struct {
	name string
	what What
	text string
	gone string
}

func (l leak) check(t *testing.T) {
	t.Run(l.name, func(t *testing.T) {
		got := masked(l.what, l.text)[0]
		for word := range strings.SplitSeq(l.gone, "|") {
			if !strings.Contains(l.text, word) {
				t.Fatalf("%q was not there", word)
			}
			if strings.Contains(got, word) {
				t.Errorf("%q is still there:\n%s", word, got)
			}
		}
		if len(got) != len(l.text) {
			t.Errorf("%d octets, were %d", len(got), len(l.text))
		}
	})
}
