package hep

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
)

// The types of RTCP packets (RFC 3550 §12.1) that are written.
const (
	senderReport   = 200
	receiverReport = 201
	description    = 202
	extendedReport = 207
)

// maxBlocks is how many blocks a report can have: its count has five bits.
const maxBlocks = 31

// maxReport is how long RTCP as JSON can be, in octets: 31 blocks take a tenth.
// Decompression makes much of little, and values of JSON take more yet.
const maxReport = 1 << 16

// rtcpJSON is RTCP as agents describe it. What is not there stays unknown.
type rtcpJSON struct {
	SSRC   number `json:"ssrc"`
	Type   number `json:"type"`
	Sender struct {
		Seconds   number `json:"ntp_timestamp_sec"`
		Fraction  number `json:"ntp_timestamp_usec"`
		Timestamp number `json:"rtp_timestamp"`
		Packets   number `json:"packets"`
		Octets    number `json:"octets"`
	} `json:"sender_information"`
	Blocks []blockJSON `json:"report_blocks"`

	Extended    voipJSON `json:"report_blocks_xr"`
	Descriptor  number   `json:"sdes_ssrc"`
	Description items    `json:"sdes_information"`
}

type blockJSON struct {
	SSRC       number `json:"source_ssrc"`
	Fraction   number `json:"fraction_lost"`
	Lost       number `json:"packets_lost"`
	Highest    number `json:"highest_seq_no"`
	Jitter     number `json:"ia_jitter"`
	LastReport number `json:"lsr"`
	Delay      number `json:"dlsr"`
}

// A number may be written as one or as a string.
type number struct {
	value int64
	known bool
}

// UnmarshalJSON implements json.Unmarshaler. What is no number is unknown.
func (n *number) UnmarshalJSON(b []byte) error {
	text := string(bytes.Trim(b, `" `))
	*n = number{}
	if v, err := strconv.ParseInt(text, 0, 64); err == nil {
		*n = number{value: v, known: true}
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) < 1<<62 {
		*n = number{value: int64(f), known: true}
	}
	return nil
}

// word reports whether n fits in 32 bits, and gives them.
func (n number) word() (uint32, bool) {
	return uint32(n.value), n.known && n.value >= 0 && n.value <= math.MaxUint32
}

// AppendRTCP appends the sender or receiver report that a JSON text describes,
// as it was on the wire, and behind it the name of the sender and the VoIP
// metrics where the text has them. Report blocks that lack a figure are left
// out, since it would read as a zero; without anything to report it returns
// false.
func AppendRTCP(b, text []byte) (out []byte, ok bool) {
	var r rtcpJSON
	if len(text) > maxReport || json.Unmarshal(text, &r) != nil {
		return b, false
	}
	ssrc, ok := r.SSRC.word()
	if !ok {
		return b, false
	}
	start := len(b)
	b = append(b, 0x80, receiverReport, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ssrc)
	b, sends := r.appendSender(b)
	if sends {
		b[start+1] = senderReport
	}
	b, count := r.appendBlocks(b)
	extended, measured := r.Extended.append(nil, ssrc)
	if count == 0 && !sends && !measured {
		return b[:start], false
	}
	b[start] |= byte(count)
	setLength(b[start:])
	return append(r.appendDescription(b), extended...), true
}

// appendBlocks appends the report blocks and returns how many there are.
func (r *rtcpJSON) appendBlocks(b []byte) (out []byte, count int) {
	for i := range r.Blocks {
		if whole, ok := r.Blocks[i].append(b); ok && count < maxBlocks {
			b = whole
			count++
		}
	}
	return b, count
}

// setLength writes the length of the packet that is b.
func setLength(b []byte) { binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1)) }

// appendSender appends the sender's part. The type is that of the last packet
// of the compound, which may be a description, so that the time decides.
func (r *rtcpJSON) appendSender(b []byte) ([]byte, bool) {
	s := &r.Sender
	seconds, a := s.Seconds.word()
	timestamp, c := s.Timestamp.word()
	packets, d := s.Packets.word()
	octets, e := s.Octets.word()
	if r.Type.value == receiverReport || !a || seconds == 0 || !c || !d || !e {
		return b, false
	}
	for _, v := range [...]uint32{seconds, fraction(s.Fraction), timestamp, packets, octets} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b, true
}

// fraction is the second half of an NTP time. Agents write microseconds, as
// the name of the field says, or the half itself.
func fraction(n number) uint32 {
	v, ok := n.word()
	switch {
	case !ok:
		return 0
	case v < 1e6:
		return uint32(uint64(v) << 32 / 1e6)
	}
	return v
}

// append appends a report block (RFC 3550 §6.4.1). A zero for the last sender
// report stands for none.
func (k *blockJSON) append(b []byte) ([]byte, bool) {
	ssrc, a := k.SSRC.word()
	highest, c := k.Highest.word()
	jitter, d := k.Jitter.word()
	lost, e := cumulative(k.Lost)
	if !a || !c || !d || !e || !k.Fraction.known || k.Fraction.value < 0 || k.Fraction.value > 255 {
		return b, false
	}
	last, known := k.LastReport.word()
	delay, delayed := k.Delay.word()
	if !known || !delayed {
		last, delay = 0, 0
	}
	for _, v := range [...]uint32{ssrc, uint32(k.Fraction.value)<<24 | lost, highest, jitter, last, delay} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b, true
}

// cumulative gives the 24 bits of a loss, which agents write signed or not.
func cumulative(n number) (uint32, bool) {
	const bits = 24
	if !n.known || n.value < -1<<(bits-1) || n.value >= 1<<bits {
		return 0, false
	}
	return uint32(n.value) & (1<<bits - 1), true
}
