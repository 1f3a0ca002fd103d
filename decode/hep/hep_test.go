package hep

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// vectorTime is the time in the examples of the specification.
const vectorTime = 1313440459_120000_000

// unhex reads octets written in hexadecimal, with spaces between them.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The test packet of the HEP3 specification, and one octet after the other the
// samples of versions 1 and 2 (spec §8.2, §8.3).
const (
	vector3 = "48455033 0071 0000 0001 0007 02 0000 0002 0007 11 0000 0003 000a d4ca0001 0000 0004 000a 527400d3 " +
		"0000 0007 0008 2eea 0000 0008 0008 13c4 0000 0009 000a 4e4982cb 0000 000a 000a 0001d4c0 0000 000b 0007 01 " +
		"0000 000c 000a 000000e4 0000 000f 0014 494e56495445207369703a626f62"
	head1   = "01 10 02 11 13c4 13c4 c0000201 c0000202"
	head2   = "02 10 02 11 13c4 13c4 c0000201 c0000202"
	time2le = "cb82494e c0d40100 e400 0000"
	time2be = "4e4982cb 0001d4c0 e400 0000"
	options = "4f5054494f4e53 20 7369703a626f62" // "OPTIONS sip:bob"
	ipv6    = "20010db8000000000000000000000001 20010db8000000000000000000000002"
)

