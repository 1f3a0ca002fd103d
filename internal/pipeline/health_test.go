package pipeline_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/golden"
	"sipsniff/internal/report"
	"sipsniff/tui/ladder"
)

// frameList is a source of frames that a test made.
type frameList struct {
	frames []capture.Frame
	next   int
}

func (l *frameList) Next(f *capture.Frame) error {
	if l.next == len(l.frames) {
		return io.EOF
	}
	*f = l.frames[l.next]
	l.next++
	f.Number = l.next
	return nil
}

func (l *frameList) Info() []capture.SourceInfo {
	return []capture.SourceInfo{{Name: "test", Format: "pcapng", LinkTypes: []capture.LinkType{1}, Frames: uint64(l.next)}}
}

func (l *frameList) Close() error { return nil }

// at0 is when the captures of this test begin, Unix ns.
const at0 = int64(1_767_323_045) * 1e9

// a frame at a time in milliseconds.
func framed(ms float64, iface int, data []byte) capture.Frame {
	return capture.Frame{Nanos: at0 + int64(ms*1e6), Data: data, Length: len(data), LinkType: 1, Interface: iface}
}

// sliced is framed by a snapshot length.
func sliced(ms float64, snaplen int, data []byte) capture.Frame {
	f := framed(ms, 0, data)
	f.Data = data[:snaplen:snaplen]
	return f
}

// An ipv4 says what stands in an IPv4 header; the hosts are the last octets of
// 192.0.2.0/24.
type ipv4 struct {
	from, to, protocol byte
	id, place          uint16
	ttl                byte
}

func (h ipv4) frame(payload []byte) []byte {
	b := []byte{2, 0, 0, 0, 0, h.to, 2, 0, 0, 0, h.ttl, h.from, 8, 0, 0x45, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(20+len(payload)))
	b = binary.BigEndian.AppendUint16(b, h.id)
	b = binary.BigEndian.AppendUint16(b, h.place)
	ttl := h.ttl
	if ttl == 0 {
		ttl = 64
	}
	b = append(b, ttl, h.protocol, 0, 0, 192, 0, 2, h.from, 192, 0, 2, h.to)
	return append(b, payload...)
}

func udpPayload(text string) []byte {
	b := []byte{0x13, 0xc4, 0x13, 0xc4}
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(text)))
	return append(append(b, 0, 0), text...)
}

func tcpPayload(from, to uint16, seq uint32, flags byte, text string) []byte {
	b := binary.BigEndian.AppendUint16(nil, from)
	b = binary.BigEndian.AppendUint16(b, to)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = append(b, 0, 0, 0, 1, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0)
	return append(b, text...)
}

func optionsText(id string, body int) string {
	return fmt.Sprintf("OPTIONS sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%[1]s\r\nFrom: <sip:a@192.0.2.1>;tag=1\r\n"+
		"To: <sip:b@192.0.2.2>\r\nCall-ID: %[1]s\r\nCSeq: 1 OPTIONS\r\nContent-Length: %[2]d\r\n\r\n%[3]s", id, body, strings.Repeat("x", body))
}

func okText(id string) string {
	return strings.Replace(optionsText(id, 0), "OPTIONS sip:b@192.0.2.2 SIP/2.0", "SIP/2.0 200 OK", 1)
}

// options and ok are a request and its response in frames.
func options(ms float64, id string, ip uint16) capture.Frame {
	return framed(ms, 0, ipv4{from: 1, to: 2, protocol: 17, id: ip}.frame(udpPayload(optionsText(id, 0))))
}

func ok(ms float64, id string, ip uint16) capture.Frame {
	return framed(ms, 0, ipv4{from: 2, to: 1, protocol: 17, id: ip}.frame(udpPayload(okText(id))))
}

