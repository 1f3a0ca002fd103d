package correlate

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// worked is the example of spec §4.4.
const worked = `
	0.000 A>B INVITE 1 sdp
	0.040 B>A 407 INVITE 1
	0.041 A>B ACK 1 nack
	0.050 A>B INVITE 2 sdp +Proxy-Authorization:Digest_x=1 +User-Agent:Phone/1
	0.070 B>A 100 INVITE 2
	1.250 B>A 183 INVITE 2 sdp
	2.000 B>A 180 INVITE 2
	8.000 B>A 200 INVITE 2 sdp
	8.060 A>B ACK 2
	68.000 B>A BYE 1 +Reason:Q.850;cause=16
	68.045 A>B 200 BYE 1`

func TestWorkedExample(t *testing.T) {
	s := runScript(t, worked)
	c := onlyCall(t, s)
	type times struct {
		State                                  State
		Started, Answered, Ended               int64
		Ring, RequestDelay, Setup, Duration    int64
		By, Cause, Reason, Agent, Method       string
		Status, Messages, Retransmissions      int
		From, To, FromDisplay, ToDisplay, RURI string
	}
	want := times{
		State: StateCompleted, Started: at(0), Answered: at(8), Ended: at(68),
		Ring: 6 * second, RequestDelay: 1200 * millisecond, Setup: 8 * second, Duration: 60 * second,
		By: "callee", Cause: "Q.850;cause=16", Reason: "Reason 200", Agent: "Phone/1", Method: "INVITE",
		Status: 200, Messages: 11,
		From: "sip:alice@example.org", To: "sip:bob@example.org", FromDisplay: "Alice", ToDisplay: "Bob", RURI: "sip:bob@example.org",
	}
	got := times{
		State: c.State, Started: c.Started, Answered: c.Answered, Ended: c.Ended,
		Ring: c.Ring, RequestDelay: c.SessionRequestDelay, Setup: c.Setup, Duration: c.Duration,
		By: c.EndedBy, Cause: c.Cause, Reason: c.FinalReason, Agent: c.UserAgent, Method: c.Method,
		Status: c.FinalStatus, Messages: c.MessageCount, Retransmissions: c.Retransmissions,
		From: c.From, To: c.To, FromDisplay: c.FromDisplay, ToDisplay: c.ToDisplay, RURI: c.RequestURI,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if want := []Dialog{{"a", "b", dialogTerminated}}; !slices.Equal(c.Dialogs, want) {
		t.Errorf("dialogs %v, want %v", c.Dialogs, want)
	}
	if c.Source != scriptAddr("A") || c.Destination != scriptAddr("B") {
		t.Errorf("from %v to %v", c.Source, c.Destination)
	}
}

func TestTotalsCountEveryCopy(t *testing.T) {
	s := runScript(t, `
		0 A>B INVITE 1
		0.0002 A>B INVITE 1 copy
		0.5 A>B INVITE 1
		1 B>A 200 INVITE 1
		1.5 B>A 200 INVITE 1
		1.6 A>B ACK 1
		2 A>B OPTIONS 1 id=ping
		2.1 B>A 200 OPTIONS 1 id=ping
		3 A>B REGISTER 1 id=reg
		4 A>B BYE 2
		4.1 B>A 200 BYE 2`)
	want := Totals{SIPMessages: 11, Calls: 1, Registrations: 1, Dialogs: 1,
		Transactions: 5} // INVITE, the ACK to its 2xx, OPTIONS, REGISTER, BYE
	if s.Totals != want {
		t.Errorf("totals %+v, want %+v", s.Totals, want)
	}
	methods := map[string]uint64{"INVITE": 3, "ACK": 1, "OPTIONS": 1, "REGISTER": 1, "BYE": 1}
	if !reflect.DeepEqual(s.Methods, methods) {
		t.Errorf("methods %v, want %v", s.Methods, methods)
	}
	if s.Responses[200] != 4 || len(s.Responses) != 1 || s.Transports[0] != 11 {
		t.Errorf("responses %v, transports %v", s.Responses, s.Transports)
	}
	if c := s.Calls[0]; c.MessageCount != 7 || c.Retransmissions != 2 || c.Duplicates != 1 {
		t.Errorf("messages %d, retransmissions %d, duplicates %d; want 7, 2, 1", c.MessageCount, c.Retransmissions, c.Duplicates)
	}
	if s.First != at(0) || s.Last != at(4.1) {
		t.Errorf("from %d to %d", s.First, s.Last)
	}
}

func TestRepetitionsPointToTheFirst(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>P INVITE 1
		0.0002 A>P INVITE 1 copy
		0.001 P>B INVITE 1
		0.5 A>P INVITE 1`))
	m := c.Messages()
	if len(m) != 4 {
		t.Fatalf("%d messages, want 4", len(m))
	}
	if !m[1].Duplicate || m[1].Retransmission || m[1].First != m[0] {
		t.Errorf("the copy: %v %v", m[1].Duplicate, m[1].Retransmission)
	}
	if m[2].Duplicate || m[2].Retransmission || m[2].First != nil {
		t.Errorf("the forwarded INVITE is no repetition: %+v", m[2])
	}
	if m[3].Duplicate || !m[3].Retransmission || m[3].First != m[0] {
		t.Errorf("the retransmission: %v %v", m[3].Duplicate, m[3].Retransmission)
	}
}

// A packet that was captured twice changes the count of duplicates and
// nothing else, whichever copy comes first in time.
func TestCapturedTwice(t *testing.T) {
	once := onlyCall(t, runScript(t, worked))
	for _, shift := range []int64{200_000, -200_000} {
		tr := NewTracker(Config{})
		for _, l := range parseScript(t, worked) {
			l.play(t, tr)
			l.packet.Duplicate = true
			l.packet.Nanos += shift
			l.packet.Frame += 1000
			l.play(t, tr)
		}
		twice := *onlyCall(t, tr.Publish())
		if twice.Duplicates != 11 || twice.MessageCount != once.MessageCount || twice.Retransmissions != 0 {
			t.Errorf("shift %d: duplicates %d, messages %d, retransmissions %d", shift, twice.Duplicates, twice.MessageCount, twice.Retransmissions)
		}
		if twice.State != once.State || shift > 0 && summary(&twice) != summary(once) {
			t.Errorf("shift %d: %v\nwant %v", shift, summary(&twice), summary(once))
		}
	}
}

type callSummary struct {
	state                                            State
	started, answered, ended, ring, srd, setup, last int64
	by, flags                                        string
}

func summary(c *Call) callSummary {
	return callSummary{c.State, c.Started, c.Answered, c.Ended, c.Ring, c.SessionRequestDelay, c.Setup, c.Duration,
		c.EndedBy, strings.Join(c.Flags, " ")}
}

// proxied is the call of one proxy with both of its sides captured: each
// message twice, 2 ms apart.
const proxied = `
	0.000 A>P INVITE 1 sdp
	0.001 P>A 100 INVITE 1
	0.002 P>B INVITE 1 sdp
	1.000 B>P 180 INVITE 1
	1.002 P>A 180 INVITE 1
	3.000 B>P 200 INVITE 1 sdp
	3.002 P>A 200 INVITE 1 sdp
	3.050 A>P ACK 1
	3.052 P>B ACK 1
	9.000 B>P BYE 1
	9.002 P>A BYE 1
	9.010 A>P 200 BYE 1
	9.012 P>B 200 BYE 1`

func TestProxyAtTheProbe(t *testing.T) {
	c := onlyCall(t, runScript(t, proxied))
	want := callSummary{
		state: StateCompleted, started: at(0), answered: at(3.002), ended: at(9.002),
		ring: 2 * second, srd: 1002 * millisecond, setup: 3002 * millisecond, last: 6 * second, by: "callee",
	}
	if got := summary(c); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if c.Retransmissions != 0 || c.MessageCount != 13 || len(c.Dialogs) != 1 {
		t.Errorf("retransmissions %d, messages %d, dialogs %v", c.Retransmissions, c.MessageCount, c.Dialogs)
	}
}

// When only the far side shows responses, they count.
func TestProxyWithResponsesOnTheFarSideOnly(t *testing.T) {
	var kept []string
	for _, line := range strings.Split(proxied, "\n") {
		if !strings.Contains(line, "P>A") {
			kept = append(kept, line)
		}
	}
	c := onlyCall(t, runScript(t, strings.Join(kept, "\n")))
	if c.State != StateCompleted || c.Answered != at(3) || c.Ended != at(9) {
		t.Errorf("state %v, answered %d, ended %d", c.State, c.Answered, c.Ended)
	}
}

func TestFork(t *testing.T) {
	const forked = `
		0.000 A>P INVITE 1
		0.001 P>A 100 INVITE 1
		0.002 P>B INVITE 1
		0.003 P>C INVITE 1
		1.000 B>P 180 INVITE 1
		1.002 P>A 180 INVITE 1 to=b
		1.100 C>P 180 INVITE 1
		1.102 P>A 180 INVITE 1 to=c
		2.000 B>P 486 INVITE 1
		2.001 P>B ACK 1 nack
		4.000 C>P 200 INVITE 1
		4.002 P>A 200 INVITE 1 to=c
		4.100 A>P ACK 1 to=c
		4.102 P>C ACK 1`
	c := onlyCall(t, runScript(t, forked))
	if c.State != StateInCall || c.Answered != at(4.002) || c.FinalStatus != 200 {
		t.Errorf("state %v, answered %d, final %d", c.State, c.Answered, c.FinalStatus)
	}
	if want := []Dialog{{"a", "b", dialogTerminated}, {"a", "c", dialogConfirmed}}; !slices.Equal(c.Dialogs, want) {
		t.Errorf("dialogs %v, want %v", c.Dialogs, want)
	}
	// The probe sits behind the proxy: it sees the branches only.
	var behind []string
	for _, line := range strings.Split(forked, "\n") {
		if !strings.Contains(line, "A>P") && !strings.Contains(line, "P>A") {
			behind = append(behind, line)
		}
	}
	c = onlyCall(t, runScript(t, strings.Join(behind, "\n")))
	if c.State != StateInCall || c.Answered != at(4) {
		t.Errorf("behind the proxy: state %v, answered %d", c.State, c.Answered)
	}
}

func TestForkFailsWithItsLastBranch(t *testing.T) {
	const start = `
		0.002 P>B INVITE 1
		0.003 P>C INVITE 1
		1.000 B>P 486 INVITE 1`
	if c := onlyCall(t, runScript(t, start)); c.State != StateNew {
		t.Errorf("one branch pending: %v, want new", c.State)
	}
	c := onlyCall(t, runScript(t, start+"\n 2 C>P 503 INVITE 1"))
	if c.State != StateBusy || c.FinalStatus != 486 || c.Ended != at(2) {
		t.Errorf("%v %d at %d; want the 486, at the time of the last response", c.State, c.FinalStatus, c.Ended)
	}
	c = onlyCall(t, runScript(t, start+"\n 2 C>P 603 INVITE 1"))
	if c.State != StateRejected || c.FinalStatus != 603 {
		t.Errorf("%v %d; a 6xx wins", c.State, c.FinalStatus)
	}
}

// The proxy cancels the branches that did not answer; that is not the caller.
func TestProxyCancelsABranch(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0.000 A>P INVITE 1
		0.002 P>B INVITE 1
		0.003 P>C INVITE 1
		1.000 B>P 180 INVITE 1
		1.002 P>A 180 INVITE 1 to=b
		5.000 P>B CANCEL 1 vias=1
		5.010 B>P 487 INVITE 1`))
	if c.State != StateRinging || len(c.Flags) != 0 {
		t.Errorf("state %v, flags %v; want ringing", c.State, c.Flags)
	}
}

