package correlate

import (
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// flood sends one OPTIONS under each of n Call-IDs, with some octets of text.
func flood(t testing.TB, tr *Tracker, n, octets int) {
	t.Helper()
	pad := make([]byte, octets)
	for i := range pad {
		pad[i] = 'x'
	}
	for i := range n {
		l := parseScriptLine(t, fmt.Sprintf("%d.%06d A>B OPTIONS 1 id=flood-%d +Pad:%s", i/1000, i%1000*1000, i, pad), i+1)
		l.play(t, tr)
	}
}

func TestLimitOfCalls(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 100})
	flood(t, tr, 5000, 0)
	s := tr.Publish()
	if len(s.Calls) != 100 || s.EvictedCalls != 4900 || s.LimitReached != "calls" {
		t.Errorf("%d calls, %d evicted, limit %q", len(s.Calls), s.EvictedCalls, s.LimitReached)
	}
	if s.Totals.SIPMessages != 5000 || s.Totals.Transactions != 5000 || s.Methods["OPTIONS"] != 5000 {
		t.Errorf("the totals forget: %+v", s.Totals)
	}
	if got := s.Calls[99].CallID; got != "flood-4999" {
		t.Errorf("the last call is %s", got)
	}
	if len(tr.order) > 200 || len(tr.calls) != 100 || len(tr.records) != 100 || len(tr.timers.heap) > 100 {
		t.Errorf("left behind: order %d, calls %d, records %d, timers %d", len(tr.order), len(tr.calls), len(tr.records), len(tr.timers.heap))
	}
}

// The memory under a flood stays below the limit, and what the tracker
// believes to hold is not less than what it holds.
func TestLimitOfMemory(t *testing.T) {
	const limit = 8 << 20
	tr := NewTracker(Config{MaxMemory: limit})
	before := heap()
	flood(t, tr, 20_000, 1000)
	s := tr.Publish()
	if tr.memory > limit || s.LimitReached != "memory" || s.EvictedCalls == 0 {
		t.Errorf("memory %d, limit %q, %d evicted", tr.memory, s.LimitReached, s.EvictedCalls)
	}
	grown := heap() - before
	// The table of branches does not depend on the number of calls.
	if grown > limit+4<<20 {
		t.Errorf("the heap grew by %d octets, the limit is %d", grown, limit)
	}
	runtime.KeepAlive(tr)
	runtime.KeepAlive(s)
}

// Descriptions count with all that they say, many lines as much as many calls.
func TestDescriptionsAreCounted(t *testing.T) {
	lines := map[string]string{
		"lines":      strings.Repeat("m=a 9 b\n", 64),
		"attributes": "m=audio 4000 RTP/AVP 0\n" + strings.Repeat("a=b\n", 500),
		"formats":    "m=audio 4000 RTP/AVP" + strings.Repeat(" 0", 128) + "\n",
		"ports":      strings.Repeat("m=audio 4000/16 RTP/AVP 0\n", 8),
		"one line":   "m=audio 4000 RTP/AVP 0\n",
	}
	for name, text := range lines {
		t.Run(name, func(t *testing.T) {
			const calls = 300
			body := strings.ReplaceAll("v=0\nc=IN IP4 203.0.113.1\n"+text, "\n", "\r\n")
			tr := NewTracker(Config{})
			flood(t, tr, 1, 0)
			tr.Publish()
			before, counted := heap(), tr.memory+tr.streams.memory()
			for i := range calls {
				raw := fmt.Sprintf("INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK%d\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: %d\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n%s", i, i, body)
				m, _ := sip.Parse(raw)
				p := &decode.Packet{Nanos: int64(i), Frame: i, Transport: decode.UDP,
					Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060")}
				tr.Message(p, m)
			}
			tr.Publish()
			grown, counted := heap()-before, tr.memory+tr.streams.memory()-counted
			if grown > counted*5/4 || counted > grown*4 {
				t.Errorf("the heap grew by %d octets a call, %d are counted", grown/calls, counted/calls)
			}
			runtime.KeepAlive(tr)
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Finished calls leave before those that go on, the oldest first.
func TestFinishedCallsLeaveFirst(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 3})
	parseScript(t, `
		0 A>B INVITE 1 id=open
		1 A>B OPTIONS 1 id=first
		1.1 B>A 200 OPTIONS 1 id=first
		2 A>B OPTIONS 1 id=second
		2.1 B>A 200 OPTIONS 1 id=second
		3 B>A 180 INVITE 1 id=open
		4 A>B OPTIONS 1 id=third
		5 A>B OPTIONS 1 id=fourth`).play(t, tr)
	var left []string
	for _, c := range tr.Publish().Calls {
		left = append(left, c.CallID)
	}
	if want := []string{"open", "third", "fourth"}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
	parseScriptLine(t, "6 A>B OPTIONS 1 id=fifth", 99).play(t, tr)
	left = nil
	for _, c := range tr.Publish().Calls {
		left = append(left, c.CallID)
	}
	if want := []string{"third", "fourth", "fifth"}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v: the one that was idle for longest goes", left, want)
	}
}

// Endless messages under one Call-ID leave the first and the last.
func TestMessagesOfOneCallAreBounded(t *testing.T) {
	tr := NewTracker(Config{})
	const pings = 12_000
	for i := 1; i <= pings; i++ {
		parseScriptLine(t, fmt.Sprintf("%d A>B OPTIONS %d", i, i), 2*i-1).play(t, tr)
		parseScriptLine(t, fmt.Sprintf("%d.1 B>A 200 OPTIONS %d", i, i), 2*i).play(t, tr)
		if i%1000 == 0 {
			tr.Publish()
		}
	}
	c := onlyCall(t, tr.Publish())
	if len(c.Messages()) > messageLimit || c.MessageCount != 2*pings || c.State != StateOK {
		t.Errorf("%d messages kept, %d counted, state %v", len(c.Messages()), c.MessageCount, c.State)
	}
	first, last := c.Messages()[0], c.Messages()[len(c.Messages())-1]
	if first.Frame != 1 || last.Frame != 2*pings || !slices.Contains(c.Flags, "messages_dropped") {
		t.Errorf("from frame %d to %d, flags %v", first.Frame, last.Frame, c.Flags)
	}
	if got := tr.Publish().Totals.Transactions; got != pings {
		t.Errorf("%d transactions, want %d", got, pings)
	}
	if tr.memory > 2*messageLimit*2048 {
		t.Errorf("memory %d", tr.memory)
	}
}

func TestOctetsOfOneCallAreBounded(t *testing.T) {
	tr := NewTracker(Config{MaxMemory: 1 << 20})
	for i := 1; i <= 1000; i++ {
		pad := fmt.Sprintf("+Pad:%04000d", i)
		parseScriptLine(t, fmt.Sprintf("%d A>B OPTIONS %d %s", i, i, pad), i).play(t, tr)
	}
	c := onlyCall(t, tr.Publish())
	if tr.memory > 1<<18 || c.MessageCount != 1000 {
		t.Errorf("memory %d, %d messages counted", tr.memory, c.MessageCount)
	}
}

func TestMethodNamesAreBounded(t *testing.T) {
	tr := NewTracker(Config{})
	for i := range 2000 {
		parseScriptLine(t, fmt.Sprintf("%d A>B M%d 1 to=", i, i), i+1).play(t, tr)
	}
	s := tr.Publish()
	if len(s.Methods) > maxMethods+1 || s.Methods[otherMethods] != 2000-maxMethods {
		t.Errorf("%d names, %d others", len(s.Methods), s.Methods[otherMethods])
	}
}
