package decode

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/internal/wire"
)

// A chunkOf builds a DATA chunk (RFC 9260 §3.3.1) of a stream with the
// sequence number that its TSN gives. flags: 4 unordered, 2 beginning, 1 end.
func chunkOf(flags int, tsn uint32, stream uint16, payload string) []byte {
	b := wire.Join(0, flags, uint16(16+len(payload)), tsn, stream, uint16(tsn), uint32(0), payload)
	return append(b, wire.Zeros(-len(b)&3)...)
}

// interleavedOf builds an I-DATA chunk (RFC 8260 §2.1).
func interleavedOf(flags int, tsn uint32, stream uint16, payload string) []byte {
	b := wire.Join(64, flags, uint16(20+len(payload)), tsn, stream, uint16(0), uint32(7), uint32(0), payload)
	return append(b, wire.Zeros(-len(b)&3)...)
}

func initOf(tsn uint32) []byte {
	return wire.Join(1, 0, uint16(20), uint32(99), uint32(65535), uint16(1), uint16(1), tsn)
}

// sctp sends a packet with the given chunks.
func (s *talk) sctp(from int, chunks ...[]byte) { s.sctpCut(from, 0, chunks...) }

// sctpCut sends a packet of which the last octets were not captured.
func (s *talk) sctpCut(from, cut int, chunks ...[]byte) {
	p := s.packet(from)
	b := wire.Zeros(12)
	for _, c := range chunks {
		b = append(b, c...)
	}
	p.Transport, p.WireLength = SCTP, len(b)
	b = b[:len(b)-cut]
	p.Payload = b
	s.d.sctp.packet(p, b)
	for i := range b {
		b[i] = '#'
	}
}

func onSCTP(text string, first, last int) heard {
	return heard{Text: text, Frame: first, LastFrame: last, From: 40000, Transport: SCTP}
}

