package msrp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// lines joins lines with their line ends.
func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n" }

// The exchange of RFC 4975 §4: a request with a body and its response.
var (
	sendText = lines("MSRP a786hjs2 SEND",
		"To-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp",
		"From-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp",
		"Message-ID: 87652491",
		"Byte-Range: 1-25/25",
		"Content-Type: text/plain",
		"",
		"Hey Bob, are you there?..",
		"-------a786hjs2$")
	okText = lines("MSRP a786hjs2 200 OK",
		"To-Path: msrp://atlanta.example.com:7654/jshA7weztas;tcp",
		"From-Path: msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp",
		"-------a786hjs2$")
	reportText = lines("MSRP dkei38sd REPORT",
		"To-Path: msrp://alicepc.example.com:7777/iau39soe2843z;tcp",
		"From-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp",
		"Message-ID: 12339sdqwer",
		"Byte-Range: 1-106/106",
		"Status: 000 200 OK",
		"-------dkei38sd$")
)

// seen is what a test sees of a frame.
func seen(f Frame) string {
	what := f.Method
	if !f.Request() {
		what = fmt.Sprint(f.StatusCode)
	}
	flag := [...]string{"", "$", "+", "#"}[f.Flag]
	s := fmt.Sprintf("%s %s %d%s", f.Transaction, what, f.Octets, flag)
	if f.Gap {
		s += " gap"
	}
	return s
}

// A feeder hands a framer octets as a connection does.
type feeder struct {
	framer Framer
	b      []byte
	frames []Frame
	begun  int
}

func (d *feeder) take(p Piece) bool {
	switch p.Kind {
	case Framed:
		d.frames = append(d.frames, d.framer.Frame)
	case Begun:
		d.begun++
	}
	d.b = d.b[p.Drop:]
	return p.Kind != Wait
}

func (d *feeder) add(s string) {
	d.b = append(d.b[:len(d.b):len(d.b)], s...)
	for d.take(d.framer.Next(d.b)) {
	}
}

func (d *feeder) gap() { d.framer.Gap(d.b); d.b = nil }

func (d *feeder) end() {
	for d.take(d.framer.End(d.b)) {
	}
}

func (d *feeder) seen() (out []string) {
	for _, f := range d.frames {
		out = append(out, seen(f))
	}
	return out
}

