package correlate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipsniff/decode"
	"sipsniff/decode/msrp"
)

// withPath makes the description of a message one of MSRP.
func withPath(l scriptLine, path string) scriptLine {
	head, _, _ := strings.Cut(l.message, "Content-Type:")
	body := "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=message 7654 TCP/MSRP *\r\na=accept-types:text/plain\r\na=path:" + path + "\r\n"
	l.message = head + fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	return l
}

const (
	callerURI = "msrp://192.0.2.1:7001/callerid;tcp"
	calleeURI = "msrp://192.0.2.2:7002/calleeid;tcp"
)

// playMSRP plays a call whose offer and answer name the two URIs.
func playMSRP(t *testing.T, tr *Tracker, callID, offer, answer string) {
	t.Helper()
	s := parseScript(t, "1 A>B INVITE 1 sdp id="+callID+"\n 1.1 B>A 200 INVITE 1 sdp id="+callID+"\n 1.2 A>B ACK 1 id="+callID)
	withPath(s[0], offer).play(t, tr)
	withPath(s[1], answer).play(t, tr)
	s[2].play(t, tr)
}

// hopOf is a packet from one letter to another.
func hopOf(seconds float64, frame int, from, to string) *decode.Packet {
	return &decode.Packet{Frame: frame, LastFrame: frame, Nanos: at(seconds), LastNanos: at(seconds), Src: scriptAddr(from), Dst: scriptAddr(to), Transport: decode.TCP}
}

func sendOf(from, to, id string, octets uint64, flag msrp.Flag) *msrp.Frame {
	return &msrp.Frame{Transaction: "t", Method: "SEND", FromPath: from, ToPath: to, MessageID: id, ContentType: "text/plain", Body: true, Octets: octets, Flag: flag}
}

func okOf(from, to string, code int) *msrp.Frame {
	return &msrp.Frame{Transaction: "t", StatusCode: code, FromPath: from, ToPath: to, Flag: msrp.Last}
}

func TestMSRPOfACall(t *testing.T) {
	tr := NewTracker(Config{})
	playMSRP(t, tr, "call", callerURI, calleeURI)
	empty := sendOf(callerURI, calleeURI, "m0", 0, msrp.Last)
	empty.Body, empty.ContentType = false, ""
	tr.MSRP(hopOf(2, 10, "A", "B"), empty)
	tr.MSRP(hopOf(2.1, 11, "B", "A"), okOf(calleeURI, callerURI, 200))
	tr.MSRP(hopOf(3, 12, "A", "B"), sendOf(callerURI, calleeURI, "m1", 100, msrp.More))
	tr.MSRP(hopOf(3.1, 13, "A", "B"), sendOf(callerURI, calleeURI, "m1", 20, msrp.Last))
	tr.MSRP(hopOf(3.2, 14, "B", "A"), sendOf(calleeURI, callerURI, "m2", 7, msrp.Aborted))
	tr.MSRP(hopOf(3.3, 15, "A", "B"), okOf(callerURI, calleeURI, 413))
	cut := sendOf(calleeURI, callerURI, "m3", 5, msrp.NoFlag)
	tr.MSRP(hopOf(3.4, 16, "B", "A"), cut)
	tr.MSRP(hopOf(3.5, 17, "B", "A"), &msrp.Frame{Method: "REPORT", FromPath: calleeURI, ToPath: callerURI, MessageID: "m1", Status: 200, Flag: msrp.Last})
	tr.MSRP(hopOf(3.6, 18, "A", "B"), &msrp.Frame{Method: "NICKNAME", FromPath: callerURI, ToPath: calleeURI, Flag: msrp.Last})
	s := tr.Publish()
	want := &MSRP{
		Source: scriptAddr("A"), Destination: scriptAddr("B"), Transport: decode.TCP,
		FromSource:      MSRPCount{Sends: 3, Empty: 1, Octets: 120, Messages: 1, Others: 1},
		FromDestination: MSRPCount{Sends: 2, Octets: 12, Aborted: 1, Reports: 1},
		Responses:       map[int]uint64{200: 1, 413: 1}, Reports: map[int]uint64{200: 1}, ContentTypes: map[string]uint64{"text/plain": 4},
		Incomplete: 1, FirstFrame: 10, LastFrame: 18, First: at(2), Last: at(3.6),
	}
	if d := cmp.Diff(want, onlyCall(t, s).MSRP, cmp.Comparer(sameAddr)); d != "" {
		t.Error(d)
	}
	if s.Totals.MSRPMessages != 9 || len(s.MSRP) != 0 {
		t.Errorf("%d messages, %d sessions without a call", s.Totals.MSRPMessages, len(s.MSRP))
	}
	published := onlyCall(t, s).MSRP
	tr.MSRP(hopOf(4, 19, "B", "A"), okOf(calleeURI, callerURI, 200))
	if again := onlyCall(t, tr.Publish()).MSRP; published.Responses[200] != 1 || again.Responses[200] != 2 {
		t.Errorf("what was published changed: %v, then %v", published.Responses, again.Responses)
	}
}