func TestSCTP(t *testing.T) {
	n := len(invite)
	tests := []struct {
		name  string
		do    func(s *talk)
		want  []heard
		stats SignallingStats
	}{
		{name: "a message in a chunk", do: func(s *talk) { s.sctp(client, chunkOf(3, 1, 0, invite)) }, want: []heard{onSCTP(invite, 1, 1)}},
		{name: "I-DATA", do: func(s *talk) { s.sctp(client, interleavedOf(3, 1, 0, invite)) }, want: []heard{onSCTP(invite, 1, 1)}},
		{name: "unordered", do: func(s *talk) { s.sctp(client, chunkOf(7, 1, 0, invite)) }, want: []heard{onSCTP(invite, 1, 1)}},
		{name: "two chunks in a packet, behind another chunk", do: func(s *talk) {
			s.sctp(client, wire.Join(3, 0, uint16(16), wire.Zeros(12)), chunkOf(3, 1, 0, invite), chunkOf(3, 2, 1, bye))
		}, want: []heard{onSCTP(invite, 1, 1), onSCTP(bye, 1, 1)}},
		{name: "both directions", do: func(s *talk) { s.sctp(client, chunkOf(3, 1, 0, invite)); s.sctp(server, chunkOf(3, 1, 0, ringng)) },
			want: []heard{onSCTP(invite, 1, 1), onSCTP(ringng, 2, 2).by(5060)}},
		{name: "sent again", do: func(s *talk) {
			s.sctp(client, chunkOf(3, 1, 0, invite))
			s.sctp(client, chunkOf(3, 1, 0, invite), chunkOf(3, 2, 0, bye))
		}, want: []heard{onSCTP(invite, 1, 1), onSCTP(bye, 2, 2)}},
		{name: "three fragments", do: func(s *talk) {
			s.sctp(client, chunkOf(2, 1, 0, invite[:50]))
			s.sctp(client, chunkOf(0, 2, 0, invite[50:60]))
			s.sctp(client, chunkOf(1, 3, 0, invite[60:]))
		}, want: []heard{onSCTP(invite, 1, 3)}},
		{name: "three fragments out of order, across the end of TSNs", do: func(s *talk) {
			s.sctp(client, chunkOf(1, 1, 0, invite[60:]))
			s.sctp(client, chunkOf(0, 0, 0, invite[50:60]))
			s.sctp(client, chunkOf(0, 0, 0, "sent again"))
			s.sctp(client, chunkOf(2, 0xffffffff, 0, invite[:50]))
		}, want: []heard{onSCTP(invite, 4, 1)}},
		{name: "fragments of two messages", do: func(s *talk) {
			s.sctp(client, chunkOf(2, 1, 0, invite[:50]))
			s.sctp(client, chunkOf(2, 3, 1, bye[:50]))
			s.sctp(client, chunkOf(1, 4, 1, bye[50:]))
			s.sctp(client, chunkOf(1, 2, 0, invite[50:]))
		}, want: []heard{onSCTP(bye, 2, 3), onSCTP(invite, 1, 4)}},
		{name: "a fragment that never comes", do: func(s *talk) {
			s.sctp(client, chunkOf(2, 1, 0, invite[:n-5]))
			s.sctp(client, chunkOf(3, 3, 0, bye))
		}, want: []heard{onSCTP(bye, 2, 2), onSCTP(invite[:n-5], 1, 1).cut("stream_end", 0)}},
		{name: "fragments that do not belong together", do: func(s *talk) {
			s.sctp(client, chunkOf(2, 1, 0, invite[:n-5]))
			s.sctp(client, chunkOf(1, 2, 9, invite[n-5:]))
		}, want: []heard{onSCTP(invite[:n-5], 1, 1).cut("stream_end", 0)}},
		{name: "the addresses are used again", do: func(s *talk) {
			s.sctp(client, initOf(1))
			s.sctp(client, chunkOf(3, 1, 0, invite))
			s.sctp(client, initOf(900_000))
			s.sctp(client, chunkOf(3, 900_000, 0, invite))
			s.sctp(client, initOf(1))
			s.sctp(client, chunkOf(3, 1, 0, invite))
		}, want: []heard{onSCTP(invite, 2, 2), onSCTP(invite, 4, 4), onSCTP(invite, 6, 6)}},
		{name: "cut by the snapshot length", do: func(s *talk) { s.sctpCut(client, 10, chunkOf(3, 1, 0, invite)) },
			want: []heard{onSCTP(invite[:n-10], 1, 1).cut("snaplen", 10)}},
		{name: "a first fragment cut by the snapshot length", do: func(s *talk) { s.sctpCut(client, 10, chunkOf(2, 1, 0, invite)) },
			want: []heard{onSCTP(invite[:n-10], 1, 1).cut("snaplen", 10)}},
		{name: "other protocols", do: func(s *talk) {
			s.sctp(client, chunkOf(3, 1, 0, "\x01\x00\x00\x14diameter"), chunkOf(3, 2, 0, "\x80x"), chunkOf(3, 3, 0, ""))
		}},
		{name: "keep-alive and other text", do: func(s *talk) {
			s.sctp(client, chunkOf(3, 1, 0, invite))
			s.sctp(client, chunkOf(3, 2, 0, "\r\n\r\n"), chunkOf(3, 3, 0, "what?"))
		}, want: []heard{onSCTP(invite, 1, 1)}, stats: SignallingStats{KeepAlives: 1, NonSIP: 1}},
		{name: "lengths that lie", do: func(s *talk) {
			s.sctp(client, wire.Join(0, 3, uint16(3), wire.Zeros(12)))
			s.sctp(client, wire.Join(0, 3, uint16(9999), wire.Zeros(12)))
			s.sctp(client, wire.Join(0, 3, uint16(6), wire.Zeros(12)))
			s.sctp(client, wire.Join(1, 0, uint16(8), wire.Zeros(4)), chunkOf(3, 3, 0, bye))
		}, want: []heard{onSCTP(bye, 4, 4)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newTalk(t)
			tt.do(s)
			s.d.Flush()
			if d := cmp.Diff(tt.want, s.heard); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.stats, s.d.Stats().Signalling); d != "" {
				t.Errorf("counts (-want +got):\n%s", d)
			}
			if table := s.d.sctp; table.held != 0 || len(table.directions) != 0 {
				t.Errorf("%d octets held in %d directions at the end", table.held, len(table.directions))
			}
		})
	}
}

