package pipeline_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
	"sipsniff/internal/wire"
	"sipsniff/pcaps/gen"
)

// TestMatrix sends the same five calls over every link layer, through every
// tunnel, over both versions of IP, whole and in fragments. What is found must
// be the same as in the plain packets on Ethernet.
func TestMatrix(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // thousands of short runs
	var combinations atomic.Int64
	t.Run("over", func(t *testing.T) {
		for _, v6 := range []bool{false, true} {
			calls := fiveCalls(t, v6, 0.4)
			want := found(t, &carried{packets: calls, link: wire.Links()[0]})
			checkFound(t, want)
			for n, c := range carriers(v6) {
				t.Run(c.String(), func(t *testing.T) {
					t.Parallel()
					packets := c.carry(calls)
					for i, link := range wire.Links() {
						if allowance.RaceDetector && (n+i)%raceStride != 0 {
							continue
						}
						combinations.Add(1)
						if got := found(t, &carried{packets: packets, link: link}); !bytes.Equal(got, want) {
							t.Errorf("%s: %s", link.Name, firstDifference(want, got))
						}
					}
				})
			}
		}
	})
	t.Logf("%d combinations of link layer, tunnel, IP version and fragmentation", combinations.Load())
}

// raceStride is of how many combinations one is tried under the race detector:
// it takes ten times as long and looks for something else. Each link layer and
// each tunnel is among them.
const raceStride = 16

// An ipPacket is one of a capture, without what it was carried by.
type ipPacket struct {
	nanos  int64
	octets []byte
}

// mediaKept is how many packets of each stream are sent: enough to see loss,
// order and jitter in, few enough for thousands of combinations.
const mediaKept = 4