func TestTwoBranchesAnswer(t *testing.T) {
	const both = `
		0 A>P INVITE 1
		1.0 P>A 200 INVITE 1 to=b
		1.1 P>A 200 INVITE 1 to=c
		1.2 A>P ACK 1 to=b
		1.3 A>P ACK 1 to=c branch=z9hG4bK-second
		1.4 A>P BYE 2 to=c`
	c := onlyCall(t, runScript(t, both))
	if c.State != StateInCall || !slices.Equal(c.Flags, []string{"multiple_2xx"}) || c.Ended != 0 {
		t.Errorf("state %v, flags %v: the first branch goes on", c.State, c.Flags)
	}
	c = onlyCall(t, runScript(t, both+"\n 8 A>P BYE 3 to=b\n 8.1 P>A 200 BYE 3 to=b"))
	if c.State != StateCompleted || c.Ended != at(8) {
		t.Errorf("state %v, ended %d", c.State, c.Ended)
	}
	c = onlyCall(t, runScript(t, strings.Replace(both, "BYE 2 to=c", "BYE 2 to=b", 1)))
	if c.State != StateInCall {
		t.Errorf("state %v: the second branch goes on", c.State)
	}
}

func TestOneSide(t *testing.T) {
	half := func(keep string) *Call {
		var kept []string
		for _, line := range strings.Split(worked, "\n") {
			if strings.Contains(line, keep) {
				kept = append(kept, line)
			}
		}
		return onlyCall(t, runScript(t, strings.Join(kept, "\n")))
	}
	c := half("A>B")
	if c.State != StateCompleted || c.Answered != 0 || c.Duration != -1 || c.Method != "INVITE" {
		t.Errorf("towards the callee: %v answered %d duration %d", c.State, c.Answered, c.Duration)
	}
	c = half("B>A")
	if c.State != StateEnding || c.Answered != at(8) || c.Ended != at(68) || c.Setup != -1 || c.EndedBy != "callee" {
		t.Errorf("towards the caller: %v answered %d ended %d setup %d by %q", c.State, c.Answered, c.Ended, c.Setup, c.EndedBy)
	}
	if c.Source != scriptAddr("A") || c.Method != "INVITE" {
		t.Errorf("towards the caller: from %v, method %s", c.Source, c.Method)
	}
}

