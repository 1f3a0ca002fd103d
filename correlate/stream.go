package correlate

import (
	"net/netip"

	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// A streamTable is the memory of media: what signalling announced, the
// streams that it explains, and for a while the flows that it may still
// explain. One goroutine uses it. The path of a packet of a known stream is
// one map lookup and allocates nothing.
type streamTable struct {
	maxStreams int
	maxMemory  int64  // octets of flows; 0: any number
	limit      string // that was reached last, "streams" or "memory"
	now        int64  // the latest packet time seen, Unix ns
	order      uint64 // counts flows and descriptions, to tell the newer one
	totals     Totals // the media part
	evicted    uint64 // streams that left to stay under the limit, or with their call
	orphans    int    // published or about to be
	mistaken   uint64 // streams without a description that turned out to be none

	calls        map[int]*callMedia // by Call.Index
	expected     map[netip.AddrPort][]*expectation
	parties      int // of all calls
	expectations int // of all parties, also where others crowded them out
	lines        int // of all parties
	formats      int // of all lines
	sources      map[uint32]*mediaLine
	faxes        bool // a T.38 line was announced at least once

	flows   flowIndex      // streams and candidates that packets may come for
	errors  errorTable     // what ICMP says of packets
	pairs   map[pair]*flow // the newest stream from one address to another
	tunnels map[[2]netip.Addr]uint32
	waiting candidates
	newest  map[uint32]*flow // the latest stream of each SSRC
	news    news
	early   earlyControls

	voices    voices
	reporting int                   // streams that RTCP says something of
	reported  map[flowKey]*flow     // streams of which only RTCP was seen
	named     func(string) *CallRef // the call of a Call-ID, nil when unknown

	streams   []*flow      // published ones, in order of their first packet
	fresh     []*flow      // attached since the last publish
	changed   []*flow      // with packets since the last publish
	gone      int          // evicted ones that are still in these lists
	shrunk    bool         // some left since the last publish
	stale     []*callMedia // calls whose lists hold evicted streams
	published []*Stream
	history   int64 // octets of intervals and seconds of all streams
	contents  int64 // octets of what was read of payloads
	oddities  int   // streams that have something odd
	scorer    mos.Scorer
	buffer    *quality.BufferModel // in place of f60; nil: that
	batches   quality.Batches
	lanes     laneTable
	plainAt   *Plain        // the packet at hand, nil when it is no Plain
	packetAt  decode.Packet // what is in it
	lastID    int

	header   rtp.Header
	controls []rtp.Control

	secrets     Secrets // nil: none
	openAll     bool    // decrypt every packet
	tones       bool    // listen for keys in G.711
	observe     func(*MediaPacket)
	levels      bool // measure how loud streams are
	listening   int  // streams that are measured
	guarded     int  // streams with a guard
	handshakes  handshakeTable
	checks      checkTable
	moved       []*CallRef // calls whose checks or handshakes changed since the last publish
	plain       []byte     // what was decrypted last
	plainHeader rtp.Header
	media       MediaPacket // refilled for the observer
	shown       []rtp.Block // likewise

	datagrams DatagramCounts
	mapped    map[netip.AddrPort]netip.AddrPort // what STUN servers saw clients at
}

// A pair is two ends of media, in the direction of the packets.
type pair struct{ src, dst netip.AddrPort }

// defaultMaxStreams holds when the configuration gives no limit.
const defaultMaxStreams = 100_000

func newStreamTable(maxStreams int) *streamTable {
	if maxStreams <= 0 {
		maxStreams = defaultMaxStreams
	}
	return &streamTable{
		maxStreams: maxStreams,
		calls:      make(map[int]*callMedia),
		expected:   make(map[netip.AddrPort][]*expectation),
		sources:    make(map[uint32]*mediaLine),
		flows:      newFlowIndex(),
		pairs:      make(map[pair]*flow),
		tunnels:    make(map[[2]netip.Addr]uint32),
		waiting:    newCandidates(),
		newest:     make(map[uint32]*flow),
	}
}

// seen moves the table's time. Captures may run backwards; the table does not.
func (t *streamTable) seen(nanos int64) { t.now = max(t.now, nanos) }

// count writes the media part of the totals.
func (t *streamTable) count(totals *Totals) {
	totals.RTPPackets = t.totals.RTPPackets
	totals.RTCPPackets = t.totals.RTCPPackets
	totals.SRTPPackets = t.totals.SRTPPackets
	totals.T38Packets = t.totals.T38Packets
	totals.Streams = t.totals.Streams
}