func TestFrames(t *testing.T) {
	const path = "To-Path: msrp://b:1/b;tcp"
	tests := []struct {
		name, text    string
		want          []string
		lost, skipped uint64
	}{
		{name: "request and response", text: sendText + okText, want: []string{"a786hjs2 SEND 25$", "a786hjs2 200 0$"}},
		{name: "report", text: reportText, want: []string{"dkei38sd REPORT 0$"}},
		{name: "chunks", text: lines("MSRP t1 SEND", path, "", "ab", "-------t1+", "MSRP t2 SEND", path, "", "cde", "-------t2#"),
			want: []string{"t1 SEND 2+", "t2 SEND 3#"}},
		{name: "body of no octets", text: lines("MSRP t1 SEND", path, "", "", "-------t1$"), want: []string{"t1 SEND 0$"}},
		{name: "end-line right behind the empty line", text: lines("MSRP t1 SEND", path, "", "-------t1$"), want: []string{"t1 SEND 0$"}},
		{name: "end-lines of others in the body", text: lines("MSRP t1 SEND", path, "", "-------t2$", "-------t1", "-------t11$", "x-------t1$", "-------t1$"),
			want: []string{"t1 SEND 47$"}},
		{name: "line ends of one octet", text: strings.ReplaceAll(sendText, "\r", ""), want: []string{"a786hjs2 SEND 25$"}},
		{name: "body that ends with line ends", text: lines("MSRP t1 SEND", path, "", "a", "", "", "-------t1$"), want: []string{"t1 SEND 5$"}},
		{name: "line ends between frames", text: "\r\n\r\n" + okText + "\r\n" + okText, want: []string{"a786hjs2 200 0$", "a786hjs2 200 0$"}},
		{name: "cut in the body", text: sendText[:len(sendText)-len("\r\n-------a786hjs2$\r\n")-2], want: []string{"a786hjs2 SEND 23"}},
		{name: "end-line without its line end", text: strings.TrimSuffix(sendText, "\r\n"), want: []string{"a786hjs2 SEND 25$"}},
		{name: "response without its last line end", text: strings.TrimSuffix(okText, "\r\n"), want: []string{"a786hjs2 200 0$"}},
		{name: "headers that are none", text: lines("MSRP t1 SEND", "nonsense", "-------t1$") + okText, want: []string{"a786hjs2 200 0$"}, lost: 1, skipped: 36},
		{name: "cut in the headers", text: sendText[:60], lost: 1, skipped: 60},
		{name: "something between frames", text: okText + "junk\r\n" + okText, want: []string{"a786hjs2 200 0$", "a786hjs2 200 0$"}, lost: 1, skipped: 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 2, 3, 7, len(tt.text)} {
				var d feeder
				for b := tt.text; b != ""; {
					n := min(size, len(b))
					d.add(b[:n])
					b = b[n:]
				}
				d.end()
				if diff := cmp.Diff(tt.want, d.seen()); diff != "" {
					t.Errorf("pieces of %d: %s", size, diff)
				}
				if d.framer.Lost != tt.lost || d.framer.Skipped != tt.skipped {
					t.Errorf("pieces of %d: lost %d, skipped %d, want %d, %d", size, d.framer.Lost, d.framer.Skipped, tt.lost, tt.skipped)
				}
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	var d feeder
	d.add(sendText + reportText)
	want := []Frame{{
		Transaction: "a786hjs2", Method: "SEND",
		ToPath: "msrp://biloxi.example.com:12763/kjhd37s2s20w2a;tcp", FromPath: "msrp://atlanta.example.com:7654/jshA7weztas;tcp",
		MessageID: "87652491", ContentType: "text/plain", Range: Range{1, 25, 25}, Body: true, Octets: 25, Flag: Last,
	}, {
		Transaction: "dkei38sd", Method: "REPORT",
		ToPath: "msrp://alicepc.example.com:7777/iau39soe2843z;tcp", FromPath: "msrp://bob.example.com:8888/9di4eae923wzd;tcp",
		MessageID: "12339sdqwer", Range: Range{1, 106, 106}, Status: 200, Flag: Last,
	}}
	if diff := cmp.Diff(want, d.frames); diff != "" {
		t.Error(diff)
	}
	d = feeder{}
	d.add(lines("MSRP t1 SEND", "to-path:msrps://r:1/x;tcp msrp://b:2/y;tcp", "SUCCESS-REPORT: yes", "Failure-Report: Partial",
		"Byte-Range: 5-*/*", "Content-Type: Message/CPIM; charset=utf-8", "X-Other: z", "", "abc", "-------t1+"))
	f := d.frames[0]
	if f.Success != "yes" || f.Failure != "partial" || f.Range != (Range{First: 5}) || f.ContentType != "message/cpim" {
		t.Errorf("got %+v", f)
	}
}

func TestGap(t *testing.T) {
	next := strings.ReplaceAll(sendText, "a786hjs2", "b1")
	tests := []struct {
		name          string
		before, after string
		want          []string
		lost          uint64
	}{
		{"in the body", sendText[:len(sendText)-40], sendText[len(sendText)-30:], []string{"a786hjs2 SEND 15 gap$"}, 0},
		{"over the end of one and the start of the next", sendText[:len(sendText)-30], next[40:] + okText, []string{"a786hjs2 SEND 15 gap", "a786hjs2 200 0$"}, 1},
		{"over the end, the next is there", sendText[:len(sendText)-30], next, []string{"a786hjs2 SEND 15 gap", "b1 SEND 25$"}, 0},
		{"in the headers", sendText[:50], okText, []string{"a786hjs2 200 0$"}, 1},
		{"in the headers, then the rest", sendText[:50], sendText[90:] + okText, []string{"a786hjs2 200 0$"}, 1},
		{"between frames", sendText, okText, []string{"a786hjs2 SEND 25$", "a786hjs2 200 0$"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 5, 1000} {
				var d feeder
				for i, part := range []string{tt.before, tt.after} {
					if i == 1 {
						d.gap()
					}
					for part != "" {
						n := min(size, len(part))
						d.add(part[:n])
						part = part[n:]
					}
				}
				d.end()
				got := d.seen()
				for i := range got { // the frame cut by a gap shows its flag behind the word
					if f := d.frames[i]; f.Gap && f.Flag != NoFlag {
						got[i] = strings.Replace(got[i], "$ gap", " gap$", 1)
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("pieces of %d: %s", size, diff)
				}
				if d.framer.Lost != tt.lost {
					t.Errorf("pieces of %d: lost %d, want %d", size, d.framer.Lost, tt.lost)
				}
			}
		})
	}
}

// TestNothingIsHeld feeds a chunk of 64 MiB and looks at how much of it is
// waiting at any time.
func TestNothingIsHeld(t *testing.T) {
	var d feeder
	d.add(strings.TrimSuffix(sendText, "Hey Bob, are you there?..\r\n-------a786hjs2$\r\n"))
	block := strings.Repeat("\r\n-------a786hj", 100)
	const blocks = 64 << 20 / 1400
	for range blocks {
		d.add(block)
		if len(d.b) > 32 {
			t.Fatalf("%d octets wait", len(d.b))
		}
	}
	d.add("\r\n-------a786hjs2$\r\n")
	if want := uint64(blocks * len(block)); len(d.frames) != 1 || d.frames[0].Octets != want {
		t.Errorf("got %v, want a frame of %d octets", d.seen(), want)
	}
}

func TestOpening(t *testing.T) {
	for text, want := range map[string]Verdict{
		"": Undecided, "M": Undecided, "ME": No, "MSRP a SEND\r\n": Yes, "MSRP a SEND": Undecided, "MSRP a 200\r\n": Yes, "MSRP a 20\r\n": No,
		"MSRP a send\r\n": No, "MSRP  SEND\r\n": No, "MSRP a b\r\n": No, "MESSAGE sip:a SIP/2.0\r\n": No, "MSRP a/b SEND\r\n": No,
		"MSRP " + strings.Repeat("a", 600): No, "MSRP a 200 " + strings.Repeat("a", 600): No,
	} {
		if got := Opening([]byte(text)); got != want {
			t.Errorf("%.30q: %d, want %d", text, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	var got []URI
	for u := range Path("msrps://Alice@Relay.example.com:9000/jui787s2f;tcp  msrp://[2001:db8::1]:7654/iAu39;TCP;x=y sip:no msrp://a.example") {
		got = append(got, u)
	}
	want := []URI{
		{Secure: true, Authority: "relay.example.com:9000", Session: "jui787s2f", Transport: "tcp"},
		{Authority: "[2001:db8::1]:7654", Session: "iAu39", Transport: "tcp"},
		{Authority: "a.example"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestChunking compares any cutting of frames, gaps and junk with octets that
// come one at a time.
func TestChunking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{sendText, okText, reportText, "MSRP t1 SEND\r\nTo-Path: msrp://b:1/b;tcp\r\n\r\n", "-------t1+\r\n", "x\r\n", "\r\n",
			"-------", "MSRP ", "GAP", "\x00\xff", "a: b\r\n"})
		var whole, single feeder
		for _, s := range rapid.SliceOfN(part, 0, 12).Draw(t, "parts") {
			if s == "GAP" {
				whole.gap()
				single.gap()
				continue
			}
			whole.add(s)
			for i := range len(s) {
				single.add(s[i : i+1])
			}
		}
		whole.end()
		single.end()
		if diff := cmp.Diff(single.frames, whole.frames); diff != "" {
			t.Fatal(diff)
		}
		if single.framer.Lost != whole.framer.Lost || single.framer.Skipped != whole.framer.Skipped {
			t.Fatalf("lost %d, %d; skipped %d, %d", single.framer.Lost, whole.framer.Lost, single.framer.Skipped, whole.framer.Skipped)
		}
	})
}
