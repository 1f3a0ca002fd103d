package decode

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipsniff/capture"
)

// A cutting is a stream cut into segments in the order of their capture.
type cutting []struct{ from, to int }

// drawCutting draws segments that cover the stream, with some sent again or
// overlapping, in an order that differs from that of the stream by a window.
func drawCutting(t *rapid.T, n int) cutting {
	var c cutting
	most := rapid.SampledFrom([]int{1, 7, 60, 1460}).Draw(t, "largest segment")
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for at := 0; at < n; {
		to := min(n, at+1+random.IntN(most))
		c = append(c, struct{ from, to int }{at, to})
		switch random.IntN(8) {
		case 0: // sent again, together with what is around it
			c = append(c, struct{ from, to int }{max(0, at-random.IntN(100)), min(n, to+random.IntN(100))})
		case 1:
			to = max(at+1, to-random.IntN(20)) // the next one overlaps
		}
		at = to
	}
	window := rapid.SampledFrom([]int{1, 1, 3, 30}).Draw(t, "window")
	for i := range c {
		j := min(len(c)-1, i+random.IntN(window))
		c[i], c[j] = c[j], c[i]
	}
	return c
}

// spoil returns the octets of a segment, those that came before replaced.
func spoil(stream string, from, to int, seen []int) string {
	b := []byte(stream[from:to])
	for i := range b {
		if seen[from+i] != 0 {
			b[i] = '!'
		}
	}
	return string(b)
}

// However a stream is cut, reordered and repeated, the messages are those of
// the stream in one piece, and the frames of their ends those that brought
// the first copies of these octets.
func TestStreamsAnyCutting(t *testing.T) {
	pieces := []string{
		invite, ringng, bye, "\r\n\r\n", "\r\n", "garbage\r\n", "x", "\x00",
		sipOf("MESSAGE sip:b@h SIP/2.0", 3000), sipOf("INVITE sip:b@h SIP/2.0", 200)[:150],
		"BYE sip:b@h SIP/2.0\r\nl: 3\r\nl: 5\r\n\r\nabcde", "NEW tel:1 SIP/2.0\nCSeq: 1 NEW\n\n",
	}
	rapid.Check(t, func(rt *rapid.T) {
		stream := invite + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(rt, "stream"), "")
		whole := newTalk(t)
		whole.syn()
		whole.send(client, 0, stream)
		whole.d.Flush()

		s := newTalk(t)
		s.initial[client] = rapid.Uint32().Draw(rt, "initial sequence number")
		s.syn()
		frameOf := make([]int, len(stream))
		for _, c := range drawCutting(rt, len(stream)) {
			data := spoil(stream, c.from, c.to, frameOf)
			s.send(client, c.from, data)
			for i := c.from; i < c.to; i++ {
				if frameOf[i] == 0 {
					frameOf[i] = s.frame
				}
			}
		}
		s.d.Flush()
		compareHeard(rt, stream, frameOf, whole.heard, s.heard)
		if s.d.streams.held != 0 {
			rt.Fatalf("%d octets held at the end", s.d.streams.held)
		}
	})
}

// compareHeard wants the messages of the whole stream, whose places in it
// follow from their texts.
func compareHeard(t *rapid.T, stream string, frameOf []int, whole, got []heard) {
	want := slices.Clone(whole)
	at := 0
	for i := range want {
		start := at + strings.Index(stream[at:], want[i].Text)
		at = start + len(want[i].Text)
		want[i].Frame, want[i].LastFrame = frameOf[start], frameOf[at-1]
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("(-whole +cut):\n%s", d)
	}
}

