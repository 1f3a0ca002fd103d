package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/clean"
)

// mostClosed is how many kinds of locked streams the text report tells of.
const mostClosed = 20

// A closed is a reason why streams stay encrypted, and which do.
type closed struct {
	problem, random string
	streams         []int
}

// writeClosed says which streams stay encrypted, why, and what would open them.
func writeClosed(w io.Writer, streams []*correlate.Stream) {
	var kinds []*closed
	for _, s := range streams {
		p := s.Protection
		if p == nil || p.Problem == "" {
			continue
		}
		i := slices.IndexFunc(kinds, func(c *closed) bool { return c.problem == p.Problem && c.random == p.ClientRandom })
		if i < 0 {
			if len(kinds) == mostClosed {
				fmt.Fprintln(w, "more SRTP streams stay encrypted for other reasons")
				break
			}
			i = len(kinds)
			kinds = append(kinds, &closed{problem: p.Problem, random: p.ClientRandom})
		}
		kinds[i].streams = append(kinds[i].streams, s.ID)
	}
	for _, c := range kinds {
		fmt.Fprintf(w, "SRTP stays encrypted in %s: %s\n", streamList(c.streams), clean.Line(c.reason()))
	}
}

// streamList is "stream 1" or "streams 1, 2, 3 and 40 more".
func streamList(ids []int) string {
	const most = 10
	names := make([]string, 0, most)
	for _, id := range ids[:min(len(ids), most)] {
		names = append(names, strconv.Itoa(id))
	}
	text := strings.Join(names, ", ")
	if more := len(ids) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(ids) == 1 {
		return "stream " + text
	}
	return "streams " + text
}

// closedReasons are the problems of correlate.Protection in words.
var closedReasons = map[string]string{
	"key_refused":              "the keys that signalling or DTLS gave fit no packet",
	"no_key":                   "no description tells a key; it may be in signalling that is encrypted or was not captured",
	"sdes_syntax":              "the a=crypto attribute cannot be read",
	"sdes_suite_unknown":       "the a=crypto attribute names an unknown suite",
	"sdes_suite_unsupported":   "the suite of the a=crypto attribute is not supported",
	"sdes_key_encoding":        "the key in the a=crypto attribute is not base64",
	"sdes_key_length":          "the key in the a=crypto attribute has the wrong length for its suite",
	"sdes_kdr_unsupported":     "a key derivation rate (KDR) is not supported",
	"dtls_no_handshake":        "the key comes of DTLS, and its handshake was not captured",
	"dtls_no_answer":           "the key comes of DTLS, and nobody answered its handshake",
	"dtls_no_profile":          "the DTLS handshake agreed on no protection profile",
	"dtls_profile_unsupported": "the DTLS handshake agreed on a protection profile that is not supported",
	"dtls_version_unsupported": "the key comes of DTLS 1.3, which is not supported",
}

func (c *closed) reason() string {
	if c.problem == "dtls_no_secret" {
		return "the key comes of DTLS; a key log with a line CLIENT_RANDOM " + c.random + " would open it"
	}
	if text, ok := closedReasons[c.problem]; ok {
		return text
	}
	return c.problem
}