// Each number of the account in a capture of its own, worked out by hand.
func TestHealth(t *testing.T) {
	request := udpPayload(optionsText("long", 1000))
	half := len(request) / 16 * 8
	piece := func(place uint16, b []byte) []byte {
		return ipv4{from: 1, to: 2, protocol: 17, id: 9, place: place}.frame(b)
	}
	tcp := func(ms float64, seq uint32, flags byte, text string) capture.Frame {
		return framed(ms, 0, ipv4{from: 1, to: 2, protocol: 6, id: uint16(seq)}.frame(tcpPayload(4000, 5060, seq, flags, text)))
	}
	first, second := optionsText("first", 1000), optionsText("second", 0)
	for name, tt := range map[string]struct {
		frames []capture.Frame
		want   map[string]any
	}{
		"good": {
			[]capture.Frame{options(0, "a", 1), ok(1, "a", 2)},
			map[string]any{
				"drops": nil, "cut_frames": 0.0, "cut_octets": 0.0, "undecoded_frames": 0.0, "duplicate_frames": 0.0, "clock_steps.count": 0.0,
				"out_of_order_frames": 0.0, "untimed_frames": 0.0, "fragments.incomplete": 0.0, "tcp.gaps": 0.0, "encrypted_connections": 0.0,
				"links": 1.0, "one_sided_links": 0.0, "keep_alives": 0.0,
			},
		},
		"snaplen": {
			[]capture.Frame{
				sliced(0, 14+20+8+300, ipv4{from: 1, to: 2, protocol: 17, id: 1}.frame(request)), ok(1, "long", 2),
				sliced(2, 30, ipv4{from: 1, to: 2, protocol: 17, id: 3}.frame(udpPayload("nothing"))),
			},
			map[string]any{
				"cut_frames": 2.0, "cut_octets": float64(len(request)-308) + (14 + 20 + 8 + 7 - 30),
				"cut_sip_messages.snaplen": 1.0, "undecoded_frames": 1.0,
			},
		},
		"fragments": {
			[]capture.Frame{
				framed(0, 0, piece(0x2000, request[:half])), // the last one is lost
				framed(1, 0, ipv4{from: 1, to: 2, protocol: 17, id: 10, place: uint16(half / 8)}.frame(request[half:])),
				framed(2, 0, ipv4{from: 1, to: 2, protocol: 17, id: 11, place: 0x2000}.frame(request[:half])),
				framed(3, 0, ipv4{from: 1, to: 2, protocol: 17, id: 11, place: uint16(half / 8)}.frame(request[half:])),
			},
			map[string]any{
				"fragments.frames": 4.0, "fragments.reassembled": 1.0, "fragments.incomplete": 2.0, "fragments.without_first": 1.0,
				"cut_sip_messages.ip_fragment_lost": 1.0, "undecoded_frames": 1.0,
			},
		},
		"duplicates": {
			[]capture.Frame{
				options(0, "a", 1), framed(0.1, 3, options(0, "a", 1).Data),
				framed(0.2, 4, ipv4{from: 1, to: 2, protocol: 17, id: 1, ttl: 63}.frame(udpPayload(optionsText("a", 0)))),
				ok(1, "a", 2), framed(1.1, 3, ok(1, "a", 2).Data),
			},
			map[string]any{
				"duplicate_frames": 3.0, "routed_duplicates": 1.0,
				"duplicate_pairs.0.frames": 2.0, "duplicate_pairs.0.first.source": "test", "duplicate_pairs.0.first.interface": 0.0,
				"duplicate_pairs.0.again.interface": 3.0, "duplicate_pairs.1.again.interface": 4.0, "duplicate_pairs.1.frames": 1.0,
			},
		},
		"clock": {
			[]capture.Frame{
				options(0, "a", 1), ok(10, "a", 2), options(-7_200_000, "b", 3), ok(-7_199_990, "b", 4), options(-7_199_990.5, "c", 5),
				{Data: ok(0, "c", 6).Data, Length: len(ok(0, "c", 6).Data), LinkType: 1},
			},
			map[string]any{
				"clock_steps.count": 1.0, "clock_steps.largest_ms": -7_200_010.0, "clock_steps.first_frame": 3.0,
				"out_of_order_frames": 1.0, "untimed_frames": 1.0,
			},
		},
		"one side": {
			[]capture.Frame{
				ok(0, "a", 1), ok(1, "b", 2),
				framed(2, 0, ipv4{from: 1, to: 7, protocol: 17, id: 5}.frame(udpPayload(optionsText("c", 0)))),
			},
			map[string]any{
				"links": 2.0, "one_sided_links": 2.0,
				"one_sided.0.a": "192.0.2.2", "one_sided.0.b": "192.0.2.1", "one_sided.0.seen": "responses", "one_sided.0.certain": true,
				"one_sided.0.a_to_b.responses": 2.0, "one_sided.0.b_to_a.requests": 0.0,
				"one_sided.1.b": "192.0.2.7", "one_sided.1.seen": "requests", "one_sided.1.certain": false, "one_sided.1.a_to_b.requests": 1.0,
			},
		},
		"a hole in a stream": {
			[]capture.Frame{
				tcp(0, 1000, 0x02, ""), tcp(1, 1001, 0x18, first[:600]),
				tcp(2, 1001+uint32(len(first)), 0x18, second), // the rest of the first is lost
			},
			map[string]any{
				"tcp.connections": 1.0, "tcp.gaps": 1.0, "tcp.gap_octets": float64(len(first) - 600), "tcp.resync_octets": 0.0,
				"tcp.out_of_order_segments": 1.0, "tcp.retransmitted_segments": 0.0, "cut_sip_messages.tcp_gap": 1.0,
			},
		},
		"a stream from the middle": {
			[]capture.Frame{tcp(0, 5000, 0x18, "the end of a body"), tcp(1, 5017, 0x18, first), tcp(2, 5016+uint32(len(first)), 0x10, "\x00")},
			map[string]any{"tcp.gaps": 0.0, "tcp.keep_alives": 1.0, "tcp.connections": 1.0},
		},
		"encrypted, keep-alives, not opened": {
			[]capture.Frame{
				framed(0, 0, ipv4{from: 1, to: 2, protocol: 6, id: 1}.frame(tcpPayload(4001, 5061, 1, 0x02, ""))),
				framed(1, 0, ipv4{from: 1, to: 2, protocol: 6, id: 2}.frame(tcpPayload(4001, 5061, 2, 0x18, "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"))),
				options(2, "a", 3), framed(3, 0, ipv4{from: 1, to: 2, protocol: 17, id: 4}.frame(udpPayload("\r\n\r\n"))),
				framed(4, 0, ipv4{from: 1, to: 2, protocol: 50, id: 5}.frame(make([]byte, 64))),
			},
			map[string]any{"encrypted_connections": 1.0, "keep_alives": 1.0, "undecoded_frames": 1.0},
		},
	} {
		h := healthOf(t, analyse(t, &frameList{frames: tt.frames}, false))
		for path, want := range tt.want {
			if got := follow(h, path); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s is %v, want %v", name, path, got, want)
			}
		}
		if _, there := h["sources_apart_ms"]; there {
			t.Errorf("%s: one source is apart from itself", name)
		}
	}
}