func TestParse(t *testing.T) {
	addr := netip.MustParseAddrPort
	v12 := Packet{Version: 1, Src: addr("192.0.2.1:5060"), Dst: addr("192.0.2.2:5060"), Protocol: UDP, Kind: SIP, Payload: []byte("OPTIONS sip:bob")}
	v2 := v12
	v2.Version, v2.Nanos, v2.HasTime, v2.Agent, v2.HasAgent = 2, vectorTime, true, 228, true
	noTime := v2
	noTime.Nanos, noTime.HasTime = 0, false
	six := v12
	six.Src, six.Dst, six.Protocol = addr("[2001:db8::1]:5060"), addr("[2001:db8::2]:5060"), Secure
	three := Packet{
		Version: 3, Src: addr("212.202.0.1:12010"), Dst: addr("82.116.0.211:5060"), Protocol: UDP, Kind: SIP,
		Nanos: vectorTime, HasTime: true, Agent: 228, HasAgent: true, Payload: []byte("INVITE sip:bob"),
	}
	trailing := three
	trailing.Trailing = 2
	shorter := three
	shorter.Payload, shorter.Damaged = []byte("INVITE sip:bob"), true
	for _, c := range []struct {
		name, octets string
		arrival      int64
		want         Packet
		err          error
	}{
		{"version 1", head1 + options, vectorTime, v12, nil},
		{"version 1, wrong length", "01 ff" + head1[5:] + options, vectorTime, v12, nil},
		{"version 1, IPv6 of Linux", "01 28 0a 16 13c4 13c4" + ipv6 + options, 0, six, nil},
		{"version 1, IPv6 of macOS", "01 28 1e 16 13c4 13c4" + ipv6 + options, 0, six, nil},
		{"version 1, no family", "01 10 03 11 13c4 13c4 c0000201 c0000202" + options, 0, Packet{}, ErrUnknown},
		{"version 1, no payload", head1, 0, Packet{}, ErrIncomplete},
		{"version 1, cut", "01 10 02 11 13c4 13c4 c000", 0, Packet{}, ErrIncomplete},
		{"version 2", head2 + time2le + options, vectorTime + 5e9, v2, nil},
		{"version 2, big-endian", head2 + time2be + options, vectorTime - 5e9, v2, nil},
		{"version 2, no padding", head2 + time2le[:len(time2le)-5] + options, vectorTime, v2, nil},
		{"version 2, two days late", head2 + time2le + options, vectorTime + 48*3600*1e9, noTime, nil},
		{"version 2, no time", head2 + "00000000 00000000 e400 0000" + options, vectorTime, noTime, nil},
		{"version 2, cut", head2 + "cb82494e c0d4", vectorTime, Packet{}, ErrIncomplete},
		{"version 3", vector3, 0, three, nil},
		{"version 3, EEP3", "454550 33" + vector3[8:], 0, three, nil},
		{"version 3, EEP1", "454550 31" + vector3[8:], 0, three, nil},
		{"version 3, trailing octets", vector3 + "0d0a", 0, trailing, nil},
		{"version 3, chunk longer than the rest", strings.Replace(vector3, "0071", "0077", 1) + "0000 0011 ffff", 0, shorter, nil},
		{"version 3, chunk shorter than its head", strings.Replace(vector3, "0071", "0077", 1) + "0000 0011 0005", 0, shorter, nil},
		{"version 3, cut in the payload", vector3[:len(vector3)-4], 0, Packet{}, ErrIncomplete},
		{"version 3, only the mark", "48455033 0006", 0, Packet{}, ErrIncomplete},
		{"something else", "47455420", 0, Packet{}, ErrUnknown},
		{"nothing", "", 0, Packet{}, ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Packet
			err := Parse(&p, unhex(t, c.octets), c.arrival)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(c.want, p, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// chunkOf builds a chunk from the layout in the specification.
func chunkOf(vendor, kind uint16, value []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, vendor)
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(6+len(value)))
	return append(b, value...)
}

// packetOf builds a packet of version 3 of chunks.
func packetOf(chunks ...[]byte) []byte {
	body := bytes.Join(chunks, nil)
	return append(binary.BigEndian.AppendUint16([]byte("HEP3"), uint16(6+len(body))), body...)
}

// fullChunks are the chunks of a packet with everything in it.
func fullChunks() [][]byte {
	return [][]byte{
		chunkOf(0, 1, []byte{10}), chunkOf(0, 2, []byte{6}),
		chunkOf(0, 5, netip.MustParseAddr("2001:db8::1").AsSlice()), chunkOf(0, 6, netip.MustParseAddr("2001:db8::2").AsSlice()),
		chunkOf(0, 7, []byte{0x13, 0xc4}), chunkOf(0, 8, []byte{0x13, 0xc5}),
		chunkOf(0, 9, []byte{0x4e, 0x49, 0x82, 0xcb}), chunkOf(0, 10, []byte{0, 1, 0xd4, 0xc0}),
		chunkOf(0, 11, []byte{5}), chunkOf(0, 12, []byte{0, 0, 7, 0xd1}),
		chunkOf(0, 14, []byte("open sesame")), chunkOf(0, 17, []byte("1@example.com")), chunkOf(0, 19, []byte("edge")),
		chunkOf(0, 15, []byte("payload")),
		chunkOf(2, 15, []byte("of a vendor")), chunkOf(0, 0x7777, []byte("of no known type")), chunkOf(3, 3, nil),
	}
}

func wantFull() Packet {
	return Packet{
		Version: 3, Src: netip.MustParseAddrPort("[2001:db8::1]:5060"), Dst: netip.MustParseAddrPort("[2001:db8::2]:5061"),
		Protocol: TCP, Kind: RTCP, Nanos: vectorTime, HasTime: true, Agent: 2001, HasAgent: true, AgentName: []byte("edge"),
		Key: []byte("open sesame"), Correlation: []byte("1@example.com"), Payload: []byte("payload"),
	}
}

// TestChunkOrder: the order of the chunks does not matter.
func TestChunkOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Packet
		if err := Parse(&p, packetOf(rapid.Permutation(fullChunks()).Draw(t, "chunks")...), 0); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wantFull(), p, cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRepeatedChunks: the last one counts, but payloads are joined.
func TestRepeatedChunks(t *testing.T) {
	all := append(fullChunks(), chunkOf(0, 15, []byte(" and ")), chunkOf(0, 11, []byte{1}), chunkOf(0, 15, []byte("more")), chunkOf(0, 11, []byte{0, 1}))
	var p Packet
	if err := Parse(&p, packetOf(all...), 0); err != nil {
		t.Fatal(err)
	}
	if string(p.Payload) != "payload and more" || p.Kind != SIP {
		t.Errorf("payload %q of kind %d", p.Payload, p.Kind)
	}
}

// TestFamilies: of addresses of both families those of the family named count.
func TestFamilies(t *testing.T) {
	both := append(fullChunks()[2:], chunkOf(0, 3, []byte{192, 0, 2, 1}), chunkOf(0, 4, []byte{192, 0, 2, 2}))
	for family, want := range map[byte]string{2: "192.0.2.1", 10: "2001:db8::1"} {
		var p Packet
		if err := Parse(&p, packetOf(append(both, chunkOf(0, 1, []byte{family}))...), 0); err != nil {
			t.Fatal(err)
		}
		if p.Src.Addr().String() != want {
			t.Errorf("family %d: from %v, want %s", family, p.Src, want)
		}
	}
	var p Packet
	mixed := packetOf(chunkOf(0, 3, []byte{192, 0, 2, 1}), fullChunks()[3], fullChunks()[13])
	if err := Parse(&p, mixed, 0); !errors.Is(err, ErrIncomplete) {
		t.Errorf("ends of two families: %v", err)
	}
}

func deflated(t testing.TB, gz bool, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser = zlib.NewWriter(&out)
	if gz {
		w = gzip.NewWriter(&out)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestInflate(t *testing.T) {
	var x Inflater
	text := []byte(strings.Repeat("Via: SIP/2.0/UDP 192.0.2.1\r\n", 1000))
	for range 2 { // the second time with what the first one left
		for _, gz := range []bool{false, true} {
			var p Packet
			b := packetOf(append(fullChunks()[:13], chunkOf(0, 16, deflated(t, gz, text)))...)
			if err := Parse(&p, b, 0); err != nil || !p.Compressed {
				t.Fatalf("compressed %v: %v", p.Compressed, err)
			}
			got, err := x.Inflate(p.Payload)
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("gzip=%v: %d octets, %v", gz, len(got), err)
			}
			if _, err := x.Inflate(p.Payload[:len(p.Payload)/2]); !errors.Is(err, ErrCompressed) {
				t.Errorf("gzip=%v, cut: %v", gz, err)
			}
		}
	}
	if _, err := x.Inflate([]byte("INVITE sip:bob")); !errors.Is(err, ErrCompressed) {
		t.Errorf("text: %v", err)
	}
	if got, err := x.Inflate(deflated(t, false, make([]byte, MaxInflated))); err != nil || len(got) != MaxInflated {
		t.Errorf("the most allowed: %d octets, %v", len(got), err)
	}
	if _, err := x.Inflate(deflated(t, true, make([]byte, MaxInflated+1))); !errors.Is(err, ErrCompressed) {
		t.Errorf("one octet too many: %v", err)
	}
}

// TestAppend: what is written is the test packet of the specification, octet
// for octet.
func TestAppend(t *testing.T) {
	p := Packet{
		Src: netip.MustParseAddrPort("212.202.0.1:12010"), Dst: netip.MustParseAddrPort("82.116.0.211:5060"), Protocol: UDP, Kind: SIP,
		Nanos: vectorTime, HasTime: true, Agent: 228, HasAgent: true, Payload: []byte("INVITE sip:bob"),
	}
	b, truncated := Append([]byte("before"), &p, 0)
	if want := append([]byte("before"), unhex(t, vector3)...); !bytes.Equal(b, want) || truncated {
		t.Errorf("% x\nwant\n% x", b, want)
	}
	p = wantFull()
	want := packetOf(fullChunks()[:14]...)
	if b, _ := Append(nil, &p, 0); !bytes.Equal(b, want) {
		t.Errorf("% x\nwant\n% x", b, want)
	}
	p.Payload = make([]byte, 70000)
	for _, limit := range []int{0, 65507, 100} {
		b, truncated := Append(nil, &p, limit)
		if most := []int{limit, MaxPacket}[b2i(limit == 0)]; len(b) > max(most, len(want)-len("payload")) || !truncated || int(binary.BigEndian.Uint16(b[4:])) != len(b) {
			t.Errorf("limit %d: %d octets, truncated %v", limit, len(b), truncated)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestStream: whatever the cuts, the packets come out whole, junk is passed over.
func TestStream(t *testing.T) {
	var packets [][]byte
	for n := range 20 {
		packets = append(packets, packetOf(append(fullChunks(), chunkOf(0, 17, bytes.Repeat([]byte("HEP"), n*n)))...))
	}
	for _, junk := range []string{"", "\r\n", "HEP2 EEP4 HE", "HEP3\x00\x05", "EEHEHEP"} {
		wire := bytes.Join(packets, []byte(junk))
		cut := rand.New(rand.NewPCG(1, 2))
		for name, size := range map[string]func() int{
			"whole": func() int { return len(wire) }, "octets": func() int { return 1 }, "pieces": func() int { return 1 + cut.IntN(300) },
		} {
			var s Stream
			var got [][]byte
			for rest := wire; len(rest) > 0; {
				n := min(size(), len(rest))
				s.Write(rest[:n])
				rest = rest[n:]
				for p, ok := s.Next(); ok; p, ok = s.Next() {
					got = append(got, bytes.Clone(p))
				}
			}
			if diff := cmp.Diff(packets, got); diff != "" {
				t.Errorf("junk %q, %s: %s", junk, name, diff)
			}
			if want := uint64(len(junk) * (len(packets) - 1)); s.Skipped != want || s.Partial() {
				t.Errorf("junk %q, %s: skipped %d, want %d", junk, name, s.Skipped, want)
			}
		}
	}
}

// TestAppendRTCP compares with packets put together by RFC 3550 §6.4.
func TestAppendRTCP(t *testing.T) {
	const block = `{"source_ssrc":1,"fraction_lost":"26","packets_lost":-2,"highest_seq_no":65543,"ia_jitter":80,"lsr":16909060,"dlsr":65536}`
	const blockOctets = "00000001 1a fffffe 00010007 00000050 01020304 00010000"
	for _, c := range []struct{ name, text, want string }{
		{"sender", `{"ssrc":305419896,"type":200,"report_count":0,"sender_information":{"ntp_timestamp_sec":3650797214,
			"ntp_timestamp_usec":500000,"rtp_timestamp":160,"packets":106,"octets":16960}}`,
			"80c80006 12345678 d99abe9e 80000000 000000a0 0000006a 00004240"},
		{"receiver", `{"ssrc":"305419896","type":201,"report_blocks":[` + block + `]}`, "81c90007 12345678" + blockOctets},
		{"description last", `{"ssrc":305419896,"type":202,"sender_information":{"ntp_timestamp_sec":3650797214,"ntp_timestamp_usec":2147483648,
			"rtp_timestamp":160,"packets":106,"octets":16960},"report_blocks":[` + block + `,` + block + `],"sdes_ssrc":1}`,
			"82c80012 12345678 d99abe9e 80000000 000000a0 0000006a 00004240" + blockOctets + blockOctets},
		{"no report yet", `{"ssrc":1,"type":201,"report_blocks":[{"source_ssrc":2,"fraction_lost":0,"packets_lost":16777215,"highest_seq_no":9,"ia_jitter":0}]}`,
			"81c90007 00000001 00000002 00ffffff 00000009 00000000 00000000 00000000"},
		{"metrics and a name", `{"ssrc":1,"type":202,"report_blocks":[` + block + `],"report_blocks_xr":{"type":7,"id":2,"fraction_lost":5,"fraction_discard":"1",
			"burst_density":20,"gap_density":2,"burst_duration":300,"gap_duration":9000,"round_trip_delay":140,"end_system_delay":60},
			"sdes_ssrc":1,"sdes_information":[{"type":2,"text":"x"},{"type":1,"text":"a@b"}]}`,
			"81c90007 00000001" + blockOctets + "81ca0003 00000001 01 03 614062 00 0000" +
				"80cf000a 00000001 07000008 00000002 05011402 012c2328 008c003c 7f7f7f10 7f7f7f7f 00000000 00000000"},
		{"metrics alone, in a list", `{"ssrc":1,"report_blocks_xr":[{"type":7,"id":2,"fraction_lost":0,"fraction_discard":0}]}`,
			"80c90001 00000001" + "80cf000a 00000001 07000008 00000002 00000000 00000000 00000000 7f7f7f10 7f7f7f7f 00000000 00000000"},
		{"metrics that are none", `{"ssrc":1,"report_blocks_xr":{"type":0,"id":0,"fraction_lost":0,"fraction_discard":0},"sdes_information":"x"}`, ""},
		{"no jitter", `{"ssrc":1,"type":201,"report_blocks":[{"source_ssrc":2,"fraction_lost":0,"packets_lost":0,"highest_seq_no":9}]}`, ""},
		{"out of range", `{"ssrc":1,"type":201,"report_blocks":[{"source_ssrc":2,"fraction_lost":256,"packets_lost":0,"highest_seq_no":9,"ia_jitter":0}]}`, ""},
		{"nobody", `{"type":201,"report_blocks":[` + block + `]}`, ""},
		{"nothing", `{}`, ""},
		{"no JSON", `ssrc=1`, ""},
	} {
		got, ok := AppendRTCP(nil, []byte(c.text))
		if want := unhex(t, c.want); !bytes.Equal(got, want) || ok != (c.want != "") {
			t.Errorf("%s: %v\n% x\nwant\n% x", c.name, ok, got, want)
		}
	}
}

// A small payload may become a megabyte of blocks by decompression, and those
// a hundred times as much memory: no report is that long.
func TestAppendRTCPOfLongText(t *testing.T) {
	text := []byte(`{"ssrc":1,"type":200,"sender_information":{"ntp_timestamp_sec":1,"rtp_timestamp":1,"packets":1,"octets":1},"report_blocks":[` +
		strings.Repeat("{},", 1<<18) + "{}]}")
	if got, ok := AppendRTCP(nil, text); ok {
		t.Errorf("got % x", got)
	}
}
