package filter

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// The columns were counted by hand.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"from~/+34[0-9/", `column 7: missing "]" in /+34[0-9/`},
		{"from~/+06[/", `column 7: missing "]" in /+06[/`},
		{"(99", `column 4: missing ")" for the "(" in column 1`},
		{"(code:4xx", `column 10: missing ")" for the "(" in column 1`},
		{"é (x (y) ", `column 10: missing ")" for the "(" in column 3`},
		{"(", `column 2: nothing after "("`},
		{"()", `column 2: nothing between "(" and ")"`},
		{"a)", `column 2: ")" without "("`},
		{")", `column 1: ")" without "("`},
		{"a or", `column 5: nothing after "or"`},
		{"a or or b", `column 6: nothing after "or"`},
		{"or b", `column 1: nothing before "or"`},
		{"a |", `column 4: nothing after "|"`},
		{"(a or )", `column 7: nothing after "or"`},
		{"and b", `column 1: nothing before "and"`},
		{"a and and b", `column 7: nothing before "and"`},
		{"a AND", `column 6: nothing after "AND"`},
		{"!", `column 2: nothing after "!"`},
		{"a not", `column 6: nothing after "not"`},
		{"ü -", `column 4: nothing after "-"`},
		{"code:", `column 6: code: wants a value`},
		{"mos<", `column 5: mos< wants a value`},
		{"(from: )", `column 8: from: wants a value`},
		{"from:a,", `column 8: a "," in a list wants a value`},
		{"from:,a", `column 6: from: wants a value`},
		{"from~", `column 6: from~ wants a pattern, such as /^abc/`},
		{"from~/a", `column 6: missing the closing / of /a`},
		{"from~/a/b/", `column 9: a space is missing behind /a/; a / inside a pattern is written \/`},
		{"from~/a(/", `column 7: missing ")" in /a(/`},
		{"from~a)", `column 7: ")" without "("`},
		{"from~/a)/", `column 7: ")" without "(" in /a)/`},
		{"from~/a**/", "column 7: invalid nested repetition operator ** in /a**/"},
		{"from~/*a/", "column 7: missing argument to repetition operator * in /*a/"},
		{`a "b`, `column 3: missing the closing " of "b`},
		{`"a"b`, `column 4: a space is missing behind the closing "`},
		{`from:"a"b`, `column 9: a space is missing behind the closing "`},
		{`from:"a`, `column 6: missing the closing " of "a`},
		{"a < 5", `column 3: "<" without a field in front of it`},
		{"code:abc", `column 6: code is a whole number, not "abc"`},
		{"code:4.5", `column 6: code is a whole number, not "4.5"`},
		{"code:404,", `column 10: a "," in a list wants a value`},
		{"code:404,x", `column 10: code is a whole number, not "x"`},
		{"code<4xx", `column 6: code< takes a whole number, not "4xx"`},
		{"code<400..500", `column 6: code< takes a whole number, not "400..500"`},
		{"code:..", `column 6: code is a whole number, not ".."`},
		{"code>400,500", `column 10: code> takes one value`},
		{"code~4", `column 1: code is no text: it takes : = != < <= > and >=`},
		{"loss>-1", `column 6: loss> takes a number, not "-1"`},
		{"loss:1e3", `column 6: loss is a number, not "1e3"`},
		{"dur>5x", `column 5: dur> takes a time span such as 30s or 250ms, not "5x"`},
		{"dur:1:2", `column 5: dur is a time span such as 30s or 250ms, not "1:2"`},
		{"jitter:ms", `column 8: jitter is a time span such as 20 or 20ms, not "ms"`},
		{"since:12:05:99", `column 7: since is a time span such as 5m, not "12:05:99"`},
		{"from<a", `column 1: from has no order: it takes : = != and ~`},
		{"x state>busy", `column 3: state has no order: it takes : = != and ~`},
		{"src:alice", `column 5: "alice" is no address, range or network such as 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24`},
		{"src:10.0.0.0/33", `column 5: "10.0.0.0/33" is no address, range or network such as 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24`},
		{"src=10.0", `column 5: "10.0" is no address, range or network such as 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24`},
		{"src:10.0.0.1..", `column 5: "10.0.0.1.." is no address, range or network such as 192.0.2.1, 192.0.2.1:5060 or 192.0.2.0/24`},
		{"peer~[", `column 6: missing "]" in /[/`},
		{"state~[", `column 7: missing "]" in /[/`},
		{"time:25:00", `column 6: "25:00" is no time such as 12:05, 12:05:30, 2026-11-23, 2026-11-23T12:05 or today`},
		{"time:..", `column 6: ".." is no time such as 12:05, 12:05:30, 2026-11-23, 2026-11-23T12:05 or today`},
		{"time:12:05..2026-01-01", `column 6: 12:05..2026-01-01 is from a time of day to a date: write both ends alike`},
		{"time>12:05..12:06", `column 6: time> takes one time`},
		{"srtp:maybe", `column 6: srtp is yes or no, not "maybe"`},
		{"srtp>no", `column 1: srtp is yes or no: it takes : = and !=`},
		{"oneway:5", `column 8: oneway is yes or no, not "5"`},
		{"mos<good", `column 5: mos< takes a number, not "good"`},
		{"ssrc:0x", `column 6: ssrc is an SSRC such as 0x1A2B3C4D, not "0x"`},
		{"ssrc:0x1ffffffff", `column 6: ssrc is an SSRC such as 0x1A2B3C4D, not "0x1ffffffff"`},
		{"header:x", `column 7: which header? Write header.NAME, such as header.Subject`},
		{"header.:x", `column 8: which header? Write header.NAME, such as header.Subject`},
		{strings.Repeat("(", 200) + "a", `column 101: more than 100 parts inside of each other`},
		{strings.Repeat("!", 200) + "a", `column 101: more than 100 parts inside of each other`},
		{strings.Repeat("a ", 5000), `column 8193: a filter ends here: 8192 octets are the most`},
	} {
		_, err := Parse(c.text, Options{})
		if err == nil || err.Error() != c.want {
			t.Errorf("%.40s:\n got %v\nwant %s", c.text, err, c.want)
		}
		var typed *Error
		if err != nil && !errors.As(err, &typed) {
			t.Errorf("%s: %T is no *Error", c.text, err)
		}
	}
}

