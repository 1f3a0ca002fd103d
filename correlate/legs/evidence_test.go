package legs

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// pairOf is two legs that have nothing in common: other hosts, other numbers
// that are too short to contradict each other, 20 s apart.
func pairOf() (a, b *Facts) {
	a = &Facts{ID: 1, CallID: "first@192.0.2.1", Invited: begin, MaxForwards: -1, Sender: ip(1), Receivers: []netip.Addr{ip(2)}}
	b = &Facts{ID: 2, CallID: "second@192.0.2.3", Invited: begin + 20*second, MaxForwards: -1, Sender: ip(3), Receivers: []netip.Addr{ip(4)}}
	a.rare()
	b.rare()
	return a, b
}

func points(a, b *Facts) score {
	k := New()
	k.Put(a)
	k.Put(b)
	crowded := k.index.crowdOf(b)
	return between(k.legs[a.ID], k.legs[b.ID], &crowded)
}

func endpointOf(text string, by int, byCaller bool) []Endpoint {
	return []Endpoint{EndpointOf(netip.MustParseAddrPort(text), ip(by), byCaller)}
}

// TestEvidence has a row for each kind of evidence, alone, with the points of
// spec §3.9.
func TestEvidence(t *testing.T) {
	uuid := func(c string) Session { return Session{UUID: strings.Repeat(c, 32)} }
	for _, c := range []struct {
		name   string
		set    func(a, b *Facts)
		points int
	}{
		{"nothing", func(a, b *Facts) {}, 0},
		{"1 X-CID", func(a, b *Facts) { b.name(ByHeader, a.CallID, "X-CID") }, 100},
		{"2 Session-ID", func(a, b *Facts) {
			a.Sessions, b.Sessions = []Session{uuid("a"), uuid("b")}, []Session{uuid("c"), uuid("b")}
		}, 95},
		{"2 Session-ID, half known", func(a, b *Facts) { a.Sessions, b.Sessions = []Session{uuid("a")}, []Session{uuid("a"), uuid("b")} }, 95},
		{"3 legacy Session-ID", func(a, b *Facts) {
			a.Sessions, b.Sessions = []Session{{strings.Repeat("a", 32), true}}, []Session{{strings.Repeat("a", 32), true}}
		}, 90},
		{"4 icid", func(a, b *Facts) {
			a.key(ByICID, "1234bc9876e", "P-Charging-Vector")
			b.key(ByICID, "1234bc9876e", "P-Charging-Vector")
		}, 90},
		{"5 Replaces", func(a, b *Facts) { b.name(ByDialog, a.CallID, "Replaces") }, 95},
		{"5 Refer-To in the earlier", func(a, b *Facts) { a.name(ByDialog, b.CallID, "Refer-To") }, 95},
		{"5 In-Reply-To", func(a, b *Facts) { b.name(InReplyTo, a.CallID, "In-Reply-To") }, 70},
		{"6 vendor", func(a, b *Facts) {
			a.key(ByVendorID, "0815-4711", "Cisco-Guid")
			b.key(ByVendorID, "0815-4711", "Cisco-Guid")
		}, 90},
		{"7 suffix", func(a, b *Facts) { a.CallID, b.CallID = "0123456789abcdef@x", "0123456789abcdef_b2b-1@x" }, 80},
		{"7 prefix and another host", func(a, b *Facts) { a.CallID, b.CallID = "0123456789abcdef@x", "B2B.0123456789abcdef@y" }, 80},
		{"7 too short", func(a, b *Facts) { a.CallID, b.CallID = "0123456789@x", "SBC-0123456789@x" }, 0},
		{"7 UUIDs of one minute", func(a, b *Facts) {
			a.CallID, b.CallID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@x", "f81d4fb1-7dec-11d0-a765-00a0c91e6bf6@x"
		}, 0},
		{"9 description passed on", func(a, b *Facts) {
			a.Endpoints, b.Endpoints = endpointOf("203.0.113.9:4000", 1, true), endpointOf("203.0.113.9:4000", 3, true)
		}, 80},
		{"9 relay port on both sides", func(a, b *Facts) {
			a.Endpoints, b.Endpoints = endpointOf("203.0.113.9:4000", 2, false), endpointOf("203.0.113.9:4000", 2, true)
		}, 80},
		{"9 the port of a telephone again", func(a, b *Facts) {
			a.Endpoints, b.Endpoints = endpointOf("203.0.113.9:4000", 1, true), endpointOf("203.0.113.9:4000", 1, true)
		}, 0},
		{"9 two homes with one private address", func(a, b *Facts) {
			a.Endpoints, b.Endpoints = endpointOf("192.168.1.2:4000", 1, true), endpointOf("192.168.1.2:4000", 3, true)
		}, 0},
		{"9 a bench on one host", func(a, b *Facts) {
			both := append(endpointOf("127.0.0.1:6000", 1, true), endpointOf("127.0.0.1:6000", 2, false)...)
			a.Endpoints, b.Endpoints = both, endpointOf("127.0.0.1:6000", 3, true)
		}, 0},
		{"10 stream relayed", func(a, b *Facts) {
			a.Streams = []Stream{{SSRC: 7, FirstNumber: 100, LastNumber: 600, First: begin, Last: begin + 10*second}}
			b.Streams = []Stream{{SSRC: 7, FirstNumber: 150, LastNumber: 600, First: begin + second, Last: begin + 10*second}}
		}, 85},
		{"10 the same recording later", func(a, b *Facts) {
			a.Streams = []Stream{{SSRC: 7, FirstNumber: 100, LastNumber: 600, First: begin, Last: begin + 10*second}}
			b.Streams = []Stream{{SSRC: 7, FirstNumber: 100, LastNumber: 600, First: begin + 2*second, Last: begin + 12*second}}
		}, 0},
		{"10 other numbers", func(a, b *Facts) {
			a.Streams = []Stream{{SSRC: 7, FirstNumber: 100, LastNumber: 600, First: begin, Last: begin + 10*second}}
			b.Streams = []Stream{{SSRC: 7, FirstNumber: 5100, LastNumber: 5600, First: begin, Last: begin + 10*second}}
		}, 0},
		{"12 host", func(a, b *Facts) { b.Sender = ip(2) }, 25},
		{"12 host behind a proxy", func(a, b *Facts) { a.Receive(ip(9)); b.Sender = ip(9) }, 25},
		{"13 0.25 s", func(a, b *Facts) { b.Invited = begin + second/4 }, 25},
		{"13 1 s", func(a, b *Facts) { b.Invited = begin + second }, 20},
		{"13 3 s", func(a, b *Facts) { b.Invited = begin + 3*second }, 12},
		{"13 10 s", func(a, b *Facts) { b.Invited = begin + 10*second }, 5},
		{"14 callee equal", func(a, b *Facts) { a.Callees, b.Callees = numbers("+4930123456"), numbers("004930123456") }, 20},
		{"14 last nine", func(a, b *Facts) { a.Callees, b.Callees = numbers("+49 30 1234567"), numbers("030-1234567") }, 15},
		{"14 last seven", func(a, b *Facts) { a.Callees, b.Callees = numbers("+49891234567"), numbers("1234567") }, 8},
		{"14 equal and short", func(a, b *Facts) { a.Callees, b.Callees = numbers("30055"), numbers("30055") }, 20},
		{"14 other", func(a, b *Facts) { a.Callees, b.Callees = numbers("30055"), numbers("30056") }, 0},
		{"15 caller equal", func(a, b *Facts) { a.Callers, b.Callers = numbers("+4930123456"), numbers("0114930123456") }, 15},
		{"15 last nine", func(a, b *Facts) { a.Callers, b.Callers = numbers("+49301234567"), numbers("(030)123-4567") }, 12},
		{"15 last seven", func(a, b *Facts) { a.Callers, b.Callers = numbers("+49891234567"), numbers("1234567") }, 6},
		{"15 in another header", func(a, b *Facts) { a.Callers, b.Callers = numbers("100", "+4930123456"), numbers("4930123456") }, 15},
		{"16 session", func(a, b *Facts) { a.origin("- 88341 1 IN IP4 192.0.2.1"); b.origin("- 88341 2 IN IP4 192.0.2.9") }, 30},
		{"16 fixed number", func(a, b *Facts) { a.origin("- 0 0 IN IP4 192.0.2.1"); b.origin("- 0 0 IN IP4 192.0.2.9") }, 0},
		{"17 codecs", func(a, b *Facts) { a.Codecs, b.Codecs = 7, 7 }, 5},
		{"18 same status", func(a, b *Facts) {
			a.Status, a.Final, b.Status, b.Final = 486, begin+40*second, 486, begin+40*second-second/2
		}, 15},
		{"18 same class", func(a, b *Facts) {
			a.Status, a.Final, b.Status, b.Final = 500, begin+40*second, 503, begin+40*second-second/2
		}, 10},
		{"18 too late", func(a, b *Facts) { a.Status, a.Final, b.Status, b.Final = 486, begin+41*second, 486, begin+40*second }, 0},
		{"18 answered before", func(a, b *Facts) {
			a.Status, a.Final, b.Status, b.Final = 200, begin+40*second, 200, begin+40*second+second/4
		}, 0},
		{"18 both given up", func(a, b *Facts) {
			a.Status, a.Final, b.Status, b.Final = 487, begin+40*second, 487, begin+40*second+second/4
		}, 15},
		{"19 BYE", func(a, b *Facts) { a.Bye, b.Bye = begin+60*second, begin+60*second+second/2 }, 10},
		{"20 hops", func(a, b *Facts) { a.MaxForwards, b.MaxForwards = 70, 69 }, 10},
		{"20 not passed on", func(a, b *Facts) { a.MaxForwards, b.MaxForwards = 70, 70 }, 0},
		{"21 diverted", func(a, b *Facts) {
			a.Request, b.Targets = target("sip:+4930123456@x"), []string{target("tel:0049-30-123456")}
		}, 20},
	} {
		a, b := pairOf()
		c.set(a, b)
		if s := points(a, b); s.total != c.points || s.unfit {
			t.Errorf("%s: %d points (unfit %v), want %d", c.name, s.total, s.unfit, c.points)
		} else if len(s.reasons(a, b)) == 0 && c.points != 0 && c.name[:2] != "13" {
			t.Errorf("%s: no reason", c.name)
		}
	}
}

