package correlate

import (
	"hash/maphash"
	"math"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sdp"
	"sipsniff/decode/sip"
)

// packedMessages are messages with everything that one can have.
func packedMessages(x *texts) []*Message {
	session := sdp.Parse("v=0\r\n")
	four, six := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("[fe80::1%eth0]:65535")
	first := &Message{
		Frame: 7, LastFrame: 9, Nanos: 1e18, LastNanos: 1e18 + 5, Src: four, Dst: six, Transport: decode.TLS,
		Method: "INVITE", CSeq: sip.CSeq{Number: math.MaxUint32, Method: "INVITE"}, FromTag: "a", ToTag: "b", Branch: "z9hG4bK",
		Headers: sip.HeaderSet{math.MaxUint64}, SDP: session, sessionSize: 90, VLAN: 4095, DSCP: 63, TTL: 255, WireLength: 1400,
		where: textPlace{texts: x, offset: 1 << 40, length: 12, sum: 77, source: 3},
	}
	list := []*Message{
		first,
		{Frame: 3, Nanos: -1, Dst: four, Src: netip.AddrPortFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 1), Method: "WORD\x00", Cut: "snaplen", Interface: "eth0", Raw: "WORD\x00 text"},
		{Nanos: math.MinInt64, StatusCode: -5, Reason: "a", Agent: true, Elsewhere: true, Fragmented: true, Duplicate: true, First: first,
			Findings: []sip.Finding{{Code: "x", Offset: 2}}, where: textPlace{texts: x, offset: 5, length: 1, sum: 1}},
		{Frame: math.MaxInt, Nanos: math.MaxInt64, StatusCode: 200, Retransmission: true, First: first, SDP: session, WireLength: math.MaxInt32},
	}
	const inner = "v=0\r\nm=audio 4000 RTP/AVP 0\r\n"
	list = append(list,
		&Message{Raw: "INVITE x\r\n\r\n" + inner, SDP: sdp.Parse(inner)},                          // a part of the text that is held
		&Message{Raw: "INVITE x\r\n\r\n--a\r\n" + inner + "--a--", SDP: sdp.Parse(inner)},         // in the middle of it
		&Message{Raw: "INVITE y\r\n\r\nv=0", SDP: sdp.Parse(inner)},                               // not in it: whatever became of it
		&Message{Raw: "INVITE z\r\n\r\nv=0", SDP: sdp.Parse("")},                                  // empty
		&Message{where: textPlace{texts: x, offset: 9, length: 2, sum: 7}, SDP: sdp.Parse(inner)}) // in one that is not held
	for i := range 2 * likely { // more texts than one is compared with
		list = append(list, &Message{Frame: i, FromTag: strings.Repeat("t", i), ToTag: "a", SDP: sdp.Parse("v=1\r\n")})
	}
	return list
}

func TestPackedMessages(t *testing.T) {
	x := &texts{}
	list := packedMessages(x)
	described := []Description{{list[0], true}, {list[3], false}}
	var k packer
	k.pack(x, list[1:], nil) // what it held before does not matter
	p := k.pack(x, list, described)
	u := p.unpack()
	if len(u.list) != len(list) {
		t.Fatalf("%d messages", len(u.list))
	}
	for i, m := range u.list {
		got, want := *m, *list[i]
		if (got.First == nil) != (want.First == nil) || got.First != nil && got.First != u.list[0] {
			t.Errorf("message %d repeats %p", i, got.First)
		}
		got.First, want.First, got.home = nil, nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("message %d:\n%+v\nand not\n%+v", i, got, want)
		}
	}
	for i := range reflect.TypeFor[Message]().NumField() {
		field := reflect.TypeFor[Message]().Field(i)
		if field.Name != "home" && !slices.ContainsFunc(list, func(m *Message) bool { return !reflect.ValueOf(m).Elem().Field(i).IsZero() }) {
			t.Errorf("no message here has %s, so it is not known whether it is packed", field.Name)
		}
	}
	if u.list[0].SDP != u.list[3].SDP {
		t.Error("messages that had one description have two")
	}
	if want := []Description{{u.list[0], true}, {u.list[3], false}}; !reflect.DeepEqual(u.descriptions, want) {
		t.Errorf("descriptions %v", u.descriptions)
	}
}

// A text that can be read again is not packed but known by its sum.
func TestPackedText(t *testing.T) {
	const text = "INVITE sip:a SIP/2.0\r\n\r\n"
	x := &texts{again: func(_ int, _ int64, piece []byte) error {
		copy(piece, text)
		return nil
	}}
	var k packer
	p := k.pack(x, []*Message{{Raw: text, where: textPlace{texts: x, offset: 90, length: int32(len(text))}}}, nil)
	m := p.unpack().list[0]
	if got, err := m.Read(); m.Raw != "" || got != text || err != nil {
		t.Errorf("%q, %v; held %q", got, err, m.Raw)
	}
	if want := uint32(maphash.String(textSeed, text)); m.where.sum != want {
		t.Errorf("sum %d, want %d", m.where.sum, want)
	}
	again := k.pack(x, []*Message{m}, nil).unpack().list[0]
	if got, err := again.Read(); got != text || err != nil {
		t.Errorf("packed a second time: %q, %v", got, err)
	}
}

// As long as somebody has one of the messages all of them stay the same; then
// they are let go.
func TestPackedMessagesAreTheSame(t *testing.T) {
	var k packer
	c := &Call{packed: k.pack(&texts{}, packedMessages(&texts{}), nil)}
	third := c.Messages()[2]
	first := third.First
	runtime.GC()
	var ask sync.WaitGroup
	for range 4 {
		ask.Go(func() {
			if list := c.Messages(); list[2] != third || list[0] != first {
				t.Error("others than those that are held")
			}
		})
	}
	ask.Wait()
	runtime.KeepAlive(third)
	third, first = nil, nil
	runtime.GC()
	if u := c.packed.recent.Load().Value(); u != nil {
		t.Error("they are held though nobody has them")
	}
	if len(c.Messages()) != c.CountMessages() {
		t.Errorf("%d messages, counted %d", len(c.Messages()), c.CountMessages())
	}
}
