package sip

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// found is what a test sees of a stream: pieces as text with their place.
type found struct {
	What  string // the message, or "ping" or "pong"
	At    int    // octets from the start of the stream
	Short int    // octets missing from the body
	Cut   bool
}

// feeder keeps the octets that a Framer has not dropped, as a stream does.
type feeder struct {
	f    Framer
	kept []byte
	at   int
	out  []found
}

func (s *feeder) feed(chunk []byte) {
	s.kept = append(s.kept, chunk...)
	for {
		p := s.f.Next(s.kept)
		s.take(p)
		if p.Kind == More || p.Kind == Abandoned {
			return
		}
	}
}

func (s *feeder) cut(partial bool) { s.take(s.f.Cut(s.kept, partial)) }

func (s *feeder) take(p Piece) {
	switch p.Kind {
	case Framed:
		s.out = append(s.out, found{string(s.kept[p.Start:p.End]), s.at + p.Start, p.Length - (p.End - p.Start), p.Cut})
	case Ping:
		s.out = append(s.out, found{What: "ping", At: s.at + p.Start})
	case Pong:
		s.out = append(s.out, found{What: "pong", At: s.at + p.Start})
	}
	s.kept = s.kept[p.Drop:]
	if len(s.kept) < 4096 {
		s.kept = slices.Clone(s.kept) // nothing may be kept of the old one
	}
	s.at += p.Drop
}

// frameAll feeds a stream in pieces that end at the given offsets; a gap of
// missing octets is told at each offset of gaps.
func frameAll(f Framer, stream string, ends []int, gaps map[int]bool, end bool) ([]found, Framer) {
	s := &feeder{f: f}
	start := 0
	for _, e := range append(ends, len(stream)) {
		s.feed([]byte(stream[start:e]))
		start = e
		if gaps[e] {
			s.cut(false)
		}
	}
	if end {
		s.cut(false)
	}
	return s.out, s.f
}

func oneByOne(n int) (ends []int) {
	for i := 1; i < n; i++ {
		ends = append(ends, i)
	}
	return ends
}

func message(start, extra, body string) string {
	return start + "\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nCall-ID: c\r\n" + extra + "\r\n" + body
}

func length(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }

