package filter

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
)

// A Field is what somebody who types a filter should know of a field.
type Field struct {
	Name     string
	Operator string // that it is mostly used with
	Help     string // a few words
}

// helps say what each field is, in the words of the completion.
var helps = map[string]string{
	"from": "URI and display name of From", "to": "URI and display name of To", "user": "user parts of the URIs",
	"number": "telephone numbers", "host": "hosts of the URIs", "uri": "From, To and the request URI",
	"contact": "Contact of any message", "pai": "P-Asserted-Identity", "ua": "User-Agent and Server",
	"callid": "Call-ID", "xcid": "X-CID and X-Call-ID",
	"src": "where it came from: IP, CIDR or alias", "dst": "where it went to: IP, CIDR or alias", "peer": "either end: IP, CIDR or alias",
	"port": "port of either end", "transport": "udp, tcp, tls, ws, wss, sctp", "iface": "interface", "vlan": "VLAN", "alias": "alias of a host",
	"method": "of the first request", "state": "in_call, busy, rejected …", "code": "final status: 486, 4xx, >=500",
	"reason": "reason phrase or Reason header", "q850": "Q.850 cause", "cseq": "CSeq number", "body": "bodies of the messages",
	"sdp": "session descriptions", "msg": "text of any message",
	"time": "when it began: 12:05..12:10", "since": "began so long ago at most: 5m", "dur": "how long it was up, seconds",
	"pdd": "post-dial delay, seconds", "ring": "how long it rang, seconds", "rtt": "round trip by RTCP, ms", "idx": "number in the list",
	"codec": "of any stream", "mos": "worst stream, 1 to 4.5", "loss": "worst stream, percent", "jitter": "worst stream, ms",
	"burst": "burst ratio of losses", "ptime": "packet time, ms", "dtmf": "keys that were pressed", "ssrc": "SSRC of a stream",
	"srtp": "yes: a stream is encrypted", "t38": "yes: describes T.38", "oneway": "yes: one direction only", "silent": "yes: no media, or silence",
	"legs": "legs of the end-to-end call", "msgs": "SIP messages", "retrans": "retransmissions", "dup": "captured twice",
	"marked": "yes: marked in the list", "severity": "of the worst finding: error is that or worse", "finding": "SIG-13, no-answer …", "problem": "one-way, loss, no-answer, error …",
}

// Fields are the fields that calls can have a value of, in the order of
// docs/FILTER.md.
func Fields() []Field {
	var out []Field
	for i := range fieldTable {
		f := &fieldTable[i]
		if f.measured() {
			out = append(out, Field{Name: f.name, Operator: f.usual(), Help: helps[f.name]})
		}
	}
	return out
}

// usual is the operator that a field is mostly asked with.
func (f *field) usual() string {
	switch f.name {
	case "mos":
		return "<"
	case "dur", "pdd", "ring", "rtt", "loss", "jitter", "burst", "legs", "msgs", "retrans", "dup":
		return ">"
	}
	return ":"
}

// A Value is what calls have in a field, and how many have it.
type Value struct {
	Text  string
	Calls int
}

// The limits of what is counted for a completion.
const (
	maxDistinct  = 20_000
	maxDeepCalls = 2_000 // of which the messages are read
)

// Values counts what the calls of a scope have in a field, the most frequent
// first, limit at most. Numbers that are measured are not counted: hardly two
// are alike.
func Values(name string, in *Scope, calls []*correlate.Call, limit int) []Value {
	f := lookup(name)
	if f == nil {
		if header, ok := cutHeader(name); ok && header != "" {
			f = headerField(header)
		}
	}
	if f == nil || !f.measured() {
		return nil
	}
	counts := f.count(in, calls)
	out := make([]Value, 0, len(counts))
	for text, n := range counts {
		out = append(out, Value{text, n})
	}
	slices.SortFunc(out, func(a, b Value) int {
		if a.Calls != b.Calls {
			return b.Calls - a.Calls
		}
		return strings.Compare(a.Text, b.Text)
	})
	return out[:min(limit, len(out))]
}

// count tallies the values of a field; a call counts once for each.
func (f *field) count(in *Scope, calls []*correlate.Call) map[string]int {
	if f.deep && len(calls) > maxDeepCalls {
		calls = calls[len(calls)-maxDeepCalls:]
	}
	counts := map[string]int{}
	var own []string // of one call
	note := func(text string) bool {
		if text != "" && !slices.Contains(own, text) {
			own = append(own, text)
		}
		return false
	}
	for _, c := range calls {
		own = own[:0]
		f.each(subject{c, in}, note)
		for _, text := range own {
			if _, known := counts[text]; known || len(counts) < maxDistinct {
				counts[text]++
			}
		}
	}
	return counts
}

// each calls note with every value of a call, as it is written in a filter.
func (f *field) each(s subject, note func(string) bool) {
	number := func(v float64) bool { return !math.IsNaN(v) && note(f.spellNumber(v)) }
	switch {
	case f.kind == kindState:
		note(strings.ToLower(s.call.State.String()))
	case f.kind == kindSeverity:
		if v := worstFinding(s); !math.IsNaN(v) {
			note(severityNames[int(v)])
		}
	case f.texts != nil:
		f.texts(s, note)
	case f.addresses != nil:
		f.addresses(s, func(a netip.AddrPort) bool { return note(a.Addr().Unmap().String()) })
	case f.answer != nil:
		note([]string{"", "yes", "no"}[f.answer(s)])
	case f.kind == kindSSRC:
		f.numbers(s, func(v float64) bool { return note(fmt.Sprintf("%08x", uint32(v))) })
	case f.kind == kindWhole && f.numbers != nil:
		f.numbers(s, number)
	case f.kind == kindWhole && f.number != nil:
		number(f.number(s))
	}
}

func (f *field) spellNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
