package sip

import (
	"fmt"
	"strings"
	"testing"
)

// withBody makes a message of a body.
func withBody(t *testing.T, contentType, body string) *Message {
	t.Helper()
	m, err := Parse(replaced("Content-Length: 0\r\n\r\n",
		fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", contentType, len(body), body)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSDP(t *testing.T) {
	const sdp = "v=0\r\nm=audio 1 RTP/AVP 0\r\n"
	mixed := func(boundary, parts string) string {
		return "--" + boundary + "\r\n" + parts + "\r\n--" + boundary + "--\r\n"
	}
	part := "Content-Type: application/sdp\r\n\r\n" + sdp
	nested := part
	for _, b := range []string{"d", "c", "b"} {
		nested = "Content-Type: multipart/mixed;boundary=" + b + "\r\n\r\n" + mixed(b, nested)
	}
	for _, c := range []struct {
		name, contentType, body, want string
	}{
		{"plain", "application/sdp", sdp, sdp},
		{"case and parameters", "Application/SDP ; charset=utf-8", sdp, sdp},
		{"other type", "text/plain", sdp, ""},
		{"multipart", "multipart/mixed;boundary=a", mixed("a", "Content-Type: a/b\r\n\r\nx\r\n--a\r\n"+part), sdp},
		{"preamble", `multipart/mixed; boundary="a b"`, "preamble --a b\r\n" + mixed("a b", part) + "epilogue", sdp},
		{"no end", "multipart/mixed;boundary=a", "--a\r\n" + part, sdp},
		{"LF", "multipart/mixed;boundary=a", strings.ReplaceAll(mixed("a", part), "\r\n", "\n"), strings.ReplaceAll(sdp, "\r\n", "\n")},
		{"compact name", "multipart/mixed;boundary=a", mixed("a", "c:\r\n application/sdp\r\n\r\n"+sdp), sdp},
		{"longer boundary", "multipart/mixed;boundary=a", mixed("a", part+"--ab\r\n"), sdp + "--ab\r\n"},
		{"session", "multipart/mixed;boundary=a", mixed("a", "Content-Disposition: session;handling=required\r\n"+part), sdp},
		{"early session", "multipart/mixed;boundary=a", mixed("a", "Content-Disposition: early-session\r\n"+part), ""},
		{"base64", "multipart/mixed;boundary=a", mixed("a", "Content-Transfer-Encoding: base64\r\n"+part), ""},
		{"depth 4", "multipart/mixed;boundary=a", mixed("a", nested), sdp},
		{"no boundary", "multipart/mixed", mixed("a", part), ""},
		{"empty boundary", "multipart/mixed;boundary=\"\"", mixed("", part), ""},
		{"boundary is not there", "multipart/mixed;boundary=z", mixed("a", part), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := withBody(t, c.contentType, c.body).SDP()
			equal(t, "SDP", got, c.want)
			equal(t, "found", ok, c.want != "")
		})
	}
}

func TestSDPWithoutType(t *testing.T) {
	m, _ := Parse(replaced("Content-Length: 0\r\n\r\n", "Content-Length: 5\r\n\r\nv=0\r\n"))
	sdp, ok := m.SDP()
	equal(t, "SDP", sdp, "v=0\r\n")
	equal(t, "found", ok, true)
	m, _ = Parse(replaced("Content-Length: 0\r\n\r\n", "Content-Length: 5\r\nContent-Encoding: gzip\r\nc: application/sdp\r\n\r\nv=0\r\n"))
	_, ok = m.SDP()
	equal(t, "encoded", ok, false)
}

func TestPartsAreBounded(t *testing.T) {
	equal(t, "parts", len(withBody(t, "multipart/mixed;boundary=a", strings.Repeat("--a\r\n\r\nx\r\n", 1000)).Parts()), maxParts)
	deep := "\r\nx"
	for i := 10; i > 0; i-- {
		deep = fmt.Sprintf("Content-Type: multipart/mixed;boundary=b%d.\r\n\r\n--b%d.\r\n%s\r\n", i, i, deep)
	}
	_, body, _ := strings.Cut(deep, "\r\n\r\n")
	depth := 0
	for tree := withBody(t, "multipart/mixed;boundary=b1.", body).Parts(); len(tree) > 0; tree = tree[0].Parts {
		depth++
	}
	equal(t, "depth", depth, maxDepth)
}