// TestCrowded: a key that more legs share than one call can have means nothing.
func TestCrowded(t *testing.T) {
	k := New()
	for i := range maxShared + 1 {
		f := &Facts{ID: i + 1, Invited: begin + int64(i), CallID: string(rune('a' + i)), MaxForwards: -1, Sender: ip(2 * i), Receivers: []netip.Addr{ip(2*i + 1)}}
		f.key(ByICID, "always the same", "P-Charging-Vector")
		k.Put(f)
	}
	k.LinkAll()
	for id := range k.legs {
		if k.Legs(id) != nil {
			t.Fatalf("leg %d: %v", id, k.Legs(id))
		}
	}
}

// sbc is the first example of the specification: a border controller without
// helpful headers. 12, 13, 14 and 15 make 85.
func sbc() (a, b *Facts) {
	a, b = pairOf()
	b.Sender, b.Invited = ip(2), begin+25*millisecond
	a.Callers, b.Callers = numbers("+442079460018"), numbers("442079460018")
	a.Callees, b.Callees = numbers("+12025550110"), numbers("12025550110")
	return a, b
}

// pbx is the second: numbers translated, callers hidden, both refused alike.
// 12, 13 and 18 make 65.
func pbx() (a, b *Facts) {
	a, b = pairOf()
	b.Sender, b.Invited = ip(2), begin+25*millisecond
	a.Callees, b.Callees = numbers("+12025550110"), numbers("30055")
	a.Status, a.Final, a.Ended = 486, begin+2*second, begin+2*second
	b.Status, b.Final, b.Ended = 486, begin+2*second-4*millisecond, begin+2*second-4*millisecond
	return a, b
}

