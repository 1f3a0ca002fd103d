package correlate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// fuzzVerbs and the tables below are the grammar of FuzzTracker: each message
// is three octets, which choose a line of a script.
var (
	fuzzVerbs = []string{
		"INVITE 1", "INVITE 2", "INVITE 1 to=b", "INVITE 2 to=b sdp=sendonly", "ACK 1", "ACK 2", "ACK 1 nack", "CANCEL 1",
		"BYE 2", "BYE 3", "PRACK 2 +RAck:1_1_INVITE", "UPDATE 3 sdp", "INFO 3", "REFER 4", "NOTIFY 4 body=SIP/2.0_200_OK",
		"REGISTER 1 +Contact:<sip:x@192.0.2.1>;expires=60", "OPTIONS 1", "SUBSCRIBE 1", "NOTIFY 1 +Subscription-State:terminated",
		"INVITE 3 from=z", "invite 1", "INVITE 9 +Replaces:two;to-tag=a;from-tag=b",
		"REFER 5 +Refer-To:<sip:bob@example.org>", "REFER 6 +Refer-To:<sip:bob@example.org?Replaces=two%3Bto-tag%3Db%3Bfrom-tag%3Da>",
		"INVITE 1 from=n +Referred-By:<sip:alice@example.org>", "INVITE 1 from=n +Join:one;to-tag=b;from-tag=a",
		"INVITE 1 sdp +Diversion:<sip:d@example.org>;reason=user-busy", "INVITE 4 to=b sdp=t38", "INVITE 4 from=b to=a sdp=moved",
		"INVITE 4 from=y to=x sdp=inactive", "BYE 9 from=y to=x", "NOTIFY 5 +Event:refer;id=5 body=SIP/2.0_486_Busy",
		"SUBSCRIBE 1 +Event:conference", "INFO 7 info=Signal=1", "UPDATE 5",
	}
	fuzzStatuses = []string{"100", "180", "183", "199", "200", "302", "401", "404", "408", "480", "481", "486", "487", "491", "503", "603"}
	fuzzAnswers  = []string{"INVITE 1", "INVITE 2", "BYE 2", "UPDATE 3 sdp", "INFO 3", "CANCEL 1", "REGISTER 1", "SUBSCRIBE 1", "NOTIFY 1", "INVITE 1 sdp to=c",
		"INVITE 1 sdp +Contact:<sip:bob@example.org>;isfocus", "INVITE 4 sdp", "REFER 5", "REFER 4", "INVITE 1 +Contact:<sip:bob@example.org>"}
	fuzzWays    = []string{"A>B", "B>A", "A>P", "P>A", "P>B", "B>P", "P>C", "C>P"}
	fuzzPauses  = []float64{0.0002, 0.001, 0.5, 1.1, 11, 33, 301, 20000}
	fuzzCallIDs = []string{"one", "two", "-"}
)

// fuzzScript reads at most 60 messages from the octets.
func fuzzScript(t testing.TB, octets []byte) script {
	var s script
	now := 0.0
	for len(octets) >= 3 && len(s) < 60 {
		what, way, when := octets[0], octets[1], octets[2]
		octets = octets[3:]
		now += fuzzPauses[int(when)%len(fuzzPauses)]
		line := fmt.Sprintf("%.4f %s ", now, fuzzWays[int(way)%len(fuzzWays)])
		if what < 128 {
			line += fuzzVerbs[int(what)%len(fuzzVerbs)]
		} else {
			line += fuzzStatuses[int(what)%len(fuzzStatuses)] + " " + fuzzAnswers[int(when/8)%len(fuzzAnswers)]
		}
		line += " id=" + fuzzCallIDs[int(way/8)%len(fuzzCallIDs)]
		if way >= 224 {
			line += " copy"
		}
		s = append(s, parseScriptLine(t, line, len(s)+1))
	}
	return s
}

// FuzzTracker checks that no sequence of messages brings the tracker down,
// that what it says is consistent, and that neither the order of arrival nor
// the moments of Publish change it.
func FuzzTracker(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 129, 1, 2, 132, 1, 3, 4, 0, 1, 8, 0, 4, 132, 1, 19})             // a call
	f.Add([]byte{0, 2, 0, 0, 4, 1, 0, 6, 1, 139, 5, 2, 132, 7, 3, 4, 2, 1})                // a fork
	f.Add([]byte{0, 0, 0, 134, 1, 1, 6, 0, 1, 1, 0, 1, 132, 1, 11, 5, 0, 1})               // a challenge
	f.Add([]byte{0, 0, 0, 7, 0, 2, 132, 1, 0, 140, 1, 1, 19, 0, 5})                        // CANCEL crosses 2xx
	f.Add([]byte{15, 16, 0, 134, 17, 50, 15, 16, 6, 16, 8, 1, 132, 9, 49, 17, 0, 1})       // other methods
	f.Add([]byte{0, 0, 0, 0, 224, 0, 0, 0, 2, 132, 1, 2, 132, 225, 0, 132, 1, 2, 4, 0, 1}) // copies
	f.Fuzz(func(t *testing.T, octets []byte) {
		s := fuzzScript(t, octets)
		plain := NewTracker(Config{})
		s.play(t, plain)
		plain.Flush()
		want := plain.Publish()
		checkSnapshot(t, want, len(s))

		often := NewTracker(Config{})
		backwards := NewTracker(Config{})
		small := NewTracker(Config{MaxCalls: 1, MaxMemory: 1 << 16})
		for i := range s {
			s[i].play(t, often)
			often.Publish()
			s[len(s)-1-i].play(t, backwards)
			s[i].play(t, small)
		}
		often.Flush()
		backwards.Flush()
		sameCalls(t, "published often", often.Publish(), want)
		sameCalls(t, "backwards", backwards.Publish(), want)
		if got := len(small.Publish().Calls); got > 1 {
			t.Errorf("%d calls, the limit is 1", got)
		}
	})
}