func TestFramer(t *testing.T) {
	invite := message("INVITE sip:b@h SIP/2.0", length(5), "v=0\r\n")
	ok := message("SIP/2.0 200 OK", length(0), "")
	bye := message("BYE sip:b@h SIP/2.0", "l:0\r\n", "")
	noLength := message("BYE sip:b@h SIP/2.0", "", "")
	lf := strings.ReplaceAll(invite, "\r\n", "\n")
	xml := message("NOTIFY sip:b@h SIP/2.0", length(4), "<a/>")
	lines := message("INVITE sip:b@h SIP/2.0", strings.Repeat("X: y\r\n", 997)+"l: 0\r\n", "")
	tests := []struct {
		name   string
		framer Framer
		in     string
		gap    int // octet behind which some are missing
		open   bool
		want   []found
	}{
		{name: "one message", in: invite, want: []found{{What: invite}}},
		{name: "one message is there before the stream ends", in: invite, open: true, want: []found{{What: invite}}},
		{name: "three in a row", in: invite + ok + bye, want: []found{{What: invite}, {What: ok, At: len(invite)}, {What: bye, At: len(invite + ok)}}},
		{name: "line ends in front", in: "\r\n" + invite, want: []found{{What: "pong"}, {What: invite, At: 2}}},
		{name: "ping between", in: invite + "\r\n\r\n" + bye, want: []found{{What: invite}, {What: "ping", At: len(invite)}, {What: bye, At: len(invite) + 4}}},
		{name: "two pings and a pong", in: ok + "\r\n\r\n\r\n\r\n\r\n" + bye,
			want: []found{{What: ok}, {What: "ping", At: len(ok)}, {What: "ping", At: len(ok) + 4}, {What: "pong", At: len(ok) + 8}, {What: bye, At: len(ok) + 10}}},
		{name: "pong at the end", in: ok + "\r\n", want: []found{{What: ok}, {What: "pong", At: len(ok)}}},
		{name: "NULs in front", in: "\x00\x00" + ok, want: []found{{What: ok, At: 2}}},
		{name: "bare LF", in: strings.ReplaceAll(bye, "\r\n", "\n") + ok, want: []found{{What: strings.ReplaceAll(bye, "\r\n", "\n")}, {What: ok, At: len(bye) - strings.Count(bye, "\r")}}},
		{name: "bare LF and a body", in: lf[:len(lf)-4] + "v=0\r\n" + ok, want: []found{{What: lf[:len(lf)-4] + "v=0\r\n"}, {What: ok, At: len(lf) + 1}}},
		{name: "CRLF and LF mixed", in: strings.TrimSuffix(bye, "\r\n") + "\n" + ok, want: []found{{What: strings.TrimSuffix(bye, "\r\n") + "\n"}, {What: ok, At: len(bye) - 1}}},

		{name: "no Content-Length is none", in: noLength + ok, want: []found{{What: noLength}, {What: ok, At: len(noLength)}}},
		{name: "no Content-Length and a body", in: noLength + "v=0\r\ns=-\r\n" + ok, want: []found{{What: noLength}, {What: ok, At: len(noLength) + 10}}},
		{name: "Content-Length on a continuation line", in: message("SIP/2.0 200 OK", "Content-Length:\r\n 3\r\n", "abc") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "Content-Length:\r\n 3\r\n", "abc")}, {What: bye, At: len(message("SIP/2.0 200 OK", "Content-Length:\r\n 3\r\n", "abc"))}}},
		{name: "odd spelling", in: message("SIP/2.0 200 OK", "cONTENT-lENGTH \t:  0003 \r\n", "abc") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "cONTENT-lENGTH \t:  0003 \r\n", "abc")}, {What: bye, At: len(message("SIP/2.0 200 OK", "cONTENT-lENGTH \t:  0003 \r\n", "abc"))}}},
		{name: "a name that only starts so", in: message("SIP/2.0 200 OK", "Content-Lengthy: 3\r\n", "") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "Content-Lengthy: 3\r\n", "")}, {What: bye, At: len(message("SIP/2.0 200 OK", "Content-Lengthy: 3\r\n", ""))}}},
		{name: "negative length", in: message("SIP/2.0 200 OK", "l: -5\r\n", "") + "v=0\r\n" + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: -5\r\n", "")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: -5\r\n", "")) + 5}}},
		{name: "equal lengths twice", in: message("SIP/2.0 200 OK", "l: 3\r\nContent-Length: 3\r\n", "abc") + bye, open: true,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 3\r\nContent-Length: 3\r\n", "abc")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 3\r\nContent-Length: 3\r\n", "abc"))}}},
		{name: "two lengths, the first is right", in: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abc") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abc")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abc"))}}},
		{name: "two lengths, the second is right", in: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abcdefghi") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abcdefghi")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abcdefghi"))}}},
		{name: "two lengths, neither is right", in: message("SIP/2.0 200 OK", "l: 3\r\nl: 5\r\n", "abcdefghi") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 3\r\nl: 5\r\n", "abc")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 3\r\nl: 5\r\n", "abcdefghi"))}}},
		{name: "two lengths at the end", in: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abc"),
			want: []found{{What: message("SIP/2.0 200 OK", "l: 3\r\nl: 9\r\n", "abc")}}},
		{name: "more than a mebibyte", in: message("SIP/2.0 200 OK", "l: 1048577\r\n", "") + "body\r\n" + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 1048577\r\n", "")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 1048577\r\n", "")) + 6}}},
		{name: "more digits than a number has", in: message("SIP/2.0 200 OK", "l: 99999999999999999999999\r\n", "") + bye,
			want: []found{{What: message("SIP/2.0 200 OK", "l: 99999999999999999999999\r\n", "")}, {What: bye, At: len(message("SIP/2.0 200 OK", "l: 99999999999999999999999\r\n", ""))}}},

		{name: "body cut by the end", in: invite[:len(invite)-2], want: []found{{What: invite[:len(invite)-2], Short: 2, Cut: true}}},
		{name: "headers cut by the end", in: invite[:len(invite)-8], want: nil},
		{name: "body cut by a gap", in: invite[:len(invite)-2] + "\r\n" + bye, gap: len(invite) - 2,
			want: []found{{What: invite[:len(invite)-2], Short: 2, Cut: true}, {What: bye, At: len(invite)}}},
		{name: "headers cut by a gap", in: invite[:40] + "h\r\nTo: x\r\n\r\n" + bye, gap: 40, want: []found{{What: bye, At: 40 + len("h\r\nTo: x\r\n\r\n")}}},
		{name: "gap up to a message", in: ok + bye, gap: len(ok), want: []found{{What: ok}, {What: bye, At: len(ok)}}},
		{name: "behind a body without line end", in: ok + "<tail/>" + bye, gap: len(ok), want: []found{{What: ok}, {What: bye, At: len(ok) + 7}}},
		{name: "behind a word", in: ok + "tail" + bye, gap: len(ok), want: []found{{What: ok}, {What: bye, At: len(ok) + 4}}},
		{name: "a response behind a body without line end", in: bye + "tail" + ok, gap: len(bye), want: []found{{What: bye}, {What: ok, At: len(bye) + 4}}},
		{name: "sipfrag is no message", in: bye + "x\r\n\r\nSIP/2.0 100 Trying\r\n" + ok, gap: len(bye), want: []found{{What: bye}, {What: ok, At: len(bye) + 25}}},
		{name: "wrong Content-Length", in: message("NOTIFY sip:b@h SIP/2.0", length(2), "<a/>") + xml,
			want: []found{{What: message("NOTIFY sip:b@h SIP/2.0", length(2), "<a")}, {What: xml, At: len(xml)}}},
		{name: "garbage between", in: ok + "garbage\r\nmore\r\n" + bye, want: []found{{What: ok}, {What: bye, At: len(ok) + 15}}},
		{name: "a Via in garbage", in: ok + "garbage\r\nVia: SIP/2.0/TCP x\r\n\r\n" + bye, want: []found{{What: ok}, {What: bye, At: len(ok) + 31}}},

		{name: "started mid-way", framer: Framer{Budget: 1000}, in: "a=x\r\na=y\r\n" + bye, want: []found{{What: bye, At: 10}}},
		{name: "started mid-way beyond the budget", framer: Framer{Budget: 1000}, in: strings.Repeat("a=x\r\n", 201) + bye, want: nil},
		{name: "started mid-way at the budget", framer: Framer{Budget: 1000}, in: strings.Repeat("a=x\r\n", 200) + bye, want: []found{{What: bye, At: 1000}}},
		{name: "SIP inside a log", framer: Framer{Budget: 1000}, in: "12:00 recv " + bye, want: nil},
		{name: "SIP inside HEP", framer: Framer{Budget: 1000}, in: "HEP3\x01\xff\x00\x0f" + bye, want: nil},
		{name: "a stream of something else", in: "GET / HTTP/1.1\r\n\r\n" + bye, want: nil},
		{name: "unknown method at the start", in: "NEW sip:b@h SIP/2.0\r\nl: 0\r\n\r\n", want: []found{{What: "NEW sip:b@h SIP/2.0\r\nl: 0\r\n\r\n"}}},
		{name: "unknown method started mid-way", framer: Framer{Budget: 1000}, in: "x\r\nNEW sip:b@h SIP/2.0\r\nVia: x\r\n\r\n", want: nil},
		{name: "unknown method on a stream of SIP", in: ok + message("NEW sip:b@h SIP/2.0", "", ""), want: []found{{What: ok}, {What: message("NEW sip:b@h SIP/2.0", "", ""), At: len(ok)}}},

		{name: "a thousand header lines", in: lines + bye, want: []found{{What: lines}, {What: bye, At: len(lines)}}},
		{name: "a thousand and one header lines", in: ok + strings.Replace(lines, "l: 0", "X: y\r\nl: 0", 1) + bye, want: []found{{What: ok}, {What: bye, At: len(ok+lines) + 6}}},
		{name: "headers of more than 64 KiB", in: ok + message("INVITE sip:b@h SIP/2.0", "X: "+strings.Repeat("y", 64<<10)+"\r\n", "") + bye,
			want: []found{{What: ok}, {What: bye, At: len(ok) + len(message("INVITE sip:b@h SIP/2.0", "X: "+strings.Repeat("y", 64<<10)+"\r\n", ""))}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			gaps := map[int]bool{}
			var whole []int
			if tt.gap > 0 {
				gaps[tt.gap], whole = true, []int{tt.gap}
			}
			got, _ := frameAll(tt.framer, tt.in, whole, gaps, !tt.open)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("in one piece (-want +got):\n%s", d)
			}
			got, _ = frameAll(tt.framer, tt.in, oneByOne(len(tt.in)), gaps, !tt.open)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("octet by octet (-want +got):\n%s", d)
			}
		})
	}
}