func sameAddr(a, b interface{ String() string }) bool { return a.String() == b.String() }

// What came before the descriptions is taken over; the callee spoke first.
func TestMSRPBeforeItsCall(t *testing.T) {
	tr := NewTracker(Config{})
	tr.MSRP(hopOf(0.1, 1, "B", "A"), sendOf(calleeURI, callerURI, "m1", 9, msrp.Last))
	tr.MSRP(hopOf(0.2, 2, "A", "B"), okOf(callerURI, calleeURI, 200))
	if s := tr.Publish(); len(s.MSRP) != 1 || s.MSRP[0].FromSource.Octets != 9 || strings.Join(s.MSRP[0].Sessions, " ") != "calleeid callerid" {
		t.Fatalf("%+v", s.MSRP)
	}
	playMSRP(t, tr, "call", callerURI, calleeURI)
	tr.MSRP(hopOf(2, 9, "A", "B"), sendOf(callerURI, calleeURI, "m2", 4, msrp.Last))
	s := tr.Publish()
	c := onlyCall(t, s).MSRP
	if len(s.MSRP) != 0 || c == nil {
		t.Fatalf("%d sessions without a call, of the call: %+v", len(s.MSRP), c)
	}
	if c.FromSource.Octets != 4 || c.FromDestination.Octets != 9 || c.Source != scriptAddr("A") || c.FirstFrame != 1 || c.LastFrame != 9 || c.Responses[200] != 1 {
		t.Errorf("%+v", c)
	}
}

// A relay (RFC 4976) passes requests on: A to P to B. Each counts once, and
// responses on every hop.
func TestMSRPRelay(t *testing.T) {
	relay := "msrps://p.example.org:2855/relayid;tcp"
	tr := NewTracker(Config{})
	playMSRP(t, tr, "call", relay+" "+callerURI, calleeURI)
	first := sendOf(callerURI, relay+" "+calleeURI, "m1", 50, msrp.Last)
	second := sendOf(relay+" "+callerURI, calleeURI, "m1", 50, msrp.Last)
	tr.MSRP(hopOf(2, 10, "A", "P"), first)
	tr.MSRP(hopOf(2.1, 11, "P", "A"), okOf(relay, callerURI, 200))
	tr.MSRP(hopOf(2.2, 12, "P", "B"), second)
	tr.MSRP(hopOf(2.3, 13, "B", "P"), okOf(calleeURI, relay, 200))
	tr.MSRP(hopOf(2.4, 14, "A", "P"), &msrp.Frame{Method: "AUTH", FromPath: callerURI, ToPath: "msrps://alice@p.example.org;tcp", Flag: msrp.Last})
	s := tr.Publish()
	c := onlyCall(t, s).MSRP
	want := MSRPCount{Sends: 1, Octets: 50, Messages: 1, Others: 1, Copies: 1}
	if c == nil || c.FromSource != want || c.FromDestination != (MSRPCount{}) || c.Responses[200] != 2 || len(s.MSRP) != 0 {
		t.Errorf("%+v, %d without a call", c, len(s.MSRP))
	}
}

// Session ids that two calls use belong to the one that both sides fit, else
// to the latest.
func TestMSRPSameIDs(t *testing.T) {
	tr := NewTracker(Config{})
	playMSRP(t, tr, "one", callerURI, calleeURI)
	playMSRP(t, tr, "two", callerURI, strings.Replace(calleeURI, "calleeid", "other", 1))
	tr.MSRP(hopOf(2, 10, "A", "B"), sendOf(callerURI, calleeURI, "m1", 1, msrp.Last))
	tr.MSRP(hopOf(3, 11, "A", "B"), sendOf(callerURI, "msrp://192.0.2.2:7002/unknown;tcp", "m2", 2, msrp.Last))
	s := tr.Publish()
	if len(s.Calls) != 2 || s.Calls[0].MSRP == nil || s.Calls[0].MSRP.FromSource.Octets != 1 || s.Calls[1].MSRP == nil || s.Calls[1].MSRP.FromSource.Octets != 2 {
		t.Errorf("%+v, %+v", s.Calls[0].MSRP, s.Calls[1].MSRP)
	}
}

