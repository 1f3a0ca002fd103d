package correlate

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipsniff/decode/sip"
)

// callsByID plays a script and returns its calls by Call-ID.
func callsByID(s *Snapshot) map[string]*Call {
	calls := make(map[string]*Call)
	for _, c := range s.Calls {
		calls[c.CallID] = c
	}
	return calls
}

func idOf(ref *CallRef) string {
	if ref == nil {
		return ""
	}
	return ref.CallID
}

const (
	blind = answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 202 REFER 2\n" +
		"10.5 B>D INVITE 1 id=new from=n uri=3005 +Referred-By:<sip:alice@example.org> sdp\n 10.6 D>B 180 INVITE 1 id=new from=n\n"
	reached   = "12 D>B 200 INVITE 1 id=new from=n sdp\n 12.1 B>D ACK 1 id=new from=n to=d\n"
	unreached = "12 D>B 486 INVITE 1 id=new from=n\n 12.1 B>D ACK 1 id=new from=n nack\n"
	goodbye   = "13 A>B BYE 3\n 13.1 B>A 200 BYE 3\n"
	attended  = answer + "5 A>C INVITE 1 id=second from=s sdp\n 6 C>A 200 INVITE 1 id=second from=s to=c sdp\n 6.1 A>C ACK 1 id=second from=s to=c\n" +
		"10 A>B REFER 2 +Refer-To:<sip:carol@example.org?Replaces=second%3Bto-tag%3Dc%3Bfrom-tag%3Ds>\n 10.1 B>A 202 REFER 2\n" +
		"10.5 B>C INVITE 1 id=new from=n uri=other +Replaces:second;to-tag=c;from-tag=s sdp\n 11 C>B 200 INVITE 1 id=new from=n to=m sdp\n 11.1 B>C ACK 1 id=new from=n to=m\n" +
		"11.2 C>A BYE 9 id=second from=c to=s\n 11.3 A>C 200 BYE 9 id=second from=c to=s\n"
	redirected = "0 A>B INVITE 1\n 1 B>A 302 INVITE 1 +Contact:<sip:carol@example.org>\n 1.1 A>B ACK 1 nack\n" +
		"1.5 A>C INVITE 1 id=new from=n uri=carol\n 2 C>A 180 INVITE 1 id=new from=n\n advance 60"
)