func checkSnapshot(t *testing.T, s *Snapshot, messages int) {
	t.Helper()
	if s.Totals.SIPMessages != uint64(messages) {
		t.Errorf("%d messages, want %d", s.Totals.SIPMessages, messages)
	}
	kept, dialogs := 0, 0
	for i, c := range s.Calls {
		kept += len(c.Messages())
		dialogs += len(c.Dialogs)
		if c.MessageCount+c.Duplicates != len(c.Messages()) {
			t.Errorf("%d messages and %d duplicates, but %d are kept", c.MessageCount, c.Duplicates, len(c.Messages()))
		}
		if i > 0 && c.Started < s.Calls[i-1].Started {
			t.Error("the calls are not in order")
		}
		checkCall(t, c)
	}
	if kept != messages || uint64(dialogs) != s.Totals.Dialogs {
		t.Errorf("%d messages kept of %d, %d dialogs of %d", kept, messages, dialogs, s.Totals.Dialogs)
	}
}

func checkCall(t *testing.T, c *Call) {
	t.Helper()
	if c.Duration >= 0 && (c.Answered == 0 || c.Ended == 0) {
		t.Errorf("duration %d of a call answered at %d, ended at %d", c.Duration, c.Answered, c.Ended)
	}
	if c.Ring < -1 || c.Setup < -1 || c.SessionRequestDelay < -1 || c.Duration < -1 {
		t.Errorf("negative times: %+v", summary(c))
	}
	if c.Started != c.Messages()[0].Nanos || c.Answered != 0 && c.Answered < c.Started {
		t.Errorf("started %d, answered %d, first message %d", c.Started, c.Answered, c.Messages()[0].Nanos)
	}
	for i, m := range c.Messages() {
		if i > 0 && m.Nanos < c.Messages()[i-1].Nanos {
			t.Error("the messages are not in order")
		}
		if (m.Retransmission || m.Duplicate) != (m.First != nil) || m.First != nil && m.First.First != nil {
			t.Error("a repetition without its first")
		}
		if m.First != nil && !slices.Contains(c.Messages(), m.First) {
			t.Error("the first of a repetition is not in the call")
		}
	}
}

// toldOf writes what is told of a call, other calls by their Call-IDs.
func toldOf(c *Call) string {
	var b strings.Builder
	b.WriteString(storyOf(c))
	for _, x := range c.Transfers {
		fmt.Fprint(&b, " ", x.Kind, x.By, x.Target, x.Status, x.Outcome, idOf(x.Call), idOf(x.Replaced))
	}
	for _, x := range c.Redirects {
		fmt.Fprint(&b, " ", x.Status, x.Target, idOf(x.Call))
	}
	fmt.Fprint(&b, c.Holds, c.HoldTime, c.Diversions, c.Branches)
	for _, ref := range []*CallRef{c.TransferredBy, c.RedirectedBy, c.Replaces, c.ReplacedBy, c.Joins} {
		fmt.Fprint(&b, " ", idOf(ref))
	}
	if f := c.Conference; f != nil {
		for _, ref := range slices.Concat(f.Members, f.Roster) {
			fmt.Fprint(&b, " ", idOf(ref))
		}
	}
	return b.String()
}

// sameCalls compares all that does not depend on the order of arrival. The
// remark branch_reuse and calls that name each other may.
func sameCalls(t *testing.T, how string, got, want *Snapshot) {
	t.Helper()
	if len(got.Calls) != len(want.Calls) {
		t.Fatalf("%s: %d calls, want %d", how, len(got.Calls), len(want.Calls))
	}
	byKey := map[string]*Call{}
	key := func(c *Call) string { return fmt.Sprint(c.CallID, c.HasCallID, c.Messages()[0].Frame) }
	for _, c := range got.Calls {
		byKey[key(c)] = c
	}
	for _, w := range want.Calls {
		g := byKey[key(w)]
		if g == nil {
			t.Fatalf("%s: no call %q", how, w.CallID)
		}
		if summary(g) != summary(w) || g.MessageCount != w.MessageCount || g.Retransmissions != w.Retransmissions ||
			!slices.Equal(g.Dialogs, w.Dialogs) || g.Source != w.Source || g.From != w.From || g.FinalStatus != w.FinalStatus {
			t.Errorf("%s: %q:\ngot  %+v %v\nwant %+v %v", how, w.CallID, summary(g), g.Dialogs, summary(w), w.Dialogs)
		}
		if got, want := toldOf(g), toldOf(w); got != want {
			t.Errorf("%s: %q:\ngot  %s\nwant %s", how, w.CallID, got, want)
		}
	}
}