// With holes and all, what is handed on is bounded by what came, and nothing
// of the state outlives the capture.
func TestStreamsAnyLoss(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		stream := strings.Repeat(invite+bye, 20)
		s := newTalk(t)
		if rapid.Bool().Draw(rt, "syn") {
			s.syn()
		}
		octets, lost := 0, s.frame == 0
		for _, c := range drawCutting(rt, len(stream)) {
			switch {
			case rapid.IntRange(0, 19).Draw(rt, "loss") == 0:
				lost = true
				s.ack(server, c.to)
			default:
				s.send(client, c.from, stream[c.from:c.to])
				octets += c.to - c.from
			}
		}
		s.d.Flush()
		n := 0
		for i, h := range s.heard {
			n += len(h.Text)
			tail := i == 0 && (strings.HasSuffix(invite, h.Text) || strings.HasSuffix(bye, h.Text)) // the capture started inside a method
			if h.Cut == "" && h.Text != invite && h.Text != bye && !tail {
				rt.Fatalf("a message that nobody sent: %q", h.Text)
			}
		}
		if n > octets || !lost && len(s.heard) == 0 {
			rt.Fatalf("%d octets of messages out of %d that came", n, octets)
		}
	})
}

// A flood of connections that never say anything, or say a little and stop,
// stays within the limits.
func TestStreamsFlood(t *testing.T) {
	for name, say := range map[string]string{"": "", "half a message": invite[:100], "out of order": "later", "out of order, at once": "later"} {
		t.Run(name, func(t *testing.T) {
			s := newTalk(t)
			s.ear.t = t
			before := heap()
			for n := range 150_000 {
				s.client = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 14), byte(n >> 7 & 0x7f), 1}), uint16(n&0x7f)+1024)
				s.segment(client, 0, tcpSyn, "", 0)
				switch name {
				case "half a message":
					s.send(client, 0, say)
				case "out of order, at once":
					s.frame = 0 // or else they wait for three seconds only
					s.send(client, 9, say)
				case "out of order":
					s.send(client, 9, say)
				}
			}
			used := heap() - before
			table := s.d.streams
			if n := table.connections.count; n > maxConnections || table.held > maxHeld {
				t.Errorf("%d connections, %d octets held", n, table.held)
			}
			if used > 128<<20 { // 64 MiB held, and 100,000 connections
				t.Errorf("%d MiB of memory", used>>20)
			}
			t.Logf("%d connections, %d KiB held, %d MiB of memory", table.connections.count, table.held>>10, used>>20)
		})
	}
}

// One connection cannot hold more than its share either.
func TestStreamsHeldByOne(t *testing.T) {
	s := newTalk(t)
	s.syn()
	head := strings.TrimSuffix(sipOf("MESSAGE sip:b@h SIP/2.0", 1000), strings.Repeat("b", 1000))
	head = strings.Replace(head, "1000", "1048576", 1)
	s.send(client, 0, head)
	for at := len(head); at < 3<<20; at += 1460 {
		s.send(client, at, strings.Repeat("b", 1460))
		s.send(server, at+1, strings.Repeat("b", 1460)) // its first octet never comes
		if held := s.d.streams.held; held > 8<<20 {
			t.Fatalf("%d octets held", held)
		}
	}
	if len(s.heard) != 1 || len(s.heard[0].Text) != len(head)+1<<20 {
		t.Errorf("%d messages", len(s.heard))
	}
}

// Connections that are not SIP leave nothing but their addresses.
func TestStreamsBulkHoldsNothing(t *testing.T) {
	s := newTalk(t)
	s.syn()
	for at := 0; at < 1<<20; at += 1460 {
		s.send(server, at, strings.Repeat("\x00\x01\x02", 500)[:1460])
	}
	if s.d.streams.held != 0 || s.d.streams.waiting.first != nil {
		t.Errorf("%d octets held", s.d.streams.held)
	}
	p := s.packet(server)
	b := make([]byte, 1460)
	n := testing.AllocsPerRun(100, func() {
		s.d.streams.segment(p, &tcpSegment{Seq: 5, Payload: b, WireLength: len(b), Flags: tcpAck})
	})
	if n != 0 {
		t.Errorf("%v allocations a segment", n)
	}
}