// relationRows are scripts with several calls and what has to be known of them.
var relationRows = []struct {
	name, script string
	check        func(t *testing.T, calls map[string]*Call)
}{
	{"blind transfer without NOTIFY", blind + reached, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind done", "new", "")
		if got := idOf(calls["new"].TransferredBy); got != "call" {
			t.Errorf("transferred by %q", got)
		}
		want := "Alice transferred Bob to 3005 (blind) in call "
		if got := BriefWords(stepOf(t, calls["call"], StepTransferAsked), calls["call"]); !strings.HasPrefix(got, want) {
			t.Errorf("words %q", got)
		}
	}},
	{"blind transfer to a busy phone", blind + unreached, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind failed", "new", "")
	}},
	{"blind transfer under way", blind, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind pending", "new", "")
	}},
	{"blind transfer, nobody called", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 202 REFER 2\n" + goodbye, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind unknown", "", "")
	}},
	{"the NOTIFY counts, not the call", blind + "11 B>A NOTIFY 1 +Event:refer body=SIP/2.0_503_No\n" + reached, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind failed", "new", "")
	}},
	{"a call to the same number from elsewhere", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 202 REFER 2\n" +
		"10.5 D>C INVITE 1 id=new from=n uri=3005@second.example", func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind pending", "", "")
	}},
	{"too late", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 202 REFER 2\n" +
		"42.5 B>D INVITE 1 id=new from=n uri=3005 +Referred-By:<sip:alice@example.org>", func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind pending", "", "")
	}},
	{"the earlier of two equal calls", blind + "11 B>D INVITE 1 id=later from=l uri=3005 +Referred-By:<sip:alice@example.org>\n" + reached, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind done", "new", "")
		if calls["later"].TransferredBy != nil {
			t.Error("the later call is said to be transferred as well")
		}
	}},
	{"REFER outside of a call", "0 C>B REFER 1 id=call from=c to= +Refer-To:<sip:3005@example.org>\n 0.1 B>C 202 REFER 1 id=call from=c to=b\n" +
		"0.5 B>D INVITE 1 id=new from=n uri=3005 sdp\n 2 D>B 200 INVITE 1 id=new from=n sdp\n 2.1 B>D ACK 1 id=new from=n to=d", func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind done", "new", "")
		if got := idOf(calls["new"].TransferredBy); got != "call" {
			t.Errorf("transferred by %q", got)
		}
	}},
	{"REFER outside of a call, NOTIFY", "0 C>B REFER 1 id=call from=c to= +Refer-To:<sip:3005@example.org>\n 0.1 B>C 202 REFER 1 id=call from=c to=b\n" +
		"1 B>C NOTIFY 1 id=call from=b to=c +Event:refer body=SIP/2.0_486_Busy\n 1.1 C>B 200 NOTIFY 1 id=call from=b to=c", func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "blind failed", "", "")
	}},
	{"attended transfer", attended, func(t *testing.T, calls map[string]*Call) {
		wantTransfer(t, calls["call"], "attended done", "new", "second")
		if got := idOf(calls["new"].Replaces); got != "second" {
			t.Errorf("replaces %q", got)
		}
		second := calls["second"]
		if got := idOf(second.ReplacedBy); got != "new" || second.State != StateCompleted {
			t.Errorf("replaced by %q, state %v", got, second.State)
		}
		if got := storyOf(second); got != "invite@6 answered@7 acknowledged@8 replaced@12 bye@14" && got != "invite@6 answered@7 acknowledged@8 replaced@12" {
			t.Errorf("story %s", got)
		}
		if got := idOf(calls["new"].TransferredBy); got != "call" {
			t.Errorf("transferred by %q", got)
		}
	}},
	{"Replaces with tags that no dialog has", answer + "10 C>A INVITE 1 id=new from=c to= +Replaces:call;to-tag=a;from-tag=x\n 11 A>C 200 INVITE 1 id=new from=c to=m", func(t *testing.T, calls map[string]*Call) {
		if c := calls["call"]; c.State != StateInCall || c.ReplacedBy != nil {
			t.Errorf("state %v, replaced by %q", c.State, idOf(c.ReplacedBy))
		}
	}},
	{"redirection followed with a new Call-ID", redirected, func(t *testing.T, calls map[string]*Call) {
		c := calls["call"]
		if len(c.Redirects) != 1 || idOf(c.Redirects[0].Call) != "new" || c.State != StateRedirected {
			t.Errorf("state %v, redirects %+v", c.State, c.Redirects)
		}
		if got := storyOf(c); got != "invite@1 redirected@2 redirect_followed@4" {
			t.Errorf("story %s", got)
		}
		if got := idOf(calls["new"].RedirectedBy); got != "call" {
			t.Errorf("redirected by %q", got)
		}
	}},
	{"redirection followed by another caller", strings.Replace(redirected, "1.5 A>C", "1.5 B>C", 1), func(t *testing.T, calls map[string]*Call) {
		if c := calls["call"]; c.State != StateMoved || c.Redirects[0].Call != nil {
			t.Errorf("state %v, redirects %+v", c.State, c.Redirects)
		}
	}},
	{"redirection followed by another host with a prefix", "0 A>B INVITE 1 uri=4412345678\n 1 B>A 302 INVITE 1 +Contact:<sip:999555123456@example.org>\n 1.1 A>B ACK 1 nack\n" +
		"1.5 P>C INVITE 1 id=new from=n uri=0555123456 +Diversion:<sip:bob@example.org>;reason=unconditional\n advance 60", func(t *testing.T, calls map[string]*Call) {
		if c := calls["call"]; c.State != StateRedirected || idOf(c.Redirects[0].Call) != "new" {
			t.Errorf("state %v, redirects %+v", c.State, c.Redirects)
		}
	}},
	{"conference", setup + "3 B>A 200 INVITE 1 sdp +Contact:<sip:room@focus.example;x=1>;isfocus\n" +
		"4 C>B INVITE 1 id=two from=t\n 5 B>C 200 INVITE 1 id=two from=t to=u +Contact:<sip:room@focus.example>;isfocus\n" +
		"6 C>B SUBSCRIBE 1 id=list from=v +Event:conference uri=room@focus.example\n 6.1 B>C 200 SUBSCRIBE 1 id=list from=v to=w +Expires:600\n" +
		"7 D>B INVITE 1 id=three from=x\n 8 B>D 200 INVITE 1 id=three from=x to=y +Contact:<sip:bob@focus.example>", func(t *testing.T, calls map[string]*Call) {
		c := calls["call"].Conference
		if c == nil || len(c.Members) != 1 || idOf(c.Members[0]) != "two" || len(c.Roster) != 1 || idOf(c.Roster[0]) != "list" {
			t.Fatalf("conference %+v", c)
		}
		if calls["three"].Conference != nil || calls["list"].Conference == nil || len(calls["list"].Conference.Members) != 2 {
			t.Errorf("three %+v, list %+v", calls["three"].Conference, calls["list"].Conference)
		}
	}},
	{"join", answer + "10 C>B INVITE 1 id=new from=n +Join:call;to-tag=b;from-tag=a\n 11 B>C 200 INVITE 1 id=new from=n to=m", func(t *testing.T, calls map[string]*Call) {
		if got := idOf(calls["new"].Joins); got != "call" || calls["call"].State != StateInCall {
			t.Errorf("joins %q, the other is %v", got, calls["call"].State)
		}
	}},
}

func wantTransfer(t *testing.T, c *Call, what, made, replaced string) {
	t.Helper()
	if len(c.Transfers) != 1 {
		t.Fatalf("%d transfers", len(c.Transfers))
	}
	x := c.Transfers[0]
	if got := x.Kind.String() + " " + x.Outcome.String(); got != what || x.By != SideCaller {
		t.Errorf("%s by %v, want %s", got, x.By, what)
	}
	if idOf(x.Call) != made || idOf(x.Replaced) != replaced {
		t.Errorf("made %q, replaced %q; want %q and %q", idOf(x.Call), idOf(x.Replaced), made, replaced)
	}
}