// Sessions of strangers, content types and calls are bounded.
func TestMSRPBounds(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 2})
	for i := range 3 * maxMSRPSessions {
		f := sendOf(fmt.Sprintf("msrp://a.example/%d;tcp", i), calleeURI, "m", 1, msrp.Last)
		tr.MSRP(hopOf(1, i+1, "A", "B"), f)
	}
	s := tr.Publish()
	if len(s.MSRP) != maxMSRPSessions || s.EvictedMSRP != 2*maxMSRPSessions || len(tr.msrp.sessions) != maxMSRPSessions {
		t.Errorf("%d sessions, %d left", len(s.MSRP), s.EvictedMSRP)
	}
	if first := s.MSRP[0].FirstFrame; first != 2*maxMSRPSessions+1 {
		t.Errorf("the oldest that stays came with frame %d", first)
	}
	for i := range 100 {
		var path []string
		for k := range 8 {
			path = append(path, fmt.Sprintf("msrp://a.example/x%d-%d;tcp", i, k))
		}
		playMSRP(t, tr, fmt.Sprint("call", i), strings.Join(path, " "), calleeURI)
	}
	ids := 0
	for _, claims := range tr.msrp.claims {
		ids += len(claims)
	}
	if want := 2 * (8 + 1); ids != want {
		t.Errorf("%d session ids in the index, want %d", ids, want)
	}
	for i := range 100 {
		f := sendOf(calleeURI, "msrp://a.example/x99-0;tcp", fmt.Sprint("n", i), 1, msrp.Last)
		f.ContentType = fmt.Sprintf("x/%d", i)
		tr.MSRP(hopOf(5, 9000+i, "B", "A"), f)
	}
	calls := tr.Publish().Calls
	if types := calls[len(calls)-1].MSRP.ContentTypes; len(types) != maxContentTypes+1 {
		t.Errorf("%d content types", len(types))
	}
}

// A call that is frozen, and thawed, keeps what it counted.
func TestMSRPOfAFrozenCall(t *testing.T) {
	tr := NewTracker(Config{})
	playMSRP(t, tr, "call", callerURI, calleeURI)
	parseScript(t, "5 A>B BYE 2\n 5.1 B>A 200 BYE 2").play(t, tr)
	tr.Advance(at(1000))
	if tr.order[0].following != nil {
		t.Fatal("the call is not frozen")
	}
	tr.MSRP(hopOf(1001, 20, "A", "B"), sendOf(callerURI, calleeURI, "m1", 3, msrp.Last))
	if c := onlyCall(t, tr.Publish()); c.MSRP == nil || c.MSRP.FromSource.Messages != 1 || c.State != StateCompleted {
		t.Errorf("%+v", c.MSRP)
	}
}

// TestMSRPIndex announces, sends and evicts at random: the index always holds
// exactly the session ids that the calls in memory have.
func TestMSRPIndex(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tr := NewTracker(Config{MaxCalls: 3})
		uri := func(name string) string {
			return "msrp://h.example/" + rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(rt, name) + ";tcp"
		}
		sent := uint64(0)
		for i := range rapid.IntRange(1, 30).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "call") {
				playMSRP(t, tr, rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6"}).Draw(rt, "id"), uri("offer"), uri("answer"))
				continue
			}
			tr.MSRP(hopOf(float64(i), i+1, "A", "B"), sendOf(uri("from"), uri("to"), fmt.Sprint("m", i), 1, msrp.Last))
			sent++
		}
		want, got := map[string]int{}, map[string]int{}
		for _, r := range tr.calls {
			if r.msrp != nil {
				for _, id := range r.msrp.ids {
					want[fmt.Sprint(id, r.index)]++
				}
			}
		}
		for id, claims := range tr.msrp.claims {
			for _, c := range claims {
				got[fmt.Sprint(id, c.call.index)]++
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatal(d)
		}
		s, seen := tr.Publish(), uint64(0)
		for _, m := range s.MSRP {
			seen += m.FromSource.Sends + m.FromDestination.Sends
		}
		for _, c := range s.Calls {
			if c.MSRP != nil {
				seen += c.MSRP.FromSource.Sends + c.MSRP.FromDestination.Sends
			}
		}
		if s.Totals.MSRPMessages != sent || seen > sent || s.EvictedCalls == 0 && seen != sent {
			rt.Fatalf("%d sent, %d in the totals, %d in calls and sessions", sent, s.Totals.MSRPMessages, seen)
		}
	})
}