// FuzzTCP reads a script of segments: each has flags, an offset, a length, a
// time step and an acknowledgement of one octet or two; the octets are those
// of a stream at that offset.
func FuzzTCP(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 200, 0, 0, 0, 0x11, 0, 200, 200, 1, 0, 0})
	f.Add([]byte{0x10, 1, 0, 90, 0, 0, 0, 0x90, 0, 0, 0, 0, 1, 255, 0x10, 0, 10, 90, 255, 0, 0})
	f.Add([]byte{0x10, 0, 0, 120, 0, 0, 0, 0x14, 0, 120, 0, 0, 0, 0, 0x10, 0, 120, 200, 0, 0, 0})
	stream := strings.Repeat(invite+bye+"\r\n\r\n"+ringng, 400)
	f.Fuzz(func(t *testing.T, script []byte) {
		s := newTalk(t)
		script = script[:min(len(script), 7*300)]
		for ; len(script) >= 7; script = script[7:] {
			from := int(script[0] >> 7)
			offset := int(script[1])<<8 | int(script[2])
			length := min(int(script[3])*4, len(stream)-offset)
			s.pass(int(script[4]) * 4)
			b := []byte(stream[offset : offset+length])
			segment := tcpSegment{
				Seq: s.initial[from] + 1 + uint32(offset), Flags: script[0] & 0x7f, HasAck: script[0]&tcpAck != 0,
				Ack:     s.initial[1-from] + 1 + uint32(script[5])<<8 | uint32(script[6]),
				Payload: b, WireLength: len(b),
			}
			if script[0]&0x20 != 0 {
				segment.Payload = b[:len(b)/2]
			}
			s.d.streams.segment(s.packet(from), &segment)
			checkStreams(t, s.d.streams)
		}
		s.d.Flush()
		if s.d.streams.held != 0 || s.d.streams.waiting.first != nil {
			t.Fatalf("%d octets held at the end", s.d.streams.held)
		}
	})
}

// FuzzStream sends arbitrary octets over a connection whose beginning was or
// was not captured, and wants the same messages when they come one by one.
func FuzzStream(f *testing.F) {
	f.Add([]byte(invite+bye), true)
	f.Add([]byte("tail\r\n"+invite), false)
	f.Add([]byte(upgradeRequest+socketFrameOf(0x81, true, invite)), true)
	f.Add([]byte(notUpgraded+upgradeResponse+socketFrameOf(0x81, false, ringng)), true)
	f.Add([]byte("\x16\x03\x01\x00\x00"), false)
	f.Add([]byte("\x16\x03\x03\x00\x06\x02\x00\x00\x02\x03\x03\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x02xx"), true)
	f.Add([]byte("y\x17\x03\x03\x00\x02xx\x17\x03\x03\x00\x01x\x15\x03\x03\x00\x02\x02\x28"), false)
	reports, _ := hepCalls(2)
	f.Add([]byte(reports[0]+"HEP"+reports[1]), true)
	f.Add([]byte(reports[0]+string(hepOf(7, 4, 15, "\x80\x08"))+reports[1]), false)
	f.Add([]byte(sendOf("t1", "hello", "+")+answerOf("t2")+"MSRP t3 SEND\r\n\r\nx"), true)
	f.Add([]byte(upgradeMSRP+socketFrameOf(0x82, true, sendOf("t1", "hello", "$"))), true)
	eachPayload(f, func(d *Decoder) uint64 { return d.stats.TCP }, func(b []byte) { f.Add(b, true) })
	f.Fuzz(func(t *testing.T, b []byte, syn bool) {
		b = b[:min(len(b), 4096)]
		whole, single := newTalk(t), newTalk(t)
		for _, s := range []*talk{whole, single} {
			if syn {
				s.syn()
			}
		}
		whole.send(client, 0, string(b))
		whole.d.Flush()
		for i := range b {
			single.send(client, i, string(b[i:i+1]))
			checkStreams(t, single.d.streams)
		}
		single.d.Flush()
		if len(whole.heard) != len(single.heard) {
			t.Fatalf("%d messages whole, %d octet by octet", len(whole.heard), len(single.heard))
		}
		if d := cmp.Diff(withoutFrames(whole.sessions), withoutFrames(single.sessions)); d != "" {
			t.Fatal(d)
		}
		for i, h := range whole.heard {
			if g := single.heard[i]; h.Text != g.Text || h.Cut != g.Cut || h.Short != g.Short || h.Transport != g.Transport {
				t.Fatalf("message %d: %+v whole, %+v octet by octet", i, h, g)
			}
		}
	})
}