func TestRequestsOnly(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>B INVITE 1
		0.1 A>B ACK 1 nack
		0.2 A>B INVITE 2 +Proxy-Authorization:Digest_x=1
		8.0 A>B ACK 2
		68 A>B BYE 3`))
	if c.State != StateEnding || c.Ended != at(68) || !slices.Equal(c.Flags, []string{"answer_not_seen"}) || c.EndedBy != "caller" {
		t.Errorf("state %v, ended %d, flags %v, by %q", c.State, c.Ended, c.Flags, c.EndedBy)
	}
}

// A border controller that keeps the Call-ID acknowledges on its other leg,
// under a From tag of its own. That says nothing of the leg of the caller.
func TestAcknowledgedOnTheOtherLeg(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>P INVITE 1
		0.1 P>A 100 INVITE 1
		0.2 P>B INVITE 1 from=p vias=1
		0.3 B>P 407 INVITE 1 from=p vias=1
		0.4 P>B ACK 1 from=p nack vias=1
		0.5 P>A 407 INVITE 1
		0.6 A>P ACK 1 nack
		1 A>P INVITE 2
		1.2 P>B INVITE 2 from=q vias=1
		3 B>P 200 INVITE 2 from=q vias=1
		3.1 P>B ACK 2 from=q vias=1
		3.2 P>A 200 INVITE 2
		3.4 A>P ACK 2
		9 A>P BYE 3
		9.1 P>A 200 BYE 3`))
	if c.State != StateCompleted || c.Answered != at(3.2) || c.FinalStatus != 200 || c.Duration != int64(5.8e9) || len(c.Flags) != 0 {
		t.Errorf("state %v, answered %d, status %d, duration %d, flags %v", c.State, c.Answered, c.FinalStatus, c.Duration, c.Flags)
	}
}