// fiveCalls generates calls and takes the Ethernet off. Of each stream of
// media only the first packets stay. tcp is the share of calls over TCP.
func fiveCalls(t *testing.T, v6 bool, tcp float64) []ipPacket {
	t.Helper()
	o := gen.Options{Seed: 11, Calls: 5, TCP: tcp, RTCP: true, Length: time.Second, Mix: gen.Mix{Answered: 1, Auth: 1, Busy: 1, Cancelled: 1}}
	if v6 {
		o.IPv6 = 1
	}
	var file bytes.Buffer
	if _, err := gen.Write(&file, o); err != nil {
		t.Fatal(err)
	}
	src := fromStdin(t, &file)
	defer src.Close()
	seen := make(map[string]int)
	var packets []ipPacket
	var f capture.Frame
	for {
		err := src.Next(&f)
		if errors.Is(err, io.EOF) {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		ip := f.Data[ethernetHeader:]
		if flow := mediaFlow(ip); flow != "" {
			seen[flow]++
			if seen[flow] > mediaKept {
				continue
			}
		}
		packets = append(packets, ipPacket{f.Nanos, slices.Clone(ip)})
	}
}

// mediaFlow names the addresses and ports of a packet of RTP; it is "" for others.
func mediaFlow(ip []byte) string {
	head, protocol := ipHeader(ip)
	payload := ip[head+8:]
	if protocol != 17 || payload[0]>>6 != 2 || payload[1]&0x7f > 63 {
		return ""
	}
	return string(ip[head-8 : head+4])
}

// ipHeader returns the length of a header without options and the protocol
// after it.
func ipHeader(ip []byte) (length int, protocol uint8) {
	if ip[0]>>4 == 6 {
		return 40, ip[6]
	}
	return 20, ip[9]
}

// A carrier is one way in which IP packets may travel on any link.
type carrier struct {
	inner     int          // version of the calls' own IP
	tunnel    *wire.Tunnel // nil: none
	outer     int          // version of the IP outside of the tunnel
	fragments bool         // of the outermost IP
}

func (c carrier) String() string {
	s := fmt.Sprintf("IPv%d", c.inner)
	if c.tunnel != nil {
		s += fmt.Sprintf(" in %s in IPv%d", c.tunnel.Name, c.outer)
	}
	if c.fragments {
		s += " in fragments"
	}
	return s
}

// carriers lists every way for calls over a version of IP.
func carriers(v6 bool) []carrier {
	inner := 4
	if v6 {
		inner = 6
	}
	var all []carrier
	for _, fragments := range []bool{false, true} {
		all = append(all, carrier{inner: inner, fragments: fragments})
		for _, tunnel := range wire.Tunnels() {
			for _, outer := range []int{4, 6} {
				if tunnel.Carries(v6) {
					all = append(all, carrier{inner, &tunnel, outer, fragments})
				}
			}
		}
	}
	return all
}

// tunnelEnds are the addresses outside, by version.
var tunnelEnds = map[int][2]netip.Addr{
	4: {netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")},
	6: {netip.MustParseAddr("2001:db8:ffff::1"), netip.MustParseAddr("2001:db8:ffff::2")},
}

// carry builds what is on the link.
func (c carrier) carry(packets []ipPacket) []ipPacket {
	var outside []ipPacket
	for i, p := range packets {
		id, ip := uint32(i+1), p.octets
		if c.tunnel != nil {
			ends := tunnelEnds[c.outer]
			h := c.tunnel.Outer(ends[0], ends[1], ip)
			h.ID = id
			ip = h.Packet(c.tunnel.Wrap(ip))
		}
		pieces := [][]byte{ip}
		if c.fragments {
			pieces = inTwo(id, ip)
		}
		for _, piece := range pieces {
			outside = append(outside, ipPacket{p.nanos, piece})
		}
	}
	return outside
}

// inTwo cuts an IP packet into two fragments, the second of which comes
// first. IPv6 gets a fragment header.
func inTwo(id uint32, ip []byte) [][]byte {
	head, protocol := ipHeader(ip)
	payload := ip[head:]
	cut := (len(payload)/2 + 7) &^ 7
	if ip[0]>>4 == 6 {
		first := wire.Join(ip[:head], int(protocol), 0, uint16(1), id, payload[:cut])
		second := wire.Join(ip[:head], int(protocol), 0, uint16(cut), id, payload[cut:])
		for _, b := range [][]byte{first, second} {
			b[6] = 44
			binary.BigEndian.PutUint16(b[4:], uint16(len(b)-head))
		}
		return [][]byte{second, first}
	}
	first, second := slices.Clone(ip[:head+cut]), wire.Join(ip[:head], payload[cut:])
	binary.BigEndian.PutUint16(first[6:], 0x2000)
	binary.BigEndian.PutUint16(second[6:], uint16(cut/8))
	for _, b := range [][]byte{first, second} {
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	}
	return [][]byte{second, first}
}

// carried is a source of packets on a link.
type carried struct {
	packets []ipPacket
	link    wire.Link
	sent    int
}

func (s *carried) Next(f *capture.Frame) error {
	if s.sent == len(s.packets) {
		return io.EOF
	}
	p := s.packets[s.sent]
	s.sent++
	b := s.link.Frame(p.octets)
	*f = capture.Frame{Number: s.sent, Nanos: p.nanos, Data: b, Length: len(b), LinkType: s.link.Type}
	return nil
}

func (s *carried) Info() []capture.SourceInfo { return nil }
func (s *carried) Close() error               { return nil }

// found returns the calls and streams of the report, a line each.
func found(t *testing.T, src capture.Source) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSONL(&b, run(t, pipeline.Config{Source: src, Decoder: decode.Config{ESPNull: true}})); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(bytes.Lines(b.Bytes()))
	lines = slices.DeleteFunc(lines, func(line []byte) bool {
		return !bytes.HasPrefix(line, []byte(`{"type":"call"`)) && !bytes.HasPrefix(line, []byte(`{"type":"stream"`))
	})
	return carriage.ReplaceAll(frameNumbers.ReplaceAll(bytes.Join(lines, nil), nil), nil)
}

// carriage is the octets of the IP headers, which fragments have more of.
var carriage = regexp.MustCompile(`,"ip":[\d.]+`)

// checkFound fails the test unless there are five calls with media.
func checkFound(t *testing.T, lines []byte) {
	t.Helper()
	calls, streams := bytes.Count(lines, []byte(`{"type":"call"`)), bytes.Count(lines, []byte(`{"type":"stream"`))
	if calls != 5 || streams < 6 {
		t.Fatalf("%d calls and %d streams", calls, streams)
	}
}
