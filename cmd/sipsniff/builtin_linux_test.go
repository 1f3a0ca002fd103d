package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A builtin is one of the scenarios that come with SIPp, played between two
// hosts, and what must come out of it.
type builtin struct {
	name    string
	servers []string // -sn, at b, on ports 5060, 5061 …
	clients []string // likewise at a
	calls   int
	states  []string       // of every call one of these
	methods map[string]int // of each call, without retransmissions
	dialogs int            // of each call
	streams int            // of all calls

	// faults are the codes of the findings of severity error or worse that are
	// true of each call: SIPp does not always keep to the rules.
	faults []string
}

// The recordings of uac_pcap, speech and a digit, have an SSRC each.
// The two halves of 3PCC share a Call-ID, REGISTER and INVITE of branchc do
// too: each Call-ID is one call.
var builtins = []builtin{
	{name: "uac", servers: []string{"uas"}, clients: []string{"uac"}, calls: 5, states: []string{"completed caller 200"},
		methods: map[string]int{"INVITE": 1, "ACK": 1, "BYE": 1}, dialogs: 1},
	{name: "regexp", servers: []string{"uas"}, clients: []string{"regexp"}, calls: 5, states: []string{"completed caller 200"},
		methods: map[string]int{"INVITE": 1, "ACK": 1, "BYE": 1}, dialogs: 1},
	{name: "branch", servers: []string{"branchs"}, clients: []string{"branchc"}, calls: 5,
		// The callee tosses a coin: 200, or 403 and no ACK but a BYE after it.
		states: []string{"completed caller 200", "rejected network 403"}, methods: map[string]int{"REGISTER": 1, "INVITE": 1, "BYE": 1}, dialogs: 1},
	{name: "uac_pcap", servers: []string{"uas"}, clients: []string{"uac_pcap"}, calls: 1, states: []string{"completed caller 200"},
		methods: map[string]int{"INVITE": 1, "ACK": 1, "BYE": 1}, dialogs: 1, streams: 2,
		// uas answers PCMU to whatever is offered, here PCMA and keys, and sends no media.
		faults: []string{"MED-01", "MED-08", "MED-18", "SIG-12"}},
	{name: "3pcc", servers: []string{"3pcc-A", "3pcc-B"}, clients: []string{"3pcc-C-A", "3pcc-C-B"}, calls: 3, states: []string{"completed caller 200"},
		methods: map[string]int{"INVITE": 2, "ACK": 2, "BYE": 2}, dialogs: 2},
}

// TestSIPpBuiltin plays the scenarios that come with SIPp.
func TestSIPpBuiltin(t *testing.T) {
	needs(t, "sipp")
	recordings, err := filepath.EvalSymlinks(filepath.Dir(sippAudio))
	if err != nil {
		t.Skipf("SIPp's recordings are not here: %v", err)
	}
	program := build(t)
	for _, b := range builtins {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			wire := newWire(t)
			l := listen(t, wire, wire.command("a", program, "report", "-v", "-i", "va", "-F", "json", "udp"), 1)
			b.play(t, wire, recordings)
			b.compare(t, l.counts(t))
		})
	}
}

// play runs the scenarios until the callers have made their calls.
func (b *builtin) play(t *testing.T, w *wire, recordings string) {
	t.Helper()
	sipp := func(end, address, scenario string, i int, more ...string) func() {
		words := append([]string{"sipp", "-sn", scenario, "-i", address, "-p", strconv.Itoa(5060 + i), "-mp", strconv.Itoa(6000 + 10*i),
			"-m", strconv.Itoa(b.calls), "-nostdin", "-timeout", "60"}, more...)
		c := w.command(end, words...)
		c.Dir = t.TempDir()
		if err := os.Symlink(recordings, filepath.Join(c.Dir, "pcap")); err != nil { // where uac_pcap looks for them
			t.Fatal(err)
		}
		var screen strings.Builder
		c.Stdout, c.Stderr = &screen, &screen
		start(t, c)
		return func() {
			if err := c.Wait(); err != nil {
				t.Fatalf("%s: %v\n%s", scenario, err, screen.String())
			}
		}
	}
	var waits []func()
	for i, s := range b.servers {
		waits = append(waits, sipp("b", "192.0.2.2", s, i))
		w.waitForPort(t, "b", 5060+i)
	}
	for i := len(b.clients) - 1; i >= 0; i-- { // the second half of 3PCC listens for the first
		more := []string{"192.0.2.2:" + strconv.Itoa(5060+i), "-r", "10"}
		if len(b.clients) > 1 {
			more = append(more, "-3pcc", "127.0.0.1:9999")
		}
		waits = append(waits, sipp("a", "192.0.2.1", b.clients[i], i, more...))
		w.waitForPort(t, "a", 5060+i)
	}
	for _, wait := range waits {
		wait()
	}
}

func (b *builtin) compare(t *testing.T, got counts) {
	t.Helper()
	equal(t, "calls", len(got.Calls), b.calls)
	equal(t, "streams", len(got.Streams), b.streams)
	for method, n := range b.methods {
		equal(t, method, got.Methods[method], n*b.calls)
	}
	for i := range got.Calls {
		c := &got.Calls[i]
		state := fmt.Sprint(c.State, " ", c.EndedBy, " ", c.FinalStatus)
		if !slices.Contains(b.states, state) || c.Retransmissions != 0 || len(c.Dialogs) != b.dialogs {
			t.Errorf("%+v", *c)
		}
	}
	b.judge(t, got)
	if b.streams > 0 && !slices.ContainsFunc(got.Streams, func(s counted) bool { return s.Packets >= sippAudioPackets && s.Lost == 0 }) {
		t.Errorf("streams %+v, want one with at least %d packets and none lost", got.Streams, sippAudioPackets)
	}
}

// judge looks at what is said of the calls: no more than what is true of them.
func (b *builtin) judge(t *testing.T, got counts) {
	t.Helper()
	for i := range got.Calls {
		c := &got.Calls[i]
		var faults []string
		for _, f := range c.Findings {
			refusal := f.Code == "SIG-23" && c.FinalStatus == 403
			switch bad := f.Severity == "error" || f.Severity == "critical"; {
			case bad && !slices.Contains(faults, f.Code):
				faults = append(faults, f.Code)
			case !bad && f.Confidence == "proven" && !refusal && f.Code != "MED-23": // no media is marked here
				t.Errorf("%s of a call is not so: %+v", f.Code, f)
			}
		}
		slices.Sort(faults)
		if !slices.Equal(faults, b.faults) {
			t.Errorf("faults %q, want %q: %+v", faults, b.faults, c.Findings)
		}
	}
	for _, f := range got.Findings {
		if f.Code != "INF-11" { // nor is SIP
			t.Errorf("of the capture: %+v", f)
		}
	}
}