// joinOf links the facts and returns how b is joined with a.
func joinOf(t *testing.T, b *Facts, others ...*Facts) (m Member, joined bool) {
	t.Helper()
	k := New()
	for _, f := range append(others, b) {
		k.Put(f)
	}
	k.LinkAll()
	for _, m := range k.Legs(b.ID) {
		if m.ID == b.ID && m.With != 0 {
			return m, !m.Possible
		}
	}
	return m, false
}

func TestExamples(t *testing.T) {
	a, b := sbc()
	if m, ok := joinOf(t, b, a); !ok || m.Score != 85 || m.With != 1 {
		t.Errorf("border controller: %+v", m)
	}
	a, b = pbx()
	if m, ok := joinOf(t, b, a); !ok || m.Score != 65 {
		t.Errorf("PBX: %+v", m)
	}
	// Under load 65 is not enough, and it is shown as possible.
	others := []*Facts{a}
	for i := range 90 { // 30 a second
		f := *a
		f.ID, f.CallID, f.Invited, f.Sender = 10+i, "other"+string(rune('a'+i)), begin-second+int64(i)*second/30, ip(100+i)
		f.Final, f.Ended = f.Final+5*second, f.Ended+5*second
		others = append(others, &f)
	}
	if m, ok := joinOf(t, b, others...); ok || m.Score != 65 || !m.Possible {
		t.Errorf("PBX under load: %+v joined %v", m, ok)
	}
	// With a key load does not matter.
	b.name(ByHeader, a.CallID, "X-CID")
	if m, ok := joinOf(t, b, others...); !ok || m.With != 1 || m.Score != 100 {
		t.Errorf("X-CID under load: %+v joined %v", m, ok)
	}
}

