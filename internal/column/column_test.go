package column

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"Account=header:X-Account": "", "Konto Nr=header:i": "", "URI=request-uri": "",
		"X-Account": "no name", "=header:X": "no name", "a=field:x": "source", "a=header:": "no header name",
		"a=header:X Account": "no header name", "a=header": "no header name", "a\x1b=header:x": "control",
		strings.Repeat("ä", 41) + "=request-uri": "longer than 40", "a=": "source",
	} {
		_, err := Parse(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	var s Set
	for _, text := range []string{"a=header:x", "b=request-uri"} {
		if err := s.Set(text); err != nil {
			t.Error(err)
		}
	}
	if err := s.Set("a=request-uri"); err == nil || len(s) != 2 {
		t.Errorf("a name twice: %v, %d columns", err, len(s))
	}
}

// message is a request or response with header lines.
func message(start string, headers ...string) *correlate.Message {
	m := &correlate.Message{Raw: start + "\r\n" + strings.Join(append(headers, "", ""), "\r\n")}
	if !strings.HasPrefix(start, "SIP/") {
		m.Method, _, _ = strings.Cut(start, " ")
	}
	return m
}

func TestValues(t *testing.T) {
	again := message("INVITE sip:again@h SIP/2.0", "X-Late: from a retransmission")
	again.Retransmission = true
	c := new(correlate.Call).WithMessages([]*correlate.Message{
		message("SIP/2.0 100 Trying", "X-Account: of the response", "Server: one"),
		message("INVITE sip:b@h SIP/2.0", "s: compact", "x-other: 1"),
		again,
		message("ACK sip:c@h SIP/2.0", "X-ACCOUNT: first", "Subject: later", "X-Account:  second,\r\n third", "X-Account:", "X-Empty:"),
		message("SIP/2.0 200 OK", "Server: two", "X-Late: from the response"),
		message("BYE sip:d@h SIP/2.0", "X-Long: "+strings.Repeat("ä", 600)),
	})
	for spec, want := range map[string]string{
		"header:X-Account": "first, second, third", "header:subject": "compact", "header:S": "compact", "header:Server": "one",
		"header:X-Late": "from the response", "header:X-Empty": "", "header:nothing": "", "request-uri": "sip:b@h", "header:x-long": strings.Repeat("ä", 512) + "…",
	} {
		var s Set
		for _, text := range []string{"first=header:X-Other", "it=" + spec} {
			if err := s.Set(text); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.Values(c); !slices.Equal(got, []string{"1", want}) {
			t.Errorf("%s: %q, want %q", spec, got, want)
		}
	}
	if got := Set(nil).Values(c); got != nil {
		t.Errorf("no columns: %q", got)
	}
}

// Of a message that was cut, a line whose end is missing is no value: a later
// message has the whole.
func TestValuesOfCutMessage(t *testing.T) {
	cut := &correlate.Message{Method: "INVITE", Cut: "snaplen", Raw: "INVITE sip:b@h SIP/2.0\r\nSubject: whole\r\nX-Account: 4"}
	c := new(correlate.Call).WithMessages([]*correlate.Message{cut, message("BYE sip:b@h SIP/2.0", "X-Account: 4711")})
	var s Set
	for _, text := range []string{"a=header:X-Account", "b=header:Subject"} {
		if err := s.Set(text); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Values(c); !slices.Equal(got, []string{"4711", "whole"}) {
		t.Errorf("%q", got)
	}
}