func stepOf(t *testing.T, c *Call, kind StepKind) Step {
	t.Helper()
	i := slices.IndexFunc(c.Story, func(s Step) bool { return s.Kind == kind })
	if i < 0 {
		t.Fatalf("no %v in %s", kind, storyOf(c))
	}
	return c.Story[i]
}

func TestRelations(t *testing.T) {
	for _, row := range relationRows {
		t.Run(row.name, func(t *testing.T) {
			row.check(t, callsByID(runScript(t, row.script)))
		})
	}
}

// Relations do not depend on the order of the messages, nor on when Publish
// is called, nor on whether the calls were frozen.
func TestRelationsInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for _, row := range relationRows {
		for try := range 12 {
			t.Run(row.name, func(t *testing.T) {
				s := parseScript(t, row.script)
				if try == 0 {
					slices.Reverse(s)
				} else {
					random.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
				}
				tr := NewTracker(Config{})
				for i := range s {
					s[i].play(t, tr)
					if try%3 != 2 {
						tr.Publish()
					}
				}
				tr.Flush()
				row.check(t, callsByID(tr.Publish()))
			})
		}
	}
}

func TestRelationsOfFrozenCalls(t *testing.T) {
	for _, row := range relationRows {
		t.Run(row.name, func(t *testing.T) {
			tr := NewTracker(Config{})
			parseScript(t, row.script).play(t, tr)
			tr.Publish()
			last := tr.last
			for range 3 { // until all that can be are frozen
				tr.Advance(last + 100*second)
				last += 100 * second
				tr.Publish()
			}
			for _, r := range tr.order {
				tr.mark(r)
			}
			tr.touched = true
			calls := callsByID(tr.Publish())
			if c := calls["call"]; c.State != StateInCall && !strings.Contains(row.name, "under way") {
				row.check(t, calls)
			}
		})
	}
}

// What left takes its facts along.
func TestEvictedCallsLeaveTheIndex(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, attended+redirectedAs("r")).play(t, tr)
	tr.Publish()
	for _, r := range slices.Clone(tr.order) {
		tr.evict(r)
	}
	if len(tr.relations.facts) != 0 || tr.relations.names != 0 || tr.memory != 0 {
		t.Errorf("%d keys, %d names, %d octets are left", len(tr.relations.facts), tr.relations.names, tr.memory)
	}
}

func redirectedAs(id string) string {
	lines := strings.Split(strings.TrimSuffix(redirected, " advance 60"), "\n")
	var b strings.Builder
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "id=") {
			b.WriteString("2" + line + " id=" + id + "\n")
		}
	}
	return b.String()
}

// However many calls there are to one number, finding the one that a REFER
// made takes as long.
func TestRelationsAreBounded(t *testing.T) {
	tr := NewTracker(Config{})
	l := parseScriptLine(t, "0 A>B INVITE 1 uri=3005", 1)
	for i := range maxPerKey + 100 {
		m, err := sip.Parse(strings.Replace(l.message, "Call-ID: call", "Call-ID: c"+strconv.Itoa(i), 1))
		if err != nil {
			t.Fatal(err)
		}
		l.packet.Nanos = at(10) - int64(i)*millisecond // backwards, the worst that can be
		tr.Message(&l.packet, m)
	}
	key := tr.hash.factKey(factInvite, "3005")
	if got := len(tr.relations.facts[key]); got != maxPerKey {
		t.Errorf("%d facts of one key", got)
	}
	if got := len(tr.relations.within(key, 0, at(100))); got != maxFitting {
		t.Errorf("%d are looked at", got)
	}
	list := tr.relations.facts[key]
	if !slices.IsSortedFunc(list, (*fact).compare) {
		t.Error("they are not in order")
	}
}

// Calls that say that they replace each other end at most once: the one that
// began first (found by FuzzTracker).
func TestMutualReplaces(t *testing.T) {
	const script = "0 A>B INVITE 1 id=one +Replaces:two;to-tag=b;from-tag=a\n 0.1 A>B INVITE 1 id=two +Replaces:one;to-tag=b;from-tag=a\n" +
		"1 B>A 200 INVITE 1 id=one\n 1.1 B>A 200 INVITE 1 id=two\n 1.2 A>B ACK 1 id=one\n 1.3 A>B ACK 1 id=two\n" +
		"50 A>B INVITE 5 id=one\n 50.1 A>B INVITE 5 id=two\n 50.2 B>A 200 INVITE 5 id=one"
	calls := callsByID(runScript(t, script))
	if got := idOf(calls["one"].ReplacedBy); got != "two" {
		t.Errorf("one is replaced by %q", got)
	}
	if got := idOf(calls["two"].ReplacedBy); got != "" {
		t.Errorf("two is replaced by %q", got)
	}
}
