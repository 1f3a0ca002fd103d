package rtp

import "encoding/binary"

// The blocks of extended reports (RFC 3611 §4) that this program knows.
const (
	lossRLEBlock       = 1
	duplicateRLEBlock  = 2
	receiptTimesBlock  = 3
	referenceTimeBlock = 4
	delayBlock         = 5
	summaryBlock       = 6
	voipBlock          = 7
)

// KnownBlocks is the number of block types that are counted apart.
const KnownBlocks = 7

const (
	maxExtended = 31 // blocks of one kind that are kept of one packet, as report blocks are
	delaySize   = 12
	summarySize = 36 // without the header, as voipSize
	voipSize    = 32
)

// An Extended is what an extended report says.
type Extended struct {
	// Blocks counts the whole blocks by type, 1 to 7; 0 stands for all others.
	Blocks [KnownBlocks + 1]uint16

	Reference uint64 // the sender's NTP time (RRT); 0 when not said
	Delays    []ReferenceDelay
	Summaries []Summary
	VoIP      []VoIP
}

// A ReferenceDelay answers the reference time of a receiver (DLRR).
type ReferenceDelay struct {
	SSRC  uint32 // of the receiver
	Last  uint32 // middle 32 bits of its reference time, 0 for none
	Delay uint32 // since then, in 1/65536 s
}

// A Summary is a statistics summary (RFC 3611 §4.6). Values are valid iff
// their flag is set.
type Summary struct {
	SSRC       uint32
	Begin, End uint16 // sequence numbers, the first and the one after the last

	HasLost, HasDuplicates, HasJitter bool
	Lost, Duplicates                  uint32
	MinJitter, MaxJitter              uint32 // timestamp units, as the others
	MeanJitter, JitterDeviation       uint32

	HasTTL                bool // or hop limit
	MinTTL, MaxTTL        uint8
	MeanTTL, TTLDeviation uint8
}

// Unavailable is what the signal, the ratings and the scores of a VoIP block
// are when they are not known.
const Unavailable = 127

// VoIP is a block of VoIP metrics as it is on the wire (RFC 3611 §4.7).
type VoIP struct {
	SSRC                                 uint32 // the source that it is about
	LossRate, DiscardRate                uint8  // of 256
	BurstDensity, GapDensity             uint8  // of 256
	BurstDuration, GapDuration           uint16 // ms
	RoundTrip, EndSystem                 uint16 // delays in ms, 0 when unknown
	Signal, Noise                        int8   // dBm0, or Unavailable
	ReturnLoss                           uint8  // dB (RERL), or Unavailable
	MinGap                               uint8  // Gmin
	R, ExternalR                         uint8  // 0 to 100, or Unavailable
	MOSListening, MOSConversation        uint8  // tenths, 10 to 50, or Unavailable
	Config                               uint8  // of the receiver: concealment, kind and rate of its jitter buffer
	BufferNominal, BufferMax, BufferMost uint16 // ms
}

// readExtended reads the whole blocks of an extended report. The length of
// each block leads to the next, so that strange ones are stepped over.
func (c *Control) readExtended(b []byte, cut bool) error {
	if len(b) < 8 {
		return ErrTruncated
	}
	x := new(Extended)
	c.Extended, c.Complete = x, true
	for b = b[8:]; len(b) > 0; {
		if len(b) < controlHead {
			return ErrTruncated
		}
		size := controlHead * (int(binary.BigEndian.Uint16(b[2:])) + 1)
		if size > len(b) {
			return ErrTruncated
		}
		x.block(b[0], b[1], b[controlHead:size])
		b = b[size:]
	}
	if cut {
		return ErrTruncated
	}
	return nil
}

// block takes the content of one block. One that is too short for its type is
// counted and not read.
func (x *Extended) block(kind, flags uint8, b []byte) {
	if kind > KnownBlocks {
		kind = 0
	}
	x.Blocks[kind]++
	switch {
	case kind == referenceTimeBlock && len(b) >= 8:
		x.Reference = binary.BigEndian.Uint64(b)
	case kind == delayBlock:
		for ; len(b) >= delaySize && len(x.Delays) < maxExtended; b = b[delaySize:] {
			x.Delays = append(x.Delays, ReferenceDelay{word(b, 0), word(b, 4), word(b, 8)})
		}
	case kind == summaryBlock && len(b) >= summarySize && len(x.Summaries) < maxExtended:
		x.Summaries = append(x.Summaries, readSummary(flags, b))
	case kind == voipBlock && len(b) >= voipSize && len(x.VoIP) < maxExtended:
		x.VoIP = append(x.VoIP, readVoIP(b))
	}
}

// readSummary reads b, whose layout is
//
//	ssrc(32) begin(16) end(16) lost(32) duplicates(32)
//	jitter: min(32) max(32) mean(32) deviation(32)
//	TTL: min(8) max(8) mean(8) deviation(8)
func readSummary(flags uint8, b []byte) Summary {
	const lost, duplicates, jitter, ttl = 0x80, 0x40, 0x20, 0x18
	return Summary{
		SSRC: word(b, 0), Begin: half(b, 4), End: half(b, 6),
		HasLost: flags&lost != 0, HasDuplicates: flags&duplicates != 0, HasJitter: flags&jitter != 0, HasTTL: flags&ttl != 0,
		Lost: word(b, 8), Duplicates: word(b, 12),
		MinJitter: word(b, 16), MaxJitter: word(b, 20), MeanJitter: word(b, 24), JitterDeviation: word(b, 28),
		MinTTL: b[32], MaxTTL: b[33], MeanTTL: b[34], TTLDeviation: b[35],
	}
}

// readVoIP reads b, whose layout is
//
//	ssrc(32)
//	loss(8) discard(8) burst density(8) gap density(8)
//	burst duration(16) gap duration(16)
//	round trip(16) end system(16)
//	signal(8) noise(8) RERL(8) Gmin(8)
//	R(8) external R(8) MOS-LQ(8) MOS-CQ(8)
//	config(8) reserved(8) buffer nominal(16)
//	buffer maximum(16) buffer absolute maximum(16)
func readVoIP(b []byte) VoIP {
	return VoIP{
		SSRC: word(b, 0), LossRate: b[4], DiscardRate: b[5], BurstDensity: b[6], GapDensity: b[7],
		BurstDuration: half(b, 8), GapDuration: half(b, 10), RoundTrip: half(b, 12), EndSystem: half(b, 14),
		Signal: int8(b[16]), Noise: int8(b[17]), ReturnLoss: b[18], MinGap: b[19],
		R: b[20], ExternalR: b[21], MOSListening: b[22], MOSConversation: b[23],
		Config: b[24], BufferNominal: half(b, 26), BufferMax: half(b, 28), BufferMost: half(b, 30),
	}
}

func word(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
func half(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

// Middle is the middle of an NTP time: what LSR and the like repeat of it
// (RFC 3550 §6.4.1).
func Middle(ntp uint64) uint32 { return uint32(ntp >> 16) }

// UnixNanos is an NTP time of the years 1970 to 2036 in ns since the Unix
// epoch; before, it is negative.
func UnixNanos(ntp uint64) int64 {
	const epoch = 2_208_988_800 // s from 1900 to 1970
	return (int64(ntp>>32)-epoch)*1e9 + int64((ntp&0xFFFFFFFF)*1e9>>32)
}
