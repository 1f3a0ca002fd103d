package decode

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
)

// catalogue reads tshark's opinion of the captures by id and column.
func catalogue(t testing.TB) map[string]map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(corpusFolder, "catalog.tsv"))
	if err != nil {
		t.Skip("no catalogue in " + corpusFolder)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]map[string]string)
	for _, row := range rows[1:] {
		columns := make(map[string]string)
		for i, name := range rows[0][:min(len(rows[0]), len(row))] {
			columns[name] = row[i]
		}
		byID[columns["id"]] = columns
	}
	return byID
}

// transportCounts reads "udp:3 websocket:1".
func transportCounts(text string) map[string]int {
	counts := map[string]int{}
	for _, part := range strings.Fields(text) {
		name, n, _ := strings.Cut(part, ":")
		if name == "websocket" {
			name = "ws"
		}
		counts[name], _ = strconv.Atoi(n)
	}
	return counts
}

// ownTransportCounts are the captures in which we rightly find another number
// of messages than tshark 4.0.
var ownTransportCounts = map[string]struct {
	want map[string]int
	why  string
}{
	"c0092": {map[string]int{"udp": 57}, "5 start lines with a NUL inside, by a fuzzer: recognisable all the same (frames 108 154 346 348 441)"},
	"c0211": {map[string]int{"udp": 6}, "HEP: what it carries is decoded"},
	"c0433": {map[string]int{"udp": 66}, "1 message is a quotation in an ICMP error"},
	"c0552": {map[string]int{"udp": 16}, "2 requests with a space behind SIP/2.0, as in RFC 4475 §3.1.2.10 (frames 5 6)"},
	"c0554": {map[string]int{"udp": 4}, "1 message is a quotation in an ICMP error"},
	"c0563": {map[string]int{"udp": 28}, "5 messages on a port that tshark takes for BFD (frames 20 21 24 38 39)"},
	"c0568": {map[string]int{"udp": 4}, "2 messages are quotations in ICMP errors"},
	"c0596": {map[string]int{"udp": 15}, "2 requests behind a CRLF, which RFC 3261 §7.5 has ignored (frames 11 12)"},
}

// tally counts messages by transport.
type tally map[string]int

func (c tally) Message(p *Packet) { c[p.Transport.String()]++ }
func (c tally) Datagram(*Packet)  {}

func TestCorpusMessages(t *testing.T) {
	files, rows := corpus(t), catalogue(t)
	for id, name := range files {
		got := tally{}
		d := New(Config{}, got)
		readFrames(t, name, allFrames, d.Frame)
		d.Flush()
		if d.Stats().Frames == 0 {
			continue // a format that is not read
		}
		want := transportCounts(rows[id]["sip_transports"])
		if own, ok := ownTransportCounts[id]; ok {
			want = own.want
		}
		if d := cmp.Diff(want, map[string]int(got)); d != "" {
			t.Errorf("%s: (-want +got)\n%s", id, d)
		}
	}
}

// texts is a Handler that writes down the messages of streams.
type texts []string

func (l *texts) Datagram(*Packet) {}
func (l *texts) Message(p *Packet) {
	if p.Transport != UDP && p.Transport != SCTP {
		*l = append(*l, p.Src.String()+" "+p.Cut+" "+string(p.Payload))
	}
}

// The connections of real captures give the same messages when every segment
// comes octet by octet.
func TestCorpusOctetByOctet(t *testing.T) {
	streams := 0
	for id, name := range corpus(t) {
		if info, err := os.Stat(name); err != nil || info.Size() > 2<<20 {
			continue
		}
		var whole, single texts
		d, s := New(Config{}, &whole), New(Config{}, &single)
		readFrames(t, name, allFrames, func(f *capture.Frame) {
			before := d.stats.TCP
			d.Frame(f)
			if d.stats.TCP > before {
				eachOctet(&d.packet, &d.segment, s.streams.segment)
			}
		})
		d.Flush()
		s.Flush()
		slices.Sort(whole)
		slices.Sort(single)
		if diff := cmp.Diff(whole, single); diff != "" {
			t.Errorf("%s: (-whole +octets)\n%s", id, diff)
		}
		streams += len(whole)
	}
	if streams < 100 {
		t.Errorf("only %d messages on streams", streams)
	}
}

// eachOctet calls f for every octet of a segment as one of its own.
func eachOctet(p *Packet, s *tcpSegment, f func(*Packet, *tcpSegment)) {
	if len(s.Payload) < 2 || len(s.Payload) < s.WireLength || s.Flags&tcpSyn != 0 {
		f(p, s)
		return
	}
	for i := range s.Payload {
		one := *s
		one.Seq, one.Payload, one.WireLength = s.Seq+uint32(i), s.Payload[i:i+1], 1
		if i < len(s.Payload)-1 {
			one.Flags &^= tcpFin | tcpRst
		}
		f(p, &one)
	}
}