// TestContradictions has a row for each contradiction: the legs of the first
// example are not joined.
func TestContradictions(t *testing.T) {
	uuids := func(x, y string) []Session {
		return []Session{{UUID: strings.Repeat(x, 32)}, {UUID: strings.Repeat(y, 32)}}
	}
	for _, c := range []struct {
		name   string
		set    func(a, b *Facts)
		joined bool
	}{
		{"none", func(a, b *Facts) {}, true},
		{"ended before", func(a, b *Facts) { a.Ended = b.Invited - millisecond }, false},
		{"ended before, but was diverted", func(a, b *Facts) {
			a.Ended, a.Request, b.Targets = b.Invited-millisecond, "12025550110", []string{"12025550110"}
		}, true},
		{"ended before, but is replaced", func(a, b *Facts) { a.Ended = b.Invited - millisecond; b.name(ByDialog, a.CallID, "Replaces") }, true},
		{"ended before, whatever X-CID says", func(a, b *Facts) { a.Ended = b.Invited - millisecond; b.name(ByHeader, a.CallID, "X-CID") }, false},
		{"Session-IDs of both sides differ", func(a, b *Facts) { a.Sessions, b.Sessions = uuids("a", "b"), uuids("c", "d") }, false},
		{"Session-IDs of one side are known", func(a, b *Facts) { a.Sessions, b.Sessions = uuids("a", "b")[:1], uuids("c", "d") }, true},
		{"callers differ", func(a, b *Facts) { b.Callers = numbers("+33155501234") }, false},
		{"callers differ, but a key says so", func(a, b *Facts) { b.Callers = numbers("+33155501234"); b.name(ByHeader, a.CallID, "X-CID") }, true},
		{"callers differ and are short", func(a, b *Facts) { b.Callers = numbers("30055") }, true},
		{"more than 30 s later", func(a, b *Facts) { b.Invited += 31 * second }, false},
		{"more than 30 s later, with a key", func(a, b *Facts) { b.Invited += 31 * second; b.name(ByHeader, a.CallID, "X-CID") }, true},
		{"the same two hosts, the same way", func(a, b *Facts) { b.Sender, b.Receivers = a.Sender, a.Receivers }, false},
		{"back, numbers fit", func(a, b *Facts) { b.Receivers = []netip.Addr{a.Sender} }, true},
		{"back, no number fits", func(a, b *Facts) {
			b.Receivers, b.Callers, b.Callees = []netip.Addr{a.Sender}, nil, nil
			a.Status, a.Final, b.Status, b.Final = 486, begin+second, 486, begin+second
		}, false},
		{"back, no number fits, but both names do", func(a, b *Facts) {
			b.Receivers, b.Callers, b.Callees, a.From, a.To, b.From, b.To = []netip.Addr{a.Sender}, nil, nil, "200", "201", "200", "201"
			a.Status, a.Final, b.Status, b.Final = 486, begin+second, 486, begin+second
		}, true},
	} {
		a, b := sbc()
		c.set(a, b)
		if m, ok := joinOf(t, b, a); ok != c.joined {
			t.Errorf("%s: joined %v: %+v", c.name, ok, m)
		}
	}
}

