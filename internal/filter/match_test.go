package filter

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
)

// The expected numbers are read off the comment and the values of sample.
func TestMatch(t *testing.T) {
	all := []int{1, 2, 3, 4}
	for _, c := range []struct {
		text string
		want []int
	}{
		// Words.
		{"", all}, {"  \t", all}, {`""`, all},
		{"+34600", []int{1}}, {"ALICE", []int{1}}, {`"alice cooper"`, []int{1}}, {"jürgen", []int{2}}, {"JÜRGEN", []int{2}}, {"gen", []int{2}},
		{"office.example", []int{1, 2, 4}}, {"office example", []int{1, 2, 4}}, {"sip:bob", []int{3}}, {"reg-3", []int{3}}, {"yealink", []int{1}},
		{"203.0.113.24:5060", []int{1, 3}}, {"192.0.2", []int{1}}, {"2001:db8::1", []int{2}}, {"5061", []int{2}}, {"[2001:DB8::1]", []int{2}},
		{"completed", []int{1}}, {"call", []int{4}}, {`"in call"`, []int{4}}, {"in_call", []int{4}}, {"503", []int{2}}, {"regist", []int{3}},
		{"invalid", nil}, {"kamailio", nil}, {"4xx", nil}, {"pc33", []int{1}}, {"90018", nil}, {"900", []int{2}},
		{"<sip", nil}, {"34.00", nil}, {"al*", nil},
		// Operators between.
		{"alice or bob", []int{1, 3}}, {"alice|bob", []int{1, 3}}, {"office.example bob", nil}, {"office.example and fax", []int{4}},
		{"!alice", []int{2, 3, 4}}, {"-alice", []int{2, 3, 4}}, {"not alice", []int{2, 3, 4}}, {"NOT alice AND NOT bob", []int{2, 4}}, {"!!alice", []int{1}},
		{"!(alice or bob) method:invite", []int{2, 4}}, {"alice or bob method:invite", []int{1}}, {"(alice or bob) method:register", []int{3}},
		{"not(alice|bob)", []int{2, 4}}, {`"or"`, nil}, {`"and" or bob`, []int{3}},
		// Who.
		{"from:alice", []int{1}}, {"from:cooper", []int{1}}, {"from=alice", nil}, {`from="alice cooper"`, []int{1}}, {"from=SIP:bob@example.com", []int{3}},
		{"from:alice,bob", []int{1, 3}}, {`from:"alice c","bob"`, []int{1, 3}}, {"from!=sip:bob@example.com", []int{1, 2, 4}}, {"from: alice", []int{1}},
		{"to:sales", []int{2}}, {"user:bob", []int{3}}, {"user=900", []int{2}}, {"user=+34600111222", []int{1}}, {"user:example", nil},
		{"number:4930901820", []int{4}}, {"number:+49-30", []int{4}}, {`number:"+49 30"`, []int{4}}, {"number:alice", nil}, {"number:2001", []int{2}},
		{"host:office", []int{1, 2, 4}}, {"host=example.com", []int{3}}, {"host:db8", []int{2}}, {"uri:10.20.30.40", []int{2}}, {"uri:tel:", []int{4}},
		{"contact:192.0.2.10", []int{1}}, {"pai:+34911", []int{1}}, {"ua~/^Yealink.*86/", []int{1}}, {"ua:kamailio", []int{1}}, {`ua="kamailio (5.6)"`, []int{1}},
		{"callid=reg-3", []int{3}}, {"callid:F81D", []int{2}}, {"xcid:leg", []int{1}},
		// Where.
		{"src:192.0.2.10", []int{1}}, {"src:192.0.2.1", nil}, {"src:192.0.2.", []int{1}}, {"src:10.20.0.0/16", []int{3, 4}}, {"dst:203.0.113.24:5060", []int{1, 3}},
		{"dst:203.0.113.24:5061", nil}, {"peer:203.0.113.24", []int{1, 3}}, {"peer:10.20.0.0/16,2001:db8::/32", []int{2, 3, 4}}, {"peer:10.20.1.5..10.20.1.6", []int{3, 4}},
		{"peer!=203.0.113.24", []int{2, 4}}, {"peer~^10\\.", []int{3, 4}}, {"src:[2001:db8::7]:5060", []int{2}}, {"src:[2001:db8::7]", []int{2}}, {"src=2001:DB8:0::7", []int{2}},
		{"src:::ffff:192.0.2.10", []int{1}}, {"src:0.0.0.0/0", []int{1, 3, 4}}, {"src:db8", []int{2}},
		{"port:5060", all}, {"port:5061", []int{2}}, {"port>40000", []int{3}}, {"port:5061..5070", []int{1, 2}}, {"port!=5060", nil}, {"port<5061", all},
		{"transport:tcp", []int{3}}, {"transport=t", nil}, {"transport:t", []int{2, 3}},
		// What.
		{"method:inv", []int{1, 2, 4}}, {"!method:INVITE", []int{3}}, {"method!=invite", []int{3}}, {"method~^(reg|sub)", []int{3}},
		{"state:compl", []int{1}}, {"state:rejected,timeout", []int{2}}, {"state=in_call", []int{4}}, {`state="in call"`, []int{4}}, {"state:in-call", []int{4}},
		{"state!=completed", []int{2, 3, 4}}, {"state~^re", []int{2, 3}},
		{"code:503", []int{2}}, {"code:5xx", []int{2}}, {"code:50X", []int{2}}, {"code:2xx,503", all}, {"code:500..599", []int{2}}, {"code:..299", []int{1, 3, 4}},
		{"code>=500", []int{2}}, {"code<=200", []int{1, 3, 4}}, {"code!=200", []int{2}}, {"code!=2xx,404", []int{2}}, {"code > 200", []int{2}}, {"code:>=400", []int{2}}, {"code:!=200", []int{2}}, {"code:=503", []int{2}},
		{"code:> 200", []int{2}}, {"code: >=400", []int{2}}, {"code: > 200", []int{2}}, {"dur: >1m", []int{1}}, {"from: >=alice", nil}, {"dur:>1m", []int{1}}, {"from:>=alice", nil}, {"callid:=x", nil}, {"code:>=400 !code:404 or code:<200", []int{2}}, {"code <201", []int{1, 3, 4}},
		{"reason:unavail", []int{2}}, {"reason:clearing", []int{1}}, {"q850:16", []int{1}}, {"q850!=17", []int{1}}, {"!q850:17", all}, {"cseq:101", []int{1}}, {"cseq<10", []int{2, 4}},
		{"header.X-Trunk:lon-2", []int{1}}, {"header.x-trunk=lon", nil}, {"header.contact:alice", []int{1}}, {"header.Server:5.6", []int{1}}, {"header.X-Never:seen", nil},
		{"header.subject!=x", nil}, {"header.X-Trunk~//", []int{1}}, {"body:RTP/SAVP", []int{1}}, {"sdp~^m=audio", []int{1}}, {"sdp:lon-2", nil}, {"body:lon-2", nil},
		{"msg:LON-2", []int{1}}, {"msg:nothing", nil}, {`msg:"INVITE sip"`, []int{1, 2, 4}},
		// When: the last packet was 12:20:30, 15 minutes after the first call.
		{"time:12:05", []int{1, 4}}, {"time:12:05:30", []int{1, 4}}, {"time:12:05:31", nil}, {"time:12:05..12:06", []int{1, 2, 4}}, {"time:12:06..", []int{2, 3}}, {"time:..12:05", []int{1, 4}},
		{"time:23:00..12:05", []int{1, 4}}, {"time:today", []int{1, 2, 3}}, {"time:yesterday", []int{4}}, {"time!=today", []int{4}}, {"time:yesterday..today", all}, {"time>=today", []int{1, 2, 3}},
		{"time:2026-03-10", []int{1, 2, 3}}, {"time:2026-03-10T12:06", []int{2}}, {"time<2026-03-10", []int{4}}, {"time>2026-03-10T12:05", []int{2, 3}}, {"time:2026-03-09..2026-03-10T12:05:30", []int{1, 4}},
		{"time:12:05:30.000", []int{1, 4}}, {"time<=12:05", []int{1, 4}}, {"time>12:05", []int{2, 3}}, {"time:..today", all}, {"time:today..", []int{1, 2, 3}}, {"time:12:15,12:06", []int{2, 3}},
		{"since:5m", []int{3}}, {"since:15m", []int{1, 2, 3}}, {"since:899s", []int{2, 3}}, {"since>1h", []int{4}}, {"since:5m..14m", []int{2, 3}}, {"since:2d", all},
		{"dur>10s", []int{1}}, {"dur:82s", []int{1}}, {"dur:1:22", []int{1}}, {"dur:82.5", []int{1}}, {"dur=82", nil}, {"dur=82.5s", []int{1}}, {"dur:1m22s500ms", []int{1}}, {"dur:8", []int{4}}, {"dur!=8.7", []int{1}},
		{"dur<1m", []int{4}}, {"dur:1m", []int{1}}, {"!dur>10s", []int{2, 3, 4}}, {"dur:8s..2m", []int{1, 4}},
		{"pdd>2.5", []int{4}}, {"pdd<500ms", []int{1, 2}}, {"pdd:0.43", []int{1}}, {"ring:1s", []int{1}}, {"ring:1.5", []int{1}}, {"idx:2..3", []int{2, 3}},
		// Media.
		{"codec:pcmu", []int{1}}, {"codec=OPUS", []int{1}}, {"codec!=gsm", []int{1}}, {"codec!=opus", nil}, {"loss>4.9", []int{1}}, {"loss<1", nil}, {"loss:5%", []int{1}}, {"loss:4.8", nil},
		{"jitter>10", []int{1}}, {"jitter:12ms", []int{1}}, {"jitter>0.1s", nil}, {"ptime:20", []int{1}}, {"ptime:30", []int{1}}, {"ptime:40", nil}, {"ptime>=30", []int{1}},
		{"ssrc:0x1a2b3c01", []int{1}}, {"ssrc:1A2B3C02", []int{1}}, {"ssrc:439041026", []int{1}}, {"ssrc:0x1A2B3C03", []int{4}},
		{"srtp:yes", []int{1}}, {"srtp:no", []int{4}}, {"srtp!=yes", []int{4}}, {"!srtp:yes", []int{2, 3, 4}}, {"t38:yes", []int{4}}, {"t38:no", []int{1}}, {"srtp:yes,no", []int{1, 4}},
		{"dtmf:14#", []int{1}}, {"dtmf:4", []int{1}}, {"dtmf=14#", []int{1}}, {"dtmf:44", nil}, {"dtmf:ANS", nil},
		// Where it was captured.
		{"vlan:5", []int{1}}, {"vlan>5", nil}, {"iface:eth0", []int{1}}, {"iface=eth", nil}, {"iface:eth", []int{1}},
		// Else.
		{"msgs>3", []int{1, 2}}, {"retrans:2", []int{1}}, {"legs>1", []int{1, 2}}, {"legs:1", []int{3, 4}}, {"dup>0", []int{2}}, {"marked:yes", []int{3}}, {"marked:no", []int{1, 2, 4}},
		{"problem:no-ack", []int{2}}, {"problem:NO_ACK", []int{2}}, {`problem:"no ack"`, []int{2}}, {"problem:error", []int{2}}, {"problem:bad-contact", []int{2}}, {"problem=media", nil}, {"problem!=x", []int{2}},
		// What nothing measures is absent.
		{"mos<3.5", nil}, {"!mos<3.5", all}, {"rtt>1ms", nil}, {"alias!=x", nil}, {"oneway:yes", nil}, {"oneway:no", nil}, {"silent:no", nil},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := matching(t, c.text, Options{}); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// In New York the calls of the sample began at 08:05, and the last packet
// came at 08:20; in Auckland it was past midnight.
func TestMatchZone(t *testing.T) {
	for _, c := range []struct {
		zone, text string
		want       []int
	}{
		{"America/New_York", "time:08:05", []int{1, 4}}, {"America/New_York", "time:12:05", nil}, {"America/New_York", "time:today", []int{1, 2, 3}},
		{"Pacific/Auckland", "time:01:05", []int{1, 4}}, {"Pacific/Auckland", "time:2026-03-11", []int{1, 2, 3}}, {"Pacific/Auckland", "time:yesterday", []int{4}},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Skip(err)
		}
		if got := matching(t, c.text, Options{Location: zone}); !slices.Equal(got, c.want) {
			t.Errorf("%s in %s: got %v, want %v", c.text, c.zone, got, c.want)
		}
	}
}

func TestSaved(t *testing.T) {
	o := Options{Saved: func(name string) (string, bool) {
		text, ok := map[string]string{"bad": "code:5xx or loss>1", "mine": "@bad !alice", "all": "", "loop": "(@loop)", "wrong": "a (b"}[name]
		return text, ok
	}}
	for text, want := range map[string][]int{"@bad": {1, 2}, "!@bad": {3, 4}, "@mine": {2}, "@bad sales": {2}, "@all bob": {3}, "@all": {1, 2, 3, 4}} {
		if got := matching(t, text, o); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"x @loop":  `column 3: @loop, column 2: @loop: this saved filter contains itself`,
		"x @wrong": `column 3: @wrong, column 5: missing ")" for the "(" in column 3`,
		"@no":      `column 1: @no: no filter is saved under this name; "@no" in quotes is searched for`,
		"@":        `column 2: the name of a saved filter is missing`,
	} {
		if _, err := Parse(text, o); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// Filters that double each other do not take for ever.
func TestSavedDoubling(t *testing.T) {
	o := Options{Saved: func(name string) (string, bool) {
		return fmt.Sprintf("@%sa @%sb", name, name), true
	}}
	if _, err := Parse("@x", o); err == nil || !strings.HasSuffix(err.Error(), "too many saved filters") {
		t.Errorf("got %v", err)
	}
}

// Streams leave, and then their IDs have gaps.
func TestStreamsWithGaps(t *testing.T) {
	snap := sample()
	snap.Streams = slices.Delete(snap.Streams, 0, 1)
	snap.Streams[2].ID = 70
	in := NewScope(snap, nil)
	for id, want := range map[int]*correlate.Stream{1: nil, 2: snap.Streams[0], 3: snap.Streams[1], 4: nil, 70: snap.Streams[2], 71: nil, 0: nil, -5: nil} {
		if got := in.stream(id); got != want {
			t.Errorf("stream %d: %v", id, got)
		}
	}
	if e, _ := Parse("codec:opus !codec:pcmu", Options{}); !e.Match(in, snap.Calls[0]) {
		t.Error("the stream that stayed is not found")
	}
	snap.Streams = nil
	if e, _ := Parse("!codec:opus", Options{}); !e.Match(in, snap.Calls[0]) {
		t.Error("a stream that left is found")
	}
}

func TestSelect(t *testing.T) {
	e, err := Parse("alice or bob", Options{})
	if err != nil {
		t.Fatal(err)
	}
	snap := sample()
	got := e.Select(snap, nil)
	if got.Matched != 2 || got.Of != 4 || len(got.Snapshot.Calls) != 2 || got.Snapshot.Calls[1].Index != 3 {
		t.Errorf("selected %d of %d: %v", got.Matched, got.Of, got.Snapshot.Calls)
	}
	if s := got.Snapshot.Streams; len(s) != 2 || s[0].ID != 1 || s[1].ID != 2 {
		t.Errorf("streams %v", s)
	}
	if len(snap.Calls) != 4 || len(snap.Streams) != 4 {
		t.Error("the snapshot changed")
	}
}