func healthOf(t *testing.T, r report.Result) map[string]any {
	t.Helper()
	var doc struct {
		Capture struct {
			Health map[string]any `json:"health"`
		} `json:"capture"`
	}
	if err := json.Unmarshal(jsonOf(t, r), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Capture.Health
}

// follow goes down a path of keys and indexes; "absent" is what is not there.
func follow(v any, path string) any {
	for _, key := range strings.Split(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			next, there := node[key]
			if !there {
				return "absent"
			}
			v = next
		case []any:
			i := int(key[0] - '0')
			if i >= len(node) {
				return "absent"
			}
			v = node[i]
		}
	}
	return v
}

// The statistics blocks of a pcapng file are what is known of its losses; what
// they leave out is unknown.
func TestHealthDropsOfFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.pcapng")
	w, err := capture.Create(name, capture.WriterOptions{LinkTypes: []capture.LinkType{1}})
	if err != nil {
		t.Fatal(err)
	}
	f := options(0, "a", 1)
	if err := w.Write(&f); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	// Interface statistics: interface 0, a time, isb_ifdrop 7.
	block := []uint32{5, 40, 0, 0, 0, 8<<16 | 5, 7, 0, 0, 40}
	if err := binary.Write(file, binary.LittleEndian, block); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	r := analyse(t, open(t, name), false)
	if got := follow(healthOf(t, r), "drops"); !reflect.DeepEqual(got, map[string]any{"interface": 7.0}) {
		t.Errorf("drops %v, want 7 of the interface and nothing else", got)
	}
	if text := textOf(t, r); !strings.Contains(text, "7 packets were dropped by the network interface\n") {
		t.Errorf("the report does not tell:\n%s", text)
	}
}