// TestTaken: a leg that goes on as another takes no third one, unless that is a
// fork, comes after the second, or is named.
func TestTaken(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    func(second, third *Facts)
		joined bool
	}{
		{"2 s later", func(_, _ *Facts) {}, false},
		{"after the second ended", func(f, third *Facts) { f.Ended = third.Invited - millisecond }, true},
		{"at the same time, elsewhere", func(f, third *Facts) { third.Invited, third.Receivers = f.Invited+millisecond, []netip.Addr{ip(40)} }, true},
		{"at the same time, to the same", func(f, third *Facts) { third.Invited = f.Invited + millisecond }, false},
		{"named", func(_, third *Facts) { third.name(ByHeader, "first@192.0.2.1", "X-CID") }, true},
	} {
		a, b := sbc()
		third := *b
		third.Rare = &Rare{}
		third.ID, third.CallID, third.Invited = 3, "third", b.Invited+2*second
		c.set(b, &third)
		if m, ok := joinOf(t, &third, a, b); ok != c.joined {
			t.Errorf("%s: joined %v: %+v", c.name, ok, m)
		}
	}
}

// TestBest: of two legs that fit, the one that fits better is chosen, then the
// closer one.
func TestBest(t *testing.T) {
	a, b := sbc()
	worse := *a
	worse.ID, worse.CallID, worse.Invited, worse.Callees = 3, "worse", begin+20*millisecond, numbers("4002025550110")
	if m, _ := joinOf(t, b, a, &worse); m.With != 1 {
		t.Errorf("the worse one: %+v", m)
	}
	closer := *a
	closer.ID, closer.CallID, closer.Invited = 3, "closer", begin+20*millisecond
	if m, _ := joinOf(t, b, a, &closer); m.With != 3 {
		t.Errorf("the one that is further off: %+v", m)
	}
}