// withoutFrames leaves out which frames brought the messages of MSRP.
func withoutFrames(sessions []string) (out []string) {
	for _, line := range sessions {
		_, what, _ := strings.Cut(line, " ")
		out = append(out, what)
	}
	return out
}

// eachPayload calls f for what the transport whose packets are counted
// carried in the captures from elsewhere, when they are there.
func eachPayload(t testing.TB, counted func(d *Decoder) uint64, f func(b []byte)) {
	d := New(Config{}, &discard{})
	eachCapturedFrame(t, 60, func(_ string, c *capture.Frame) {
		before := counted(d)
		if d.Frame(c); counted(d) > before && len(d.packet.Payload) > 0 {
			f(bytes.Clone(d.packet.Payload))
		}
	})
}

// checkStreams asserts what must hold of the table after every segment.
func checkStreams(t *testing.T, table *streamTable) {
	t.Helper()
	held, count := 0, 0
	for c := table.oldest; c != nil; c = c.newer {
		if found, _ := table.connections.find(&c.key); found != c {
			t.Fatalf("the connection of %v is not found", c.key)
		}
		count++
		if c.tls != nil {
			held += heldEncrypted(c)
		}
		for i := range c.sides {
			a := &c.sides[i]
			if a.flow != nil {
				held += a.flow.cost
			}
			if a.hole == nil {
				continue
			}
			held += a.hole.octets
			next := a.next
			for _, p := range a.hole.pieces {
				if int32(p.seq-next) < 0 || p.wire <= 0 || p.wire < len(p.b) {
					t.Fatalf("a piece of %d octets at %d behind %d", p.wire, p.seq, next)
				}
				next = p.seq + uint32(p.wire)
			}
			if a.hole.pieces[0].seq == a.next {
				t.Fatal("a piece waits for nothing")
			}
		}
	}
	for q := table.sealed.first; q != nil; q = q.next {
		if len(q.records) == 0 || q.c.tls == nil || q.c.tls.waiting != q {
			t.Fatal("a queue of records that nothing waits for")
		}
	}
	if count != table.connections.count {
		t.Fatalf("%d connections in order, %d to be found", count, table.connections.count)
	}
	if held != table.held {
		t.Fatalf("%d octets held, %d counted", held, table.held)
	}
}

// heldEncrypted is what an encrypted connection counts for, and what is inside
// of it.
func heldEncrypted(c *connection) int {
	held := c.tls.cost
	if in := c.tls.inner; in != nil {
		for i := range in.sides {
			if f := in.sides[i].flow; f != nil {
				held += f.cost
			}
		}
	}
	return held
}

func BenchmarkTCP(b *testing.B) {
	for _, bb := range []struct{ name, data string }{
		{"SIP", invite},
		{"ignored", "\x16\x03\x03" + strings.Repeat("x", 1400)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			d := New(Config{}, &discard{})
			s := newTalk(b)
			p := s.packet(client)
			segment := tcpSegment{Payload: []byte(bb.data), WireLength: len(bb.data), Flags: tcpAck}
			b.SetBytes(int64(len(bb.data)))
			b.ReportAllocs()
			for b.Loop() {
				p.Frame++
				d.streams.segment(p, &segment)
				segment.Seq += uint32(len(bb.data))
			}
		})
	}
}