func TestFramerCounts(t *testing.T) {
	bye := message("BYE sip:b@h SIP/2.0", length(0), "")
	_, f := frameAll(Framer{}, bye+"garbage\r\n"+bye, nil, nil, true)
	if f.Skipped != 9 || !f.Known {
		t.Errorf("skipped %d octets, known %v; want 9, true", f.Skipped, f.Known)
	}
	_, f = frameAll(Framer{}, message("BYE sip:b@h SIP/2.0", strings.Repeat("X: y\r\n", 1001), ""), nil, nil, true)
	if f.Oversized != 1 {
		t.Errorf("%d oversized, want 1", f.Oversized)
	}
}

// A message whose octets the snapshot length cut is shown even when its
// headers have no end.
func TestFramerPartial(t *testing.T) {
	s := &feeder{}
	s.feed([]byte("INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/TC"))
	s.cut(true)
	want := []found{{What: "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/TC", Cut: true}}
	if d := cmp.Diff(want, s.out); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// streamText draws streams of messages, keep-alives and garbage in which
// mistakes of framing would show.
func streamText() *rapid.Generator[string] {
	fragments := []string{
		"\r\n", "\r\n\r\n", "\n", "\r", "\x00", " ", "garbage", "\r\ngarbage\r\n", "a=sendrecv\r\n", "</x>",
		"INVITE sip:b@h SIP/2.0\r\n", "INVITE sip:b@h SIP/2.0", "ACK tel:+1 SIP/2.0 \r\n", "SIP/2.0 200 OK\r\n", "SIP/2.0 100\r\n", "SIP/2.0",
		"NEW sip:b SIP/2.0\r\n", "Via: SIP/2.0/TCP h\r\n", "v: x\r\n", "i: x\r\n", "CSeq: 1 X\r\n", "To: y\n", "X: y\r\n",
		"Content-Length: 0\r\n", "l: 5\r\n", "l:\r\n 7\r\n", "Content-Length: 12\r\n", "l: -1\r\n", "l: 9999999\r\n", "SIP/2.0 404 Not Found\r\nv: x\r\nl: 0\r\n\r\n",
	}
	whole := rapid.Custom(func(t *rapid.T) string {
		body := rapid.SampledFrom([]string{"", "v=0\r\n", "<xml/>", "SIP/2.0 200 OK\r\n", "BYE sip:b@h SIP/2.0\r\nVia: x\r\n\r\n"}).Draw(t, "body")
		start := rapid.SampledFrom([]string{"INVITE sip:b@h SIP/2.0", "SIP/2.0 200 OK", "OPTIONS <sip:b@h> SIP/2.0"}).Draw(t, "start")
		return message(start, length(len(body)), body)
	})
	part := rapid.OneOf(rapid.SampledFrom(fragments), whole, whole)
	return rapid.Map(rapid.SliceOfN(part, 0, 25), func(s []string) string { return strings.Join(s, "") })
}

func TestFramerChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := streamText().Draw(t, "stream")
		framer := Framer{
			Known:  rapid.Bool().Draw(t, "known"),
			Budget: rapid.SampledFrom([]int{0, 20, 100, 1000}).Draw(t, "budget"),
		}
		if stream == "" {
			return
		}
		ends := rapid.SliceOfDistinct(rapid.IntRange(1, len(stream)), rapid.ID[int]).Draw(t, "ends")
		slices.Sort(ends)
		gaps := map[int]bool{}
		if len(ends) > 0 && rapid.Bool().Draw(t, "gap") {
			gaps[ends[len(ends)/2]] = true
			ends = append([]int{}, ends...)
		}
		var wholeEnds []int
		for e := range gaps {
			wholeEnds = append(wholeEnds, e)
		}
		want, wf := frameAll(framer, stream, wholeEnds, gaps, true)
		got, gf := frameAll(framer, stream, ends, gaps, true)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("chunks ending at %v (-whole +chunks):\n%s", ends, d)
		}
		got, of := frameAll(framer, stream, oneByOne(len(stream)), gaps, true)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("octet by octet (-whole +octets):\n%s", d)
		}
		if wf.Known && (wf.Skipped != gf.Skipped || wf.Skipped != of.Skipped) {
			t.Fatalf("skipped %d whole, %d in chunks, %d octet by octet", wf.Skipped, gf.Skipped, of.Skipped)
		}
	})
}

