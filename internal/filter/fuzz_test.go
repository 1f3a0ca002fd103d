package filter

import "testing"

// FuzzParse: no text makes the parser panic or hang; what parses prints and
// parses the same again, and matches without panic.
func FuzzParse(f *testing.F) {
	for _, text := range append([]string{
		"+34600", "code:5xx peer:203.0.113.24", "mos<3.5 dur>10s", "!method:OPTIONS", "state:rejected,timeout since:5m", "ua~/^Yealink.*86/",
		"problem:one-way", "header.X-Trunk:lon-2", "from~/+34[0-9/", "(code:4xx", "code:>=400 !code:404 or mos<3.5 peer", "time:12:05..12:10 | ssrc:0x1",
		"@mine and not (a or \"b c\")", `msg~/a\/b/`, "body:a sdp:b cseq:1 jitter>=20ms loss:1..2% time:2026-03-10T12:05:30.5",
	}, awkward...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkText(t, text) })
}