// While somebody types, what is only unfinished is told from what is wrong.
func TestIncomplete(t *testing.T) {
	for text, want := range map[string]bool{
		"(code:4xx": true, "code:": true, "a or": true, "from~/a": true, "from~/a[/": true, `"a`: true, "!": true, "from:a,": true, "code:x": true, "@": true,
		"a)": false, "()": false, "from<5": false, "or a": false, `"a"b`: false, "@b": false,
	} {
		var e *Error
		if _, err := Parse(text, Options{}); !errors.As(err, &e) || e.Incomplete != want {
			t.Errorf("%s: incomplete is not %v: %v", text, want, err)
		}
	}
}

func TestHints(t *testing.T) {
	for text, want := range map[string][]string{
		"xyz:1":          {"xyz: is no field, searching the text (xcid:?)"},
		"stat:busy":      {"stat: is no field, searching the text (state:?)"},
		"form~x codes>4": {"form~ is no field, searching the text (from:?)", "codes> is no field, searching the text (code:?)"},
		"zzzzzz:1":       {"zzzzzz: is no field, searching the text"},
		"alias:pbx":      {"alias: no host has a name; [alias] in the settings gives them"},
		"state:foo":      {"state:foo: no state is called so"},
		"sip:bob":        nil, "2001:db8::1": nil, "fd17:625c": nil, "tel:+34": nil, "proxy1:5060": nil, "a.example:5060": nil, `"xyz:1"`: nil, "x:1": nil,
		"from:alice code:4xx": nil,
		"aq:1 bq:1 cq:1 dq:1": {"aq: is no field, searching the text (alias:?)", "bq: is no field, searching the text (body:?)", "cq: is no field, searching the text (cseq:?)"},
	} {
		e, err := Parse(text, Options{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !slices.Equal(e.Hints(), want) {
			t.Errorf("%s: got %q, want %q", text, e.Hints(), want)
		}
	}
}