func TestResponsesOnly(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0.1 B>A 407 INVITE 1
		0.2 B>A 100 INVITE 2
		2.0 B>A 180 INVITE 2
		8.0 B>A 200 INVITE 2
		68 B>A 200 BYE 3`))
	if c.State != StateCompleted || c.Ended != at(68) || c.EndedBy != "caller" || c.Method != "INVITE" {
		t.Errorf("state %v, ended %d, by %q, method %s", c.State, c.Ended, c.EndedBy, c.Method)
	}
	if c.Source != scriptAddr("A") || c.Ring != 6*second || c.Setup != -1 {
		t.Errorf("from %v, ring %d, setup %d", c.Source, c.Ring, c.Setup)
	}
}

// A peer of RFC 2543 has no tags and no unique branch.
func TestWithoutTags(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>B INVITE 1 from= branch=1
		1 B>A 200 INVITE 1 from= to= branch=1
		1.1 A>B ACK 1 from= to= branch=1
		9 B>A BYE 1 from= to= branch=7
		9.1 A>B 200 BYE 1 from= to= branch=7`))
	if c.State != StateCompleted || c.EndedBy != "callee" || c.Duration != 8*second {
		t.Errorf("state %v, by %q, duration %d", c.State, c.EndedBy, c.Duration)
	}
}