func TestTSNWindow(t *testing.T) {
	for _, first := range []uint32{0, 1000, 0xfffffff0} {
		var w tsnWindow
		for _, step := range []struct {
			tsn  uint32
			want bool
		}{
			{0, true}, {0, false}, {1, true}, {5, true}, {3, true}, {3, false}, {5, false}, {4101, true},
			{5, false},    // as far back as the window goes, and farther
			{6, true},     // in the window and new
			{4101, false}, //
			{60000, true}, {60000 - 4095, true}, {60000 - 4096, false}, {4101, false},
			{10_000_000, true}, // another association
			{0, true}, {0, false},
		} {
			if got := w.first(first + step.tsn); got != step.want {
				t.Errorf("from %d: first(%d) = %v", first, step.tsn, got)
			}
		}
	}
}

// Directions, fragments and octets have limits.
func TestSCTPFlood(t *testing.T) {
	s := newTalk(t)
	for n := range 30_000 {
		s.client = netip.AddrPortFrom(s.client.Addr(), uint16(n))
		s.sctp(client, chunkOf(2, uint32(n), 0, strings.Repeat("a", 1000)))
		if table := s.d.sctp; len(table.directions) > maxSCTPDirections || table.held > maxSCTPHeld {
			t.Fatalf("%d directions hold %d octets", len(table.directions), table.held)
		}
	}
	for n := range 20_000 {
		s.sctp(client, chunkOf(0, uint32(2*n), 0, strings.Repeat("a", n%3*700)))
		d := s.d.sctp.newest
		if len(d.fragments) > maxSCTPFragments || d.octets > maxSCTPOctets {
			t.Fatalf("%d fragments of %d octets", len(d.fragments), d.octets)
		}
	}
}

// FuzzSCTP reads chunks, in packets of arbitrary length.
func FuzzSCTP(f *testing.F) {
	f.Add([]byte(wire.Join(chunkOf(2, 1, 0, invite[:50]), chunkOf(1, 2, 0, invite[50:]))), uint8(0))
	f.Add([]byte(wire.Join(initOf(5), interleavedOf(3, 5, 0, invite), chunkOf(3, 6, 0, bye))), uint8(3))
	f.Add([]byte(wire.Join(0, 2, uint16(4), 0, 3, uint16(16), wire.Zeros(12))), uint8(1))
	eachPayload(f, func(d *Decoder) uint64 { return d.stats.SCTP }, func(b []byte) { f.Add(b[min(12, len(b)):], uint8(0)) })
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		c := &checker{t: t}
		s := newTalk(t)
		s.d = New(Config{}, c)
		for range 2 {
			s.sctpCut(client, min(int(cut), len(b)+12), b)
			s.sctp(client, b[len(b)/2:])
		}
		held := 0
		for _, d := range s.d.sctp.directions {
			held += d.octets
		}
		if held != s.d.sctp.held {
			t.Fatalf("%d octets held, %d counted", held, s.d.sctp.held)
		}
		s.d.Flush()
		if s.d.sctp.held != 0 {
			t.Fatalf("%d octets held at the end", s.d.sctp.held)
		}
	})
}

// Whoever asks for it hears of every packet that a message came in.
func TestSCTPFragments(t *testing.T) {
	s := newTalk(t)
	var frames []int
	s.d = New(Config{Fragments: true}, messageFunc(func(p *Packet) { frames = p.Fragments }))
	s.sctp(client, chunkOf(0, 2, 0, invite[50:60]))
	s.sctp(client, chunkOf(1, 3, 0, invite[60:]))
	s.sctp(client, chunkOf(2, 1, 0, invite[:50]))
	if want := []int{3, 1, 2}; !slices.Equal(frames, want) {
		t.Errorf("frames %v, want %v", frames, want)
	}
}

// messageFunc is a Handler of messages alone.
type messageFunc func(p *Packet)

func (f messageFunc) Message(p *Packet) { f(p) }
func (messageFunc) Datagram(*Packet)    {}