func textOf(t *testing.T, r report.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Captures of two days, read as one.
func TestHealthSourcesApart(t *testing.T) {
	var names []string
	for i, frame := range []capture.Frame{options(0, "a", 1), options(2*86_400_000, "b", 2)} {
		name := filepath.Join(t.TempDir(), fmt.Sprintf("%d.pcap", i))
		w, err := capture.Create(name, capture.WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(&frame); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	r := analyse(t, open(t, names...), false)
	h := healthOf(t, r)
	if got := follow(h, "sources_apart_ms"); got != 2*86_400_000.0 {
		t.Errorf("apart by %v ms", got)
	}
	if got := follow(h, "clock_steps.count"); got != 0.0 {
		t.Errorf("%v steps of the clock between two sources", got)
	}
	if text := textOf(t, r); !strings.Contains(text, "the captures are 2.0 days apart") {
		t.Errorf("the report does not tell:\n%s", text)
	}
}

// The text report of a capture where much went wrong, and the ladder of a call
// whose messages were captured twice: each stands there once, with the mark.
func TestHealthReport(t *testing.T) {
	request := udpPayload(optionsText("long", 1000))
	frames := []capture.Frame{
		options(0, "twice", 1), framed(0.1, 3, options(0, "twice", 1).Data),
		ok(20, "twice", 2), framed(20.1, 3, ok(0, "twice", 2).Data),
		sliced(40, 14+20+8+320, ipv4{from: 1, to: 2, protocol: 17, id: 3}.frame(request)), ok(60, "long", 4),
		framed(80, 0, ipv4{from: 1, to: 2, protocol: 17, id: 5, place: 100}.frame([]byte("a fragment alone"))),
		framed(100, 0, ipv4{from: 2, to: 9, protocol: 17, id: 6}.frame(udpPayload(okText("unasked")))),
		options(-3_600_000, "earlier", 7), ok(-3_599_980, "earlier", 8),
	}
	r := analyse(t, &frameList{frames: frames}, false)
	text := textOf(t, r)
	for _, c := range r.Snapshot.Calls {
		var b bytes.Buffer
		if err := ladder.TextOfLegs(&b, []ladder.Leg{{Call: c}}, ladder.Options{}); err != nil {
			t.Fatal(err)
		}
		if c.CallID != "twice" {
			continue
		}
		text += "\n" + b.String()
		if c.MessageCount != 2 || c.Duplicates != 2 || c.Retransmissions != 0 || strings.Count(b.String(), "⧉1") != 2 {
			t.Errorf("%d messages, %d duplicates, %d retransmissions:\n%s", c.MessageCount, c.Duplicates, c.Retransmissions, b.String())
		}
	}
	golden.Compare(t, "testdata/health.golden", text)
}

// In the shared captures with messages captured twice every copy is marked and
// none is a retransmission. tshark shows 92 messages, 23 of them with the IP
// identification and addresses of the one before.
func TestDuplicatesInSharedCaptures(t *testing.T) {
	dir := shared(t, "pcaps/files")
	for _, id := range []string{"c0014", "c0077"} {
		r := analyse(t, open(t, filepath.Join(dir, id+".pcap")), false)
		messages, copies, marks := 0, 0, 0
		for _, c := range r.Snapshot.Calls {
			var b bytes.Buffer
			if err := ladder.TextOfLegs(&b, []ladder.Leg{{Call: c}}, ladder.Options{}); err != nil {
				t.Fatal(err)
			}
			messages += c.MessageCount
			copies += c.Duplicates
			marks += strings.Count(b.String(), "⧉1")
			if c.Retransmissions != 0 {
				t.Errorf("%s: %d retransmissions", id, c.Retransmissions)
			}
		}
		if messages != 92-23 || copies != 23 || marks != 23 {
			t.Errorf("%s: %d messages, %d copies, %d marks; want 69, 23, 23", id, messages, copies, marks)
		}
		if got := follow(healthOf(t, r), "duplicate_frames"); got != 23.0 {
			t.Errorf("%s: %v frames captured twice", id, got)
		}
	}
}