// Some test programs send little more than a start line.
func TestWithoutHeaders(t *testing.T) {
	tr := NewTracker(Config{})
	s := parseScript(t, `
		0 A>B INVITE 1
		0.1 B>A 100 INVITE 1
		0.2 B>A 200 INVITE 1
		0.3 A>B ACK 1
		5 A>B BYE 2
		5.1 B>A 200 BYE 2`)
	for i := range s {
		first, _, _ := strings.Cut(s[i].message, "\r\n")
		s[i].message = first + "\r\n\r\n"
	}
	s.play(t, tr)
	c := onlyCall(t, tr.Publish())
	if c.State != StateCompleted || c.Duration != 4800*millisecond || c.HasCallID || c.Method != "INVITE" {
		t.Errorf("state %v, duration %d, method %s, flags %v", c.State, c.Duration, c.Method, c.Flags)
	}
}

// An element in the middle may give the dialog another tag on its other side.
func TestTagsChangeOnTheWay(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0.000 A>P INVITE 1
		0.002 P>B INVITE 1
		3.000 B>P 200 INVITE 1 to=far
		3.002 P>A 200 INVITE 1 to=near
		3.050 A>P ACK 1 to=near
		3.052 P>B ACK 1 to=far
		9.000 A>P BYE 2 to=near
		9.002 P>B BYE 2 to=far
		9.010 B>P 200 BYE 2 to=far
		9.012 P>A 200 BYE 2 to=near`))
	if c.State != StateCompleted || c.Ended != at(9) {
		t.Errorf("state %v, ended %d, flags %v", c.State, c.Ended, c.Flags)
	}
}

// A stack that gives another From tag back is known by its branches.
func TestWrongTagsInResponses(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>B INVITE 1
		1 B>A 180 INVITE 1 from=x
		2 B>A 200 INVITE 1 from=x
		2.1 A>B ACK 1
		5 A>B INVITE 2 to=b
		5.1 B>A 200 INVITE 2 from=x`))
	if c.State != StateInCall || c.Answered != at(2) || len(c.Flags) != 0 {
		t.Errorf("state %v, answered %d, flags %v", c.State, c.Answered, c.Flags)
	}
}

func TestReplaced(t *testing.T) {
	const text = answer + `
		10 C>A INVITE 1 id=new from=c to= +Replaces:call;to-tag=a;from-tag=b
		10.5 A>C 200 INVITE 1 id=new from=c to=a`
	s := runScript(t, text)
	if c := s.Calls[0]; c.State != StateEnding || c.Ended != at(10.5) || !slices.Equal(c.Flags, []string{"replaced"}) {
		t.Errorf("state %v, ended %d, flags %v", c.State, c.Ended, c.Flags)
	}
	s = runScript(t, text+"\n 10.6 A>B BYE 2\n 10.7 B>A 200 BYE 2")
	if c := s.Calls[0]; c.State != StateCompleted || c.Ended != at(10.6) || c.EndedBy != "caller" {
		t.Errorf("state %v, ended %d by %q", c.State, c.Ended, c.EndedBy)
	}
}

func TestCallsOfTheirOwn(t *testing.T) {
	s := runScript(t, `
		0 A>B OPTIONS 1 id=-
		0.1 B>A 200 OPTIONS 1 id=-
		1 A>C OPTIONS 1 id=-
		2 A>B OPTIONS 1 id=x
		3 A>C OPTIONS 1 id=X`)
	if len(s.Calls) != 4 {
		t.Fatalf("%d calls, want 4: one for each pair without Call-ID, and Call-IDs differ by case", len(s.Calls))
	}
	if c := s.Calls[0]; c.HasCallID || c.CallID != "" || c.MessageCount != 2 || c.State != StateOK {
		t.Errorf("%+v", c)
	}
}