// TestReader reads the facts of messages.
func TestReader(t *testing.T) {
	m, err := sip.Parse(strings.ReplaceAll(`INVITE sip:+49-30-1234567@sbc.example;user=phone SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1
To: <sip:0301234567@sbc.example>
Call-ID: me@192.0.2.1
CSeq: 1 INVITE
Max-Forwards: 69
P-Asserted-Identity: <sip:%2B44%2020@x>, <tel:+44-20-7946-0018>
Remote-Party-ID: <sip:02079460018@x>;party=calling
Diversion: <sip:+4989555000@x>;reason=no-answer
History-Info: <sip:bob@X.example>;index=1, <sip:carol@x>;index=1.1
Session-ID: AB30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000
P-Charging-Vector: icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=";orig-ioi=home1.net
Replaces: other@192.0.2.7;to-tag=1;from-tag=2
X-CID: first@192.0.2.8
X-Asterisk-Linked: second@192.0.2.8
X-FS-Core-UUID: 0d2f1c34
Cisco-Guid: 1111-2222-3333
X-Account: id=4711x;y
In-Reply-To: third@x, fourth@x
Content-Length: 0

`, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	header, err := ParseHeader(`x-account=id=(\d+)`)
	if err != nil {
		t.Fatal(err)
	}
	f := NewReader([]Header{header}).Invite(m, 5, begin, ip(1), ip(2))
	f.Description(sdp.Parse("v=0\r\no=- 123456 1 IN IP4 x\r\nc=IN IP4 192.0.2.5\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:30\r\nm=video 0 RTP/AVP 31\r\n"), ip(1), true)
	digits := func(list []Number) (s []string) {
		for _, n := range list {
			s = append(s, n.Digits)
		}
		return s
	}
	equal := func(what string, got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s %q, want %q", what, got, want)
		}
	}
	equal("callers", digits(f.Callers), []string{"02079460018", "442079460018", "4989555000"})
	equal("callees", digits(f.Callees), []string{"49301234567", "0301234567"})
	equal("targets", f.Targets, []string{"4989555000", "bob@x.example", "carol@x"})
	var names []string
	for _, n := range f.Names {
		names = append(names, n.Header+"="+n.CallID)
	}
	slices.Sort(names)
	equal("names", names, []string{"In-Reply-To=fourth@x", "In-Reply-To=third@x", "Replaces=other@192.0.2.7", "X-Asterisk-Linked=second@192.0.2.8", "X-CID=first@192.0.2.8", "x-account=4711"})
	var keys []string
	for _, k := range f.Keys {
		keys = append(keys, k.Header+"="+k.Value)
	}
	equal("keys", keys, []string{"P-Charging-Vector=AyretyU0dm+6O2IrT5tAFrbHLso=", "X-FS-Core-UUID=0d2f1c34", "Cisco-Guid=1111-2222-3333"})
	if len(f.Sessions) != 1 || f.Sessions[0] != (Session{UUID: "ab30317f1a784dc48ff824d0d3715d86"}) {
		t.Errorf("sessions %v", f.Sessions)
	}
	if f.MaxForwards != 69 || f.Request != "49301234567" || f.Codecs == 0 {
		t.Errorf("Max-Forwards %d, request %q, codecs %d", f.MaxForwards, f.Request, f.Codecs)
	}
	if len(f.Endpoints) != 1 || f.Endpoints[0].At != netip.MustParseAddrPort("192.0.2.5:4000") {
		t.Errorf("endpoints %v", f.Endpoints)
	}
	equal("origins", f.Origins, []string{"- 123456"})
}

func TestParseHeader(t *testing.T) {
	for text, problem := range map[string]string{
		"X-CID": "", "X-CID=(.*)": "", "": "no header name", "a b": "no header name", "X=(": "missing closing", "X=abc": "no group",
	} {
		_, err := ParseHeader(text)
		if (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%q: %v, want %q", text, err, problem)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for user, want := range map[string]string{
		"+49-30-1234567": "49301234567", "004930123456": "4930123456", "01144 20": "4420", "(030)123.456": "030123456", "%2B4930123456": "4930123456",
		"030%20123%2D456": "030123456", "*21*30055#": "*21*30055#", "+49301234567;phone-context=x": "49301234567",
		"1234": "", "alice": "", "30055x": "", "": "", "%": "", "+": "", "%zz12345": "", "12345+6": "", strings.Repeat("1", 40): "",
	} {
		if len(want) < minDigits {
			want = ""
		}
		n, ok := ParseNumber(user)
		if n.Digits != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", user, n.Digits, ok, want)
		}
	}
}

// FuzzReader reads any message, twice, and links it with itself under another
// name.
func FuzzReader(f *testing.F) {
	f.Add("INVITE sip:1234567@x SIP/2.0\r\nFrom: <sip:%2B@x>;tag=1\r\nTo: x\r\nCall-ID: a-b-c-d-e-f-g-h-i-j@x\r\nCSeq: 1 INVITE\r\nSession-ID: 0;remote\r\nRefer-To: <sip:x?Replaces=%>\r\nX-CID: \"\"\r\n\r\n", "v=0\r\no= \r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 1.2.3.4\r\n")
	f.Fuzz(func(t *testing.T, text, body string) {
		m, err := sip.Parse(text)
		if err != nil {
			return
		}
		r := NewReader([]Header{{Name: "X-CID"}})
		k := New()
		for id := 1; id <= 2; id++ {
			facts := r.Invite(m, id, begin+int64(id), ip(id), ip(id+1))
			facts.Description(sdp.Parse(body), ip(id), true)
			r.Message(facts, m)
			k.Put(facts)
		}
		k.LinkAll()
		k.Drop(1)
		k.Link()
		k.Drop(2)
		if k.Link(); len(k.index.lists) != 0 {
			t.Errorf("%d lists are left", len(k.index.lists))
		}
	})
}

// TestCodecs: the order and the packet time count, the payload types do not.
func TestCodecs(t *testing.T) {
	of := func(media string) uint64 {
		f := &Facts{}
		f.Description(sdp.Parse("v=0\r\nc=IN IP4 192.0.2.5\r\nm=audio 4000 RTP/AVP "+media), ip(1), true)
		return f.Codecs
	}
	a := of("8 96\r\na=rtpmap:96 opus/48000/2\r\na=ptime:20\r\n")
	if a == 0 || a != of("8 111\r\na=rtpmap:111 OPUS/48000/2\r\na=ptime:20\r\n") {
		t.Error("equal codecs differ")
	}
	for _, other := range []string{"96 8\r\na=rtpmap:96 opus/48000/2\r\na=ptime:20\r\n", "8 96\r\na=rtpmap:96 opus/48000/2\r\na=ptime:30\r\n", "8\r\na=ptime:20\r\n"} {
		if a == of(other) {
			t.Errorf("%q is not equal", other)
		}
	}
}