func FuzzFramer(f *testing.F) {
	bye := message("BYE sip:b@h SIP/2.0", length(3), "abc")
	f.Add([]byte(bye+bye), uint16(7), true)
	f.Add([]byte(bye[:50]+"\r\n\r\n"+bye), uint16(50), false)
	f.Add([]byte("tail\r\nl: 4\r\n\r\n"+bye+message("SIP/2.0 200 OK", "l:1\r\nl:2\r\n", "ab")+bye), uint16(3), true)
	f.Fuzz(func(t *testing.T, b []byte, at uint16, known bool) {
		if len(b) > 4096 {
			b = b[:4096]
		}
		framer := Framer{Known: known, Budget: 4096}
		want, _ := frameAll(framer, string(b), nil, nil, true)
		got, _ := frameAll(framer, string(b), []int{min(int(at), len(b))}, nil, true)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("cut at %d (-whole +cut):\n%s", at, d)
		}
		got, _ = frameAll(framer, string(b), oneByOne(len(b)), nil, true)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("octet by octet (-whole +octets):\n%s", d)
		}
	})
}

func BenchmarkFramer(b *testing.B) {
	stream := []byte(strings.Repeat(message("INVITE sip:b@h SIP/2.0", length(200), strings.Repeat("v", 200)), 4))
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		var f Framer
		rest := stream
		for {
			p := f.Next(rest)
			rest = rest[p.Drop:]
			if p.Kind == More {
				break
			}
		}
	}
}