func TestBranchInTwoCalls(t *testing.T) {
	s := runScript(t, "0 A>B INVITE 1 id=x branch=z9hG4bK-same\n 1 A>B INVITE 1 id=y branch=z9hG4bK-same")
	if len(s.Calls) != 2 || s.Totals.Transactions != 2 || !slices.Equal(s.Calls[0].Flags, []string{"branch_reuse"}) || !slices.Equal(s.Calls[1].Flags, s.Calls[0].Flags) {
		t.Errorf("%d calls, %d transactions, flags %v", len(s.Calls), s.Totals.Transactions, s.Calls[1].Flags)
	}
}

func TestTransactionsExpire(t *testing.T) {
	// The same branch, CSeq and Call-ID, but long after the first was over.
	s := runScript(t, "0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1\n 60 A>B OPTIONS 1\n 60.1 B>A 200 OPTIONS 1")
	if s.Totals.Transactions != 2 {
		t.Errorf("%d transactions, want 2", s.Totals.Transactions)
	}
}

// mixture is several calls at once with everything that depends on order.
func mixture(t *testing.T) script {
	var text strings.Builder
	for _, id := range []string{"one", "two", "three"} {
		for i, row := range []string{worked, proxied, unacked} {
			for _, line := range strings.Split(row, "\n") {
				if strings.TrimSpace(line) != "" {
					text.WriteString(line + " id=" + id + string(rune('0'+i)) + "\n")
				}
			}
		}
	}
	s := parseScript(t, text.String())
	slices.SortStableFunc(s, func(a, b scriptLine) int { return int(a.nanos - b.nanos) })
	for i := range s {
		s[i].packet.Frame = i + 1
	}
	return s
}

// A capture whose packets are out of order by up to a second gives the same
// calls, whenever a Snapshot is made in between (spec §9.5).
func TestShuffledWithinASecond(t *testing.T) {
	s := mixture(t)
	tr := NewTracker(Config{})
	s.play(t, tr)
	want := tr.Publish()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		late := make([]int64, len(s))
		shuffled := slices.Clone(s)
		for i := range late {
			late[i] = s[i].nanos + random.Int64N(second)
		}
		order := make([]int, len(s))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return int(late[a] - late[b]) })
		for i, from := range order {
			shuffled[i] = s[from]
		}
		tr := NewTracker(Config{})
		for i := range shuffled {
			shuffled[i].play(t, tr)
			if seed%2 == 0 && i%5 == 0 {
				tr.Publish()
			}
		}
		tr.Flush()
		compareSnapshots(t, seed, tr.Publish(), want)
	}
}

func compareSnapshots(t *testing.T, seed uint64, got, want *Snapshot) {
	t.Helper()
	if got.Totals != want.Totals {
		t.Errorf("seed %d: totals %+v, want %+v", seed, got.Totals, want.Totals)
	}
	if len(got.Calls) != len(want.Calls) {
		t.Fatalf("seed %d: %d calls, want %d", seed, len(got.Calls), len(want.Calls))
	}
	byID := map[string]*Call{}
	for _, c := range got.Calls {
		byID[c.CallID] = c
	}
	for _, w := range want.Calls {
		g := byID[w.CallID]
		if summary(g) != summary(w) || g.MessageCount != w.MessageCount || g.Retransmissions != w.Retransmissions || !slices.Equal(g.Dialogs, w.Dialogs) {
			t.Errorf("seed %d: %s:\ngot  %+v\nwant %+v", seed, w.CallID, summary(g), summary(w))
		}
		for i, m := range w.Messages() {
			if o := g.Messages()[i]; o.Frame != m.Frame || o.Retransmission != m.Retransmission || (o.First == nil) != (m.First == nil) {
				t.Errorf("seed %d: %s: message %d differs", seed, w.CallID, i)
			}
		}
	}
}
