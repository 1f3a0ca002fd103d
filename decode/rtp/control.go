package rtp

import (
	"encoding/binary"

	"github.com/pion/rtcp"
)

// The packet types of RTCP that this program looks into (RFC 3550 §12.1).
const (
	SenderReport      = 200
	ReceiverReport    = 201
	SourceDescription = 202
	Goodbye           = 203
	ApplicationData   = 204
	TransportFeedback = 205
	PayloadFeedback   = 206
	ExtendedReport    = 207
)

const (
	maxControls     = 64 // packets looked at in one datagram
	controlHead     = 4
	senderInfoSize  = 20
	reportBlockSize = 24
)

// A Control is one RTCP packet of a compound, as plain values.
type Control struct {
	Type    uint8 // 200 is a sender report; see the constants
	Count   uint8 // the five bits after the version: blocks, sources, or a subtype
	HasSSRC bool
	SSRC    uint32 // of the sender, or of the first chunk or source

	// Info is valid iff Type is SenderReport and Complete.
	Info   SenderInfo
	Blocks []ReportBlock // of sender and receiver reports

	Sources []uint32 // iff Type is Goodbye: who leaves
	Reason  string   // iff Type is Goodbye: why, "" when not said
	CNAME   string   // iff Type is SourceDescription: of the first chunk
	Name    string   // iff Type is ApplicationData: four octets, usually ASCII

	Feedback *Feedback // iff Type is TransportFeedback or PayloadFeedback, and Complete
	Extended *Extended // iff Type is ExtendedReport, and Complete

	// Complete is false when the content could not be read: cut, damaged,
	// encrypted, or of a type that is only counted.
	Complete bool
}

// SenderInfo is the middle of a sender report (RFC 3550 §6.4.1).
type SenderInfo struct {
	NTP       uint64 // 32.32 bits, seconds since 1900
	Timestamp uint32 // of RTP, at the same moment
	Packets   uint32
	Octets    uint32
}

// A ReportBlock is what a receiver says of one source (RFC 3550 §6.4.1).
type ReportBlock struct {
	SSRC           uint32
	FractionLost   uint8 // of 256, over the last interval
	CumulativeLost int32 // 24 bits, signed: duplicates make it negative
	Highest        uint32
	Jitter         uint32 // timestamp units
	LastSR         uint32 // middle 32 bits of the NTP time of the last sender report, 0 for none
	Delay          uint32 // since then, in 1/65536 s
}

// ParseControl appends the packets of an RTCP compound to list and returns it
// (RFC 3550 §6.1; reduced-size compounds of RFC 5506 are as good). Each packet
// is cut out by its own length field and read by itself, so that a bad one or
// an SRTCP trailer does not take the good ones before it away. What follows
// an impossible length is not looked at. Of a packet that the capture cut,
// the whole report blocks are read; so are those of an extended report.
// Nothing of b is kept.
//
// The error, a *ParseError, is the first fault; the packets before and, where
// lengths allow, after it are in the list all the same.
func ParseControl(list []Control, b []byte, wireLength int) ([]Control, error) {
	var first error
	wireLength = max(wireLength, len(b))
	for offset, n := 0, 0; offset < wireLength && n < maxControls; n++ {
		size, err := controlSize(b, offset, wireLength)
		if err == nil {
			var c Control
			err = c.read(b[offset:min(offset+size, len(b))], size)
			list = append(list, c)
		}
		if err != nil && first == nil {
			first = &ParseError{Protocol: "RTCP", Offset: offset, Err: err}
		}
		if size == 0 {
			break
		}
		offset += size
	}
	return list, first
}

// FirstControl reads what is in clear of an encrypted compound: the type and
// the sender of its first packet (RFC 3711 §3.4).
func FirstControl(b []byte, wireLength int) (Control, error) {
	var c Control
	if _, err := controlSize(b, 0, max(wireLength, len(b))); err != nil {
		return c, &ParseError{Protocol: "RTCP", Err: err}
	}
	c.head(b)
	return c, nil
}

// ControlInClear reports whether b, captured whole, is RTCP that nobody
// encrypted: its packets are of known types and fill it to the last octet.
// SRTCP has a trailer behind them, and no lengths that fit in between. Some
// senders leave out the encryption of their first or last reports.
func ControlInClear(b []byte) bool {
	const first, last = 192, 213 // of the types in use
	for n := 0; len(b) > 0 && n < maxControls; n++ {
		size, err := controlSize(b, 0, len(b))
		if err != nil || b[1] < first || b[1] > last {
			return false
		}
		b = b[size:]
	}
	return len(b) == 0
}

// Sensible reports whether the figures of reports can be those of a call. What
// is encrypted next to never passes.
func Sensible(list []Control) bool {
	const mostPackets, mostOctets, mostJitter, mostLost = 1 << 26, 9000, 1 << 20, 1 << 21
	for i := range list {
		c := &list[i]
		if s := &c.Info; s.Packets > mostPackets || uint64(s.Octets) > uint64(s.Packets)*mostOctets {
			return false
		}
		for _, b := range c.Blocks {
			if b.Jitter > mostJitter || b.CumulativeLost > mostLost || b.CumulativeLost < -mostLost {
				return false
			}
		}
	}
	return true
}

// controlSize returns the octets of the packet at offset, 0 with an error
// when its header cannot be right.
func controlSize(b []byte, offset, wireLength int) (int, error) {
	if len(b)-offset < controlHead {
		return 0, ErrTruncated
	}
	if b[offset]&versionBits != version2 {
		return 0, ErrVersion
	}
	size := controlHead * (int(binary.BigEndian.Uint16(b[offset+2:])) + 1)
	if offset+size > wireLength {
		return 0, ErrTruncated
	}
	return size, nil
}

// head reads what all packets have in common.
func (c *Control) head(b []byte) {
	c.Count = b[0] & 0x1F
	c.Type = b[1]
	nobody := c.Count == 0 && (c.Type == Goodbye || c.Type == SourceDescription)
	if len(b) >= 8 && !nobody {
		c.SSRC, c.HasSSRC = binary.BigEndian.Uint32(b[4:]), true
	}
}

// read reads one packet of size octets, of which b was captured.
func (c *Control) read(b []byte, size int) error {
	c.head(b)
	cut := len(b) < size
	if !cut {
		b = withoutPadding(b)
	}
	switch c.Type {
	case SenderReport:
		return c.readSender(wholeBlocks(b, cut, 8+senderInfoSize), cut)
	case ReceiverReport:
		return c.readReceiver(wholeBlocks(b, cut, 8), cut)
	case ExtendedReport:
		return c.readExtended(b, cut)
	}
	if cut {
		return ErrTruncated
	}
	switch c.Type {
	case SourceDescription:
		return c.readDescription(b)
	case Goodbye:
		return c.readGoodbye(b)
	case TransportFeedback, PayloadFeedback:
		return c.readFeedback(b)
	case ApplicationData:
		return c.readApplication(b)
	}
	return nil
}

// withoutPadding takes the padding of the last packet off (RFC 3550 §6.4.1).
func withoutPadding(b []byte) []byte {
	if b[0]&paddingBit == 0 {
		return b
	}
	n := int(b[len(b)-1])
	if n == 0 || n%4 != 0 || n > len(b)-controlHead {
		return b
	}
	return b[:len(b)-n]
}

// wholeBlocks makes of a report that was cut one that holds only the blocks
// which were captured whole. The copy is a few dozen octets.
func wholeBlocks(b []byte, cut bool, fixed int) []byte {
	if !cut || len(b) < fixed {
		return b
	}
	n := min((len(b)-fixed)/reportBlockSize, int(b[0]&0x1F))
	whole := append([]byte(nil), b[:fixed+n*reportBlockSize]...)
	whole[0] = version2 | byte(n)
	binary.BigEndian.PutUint16(whole[2:], uint16(len(whole)/4-1))
	return whole
}

func (c *Control) readSender(b []byte, cut bool) error {
	var r rtcp.SenderReport
	if err := r.Unmarshal(b); err != nil {
		return err
	}
	c.Info = SenderInfo{NTP: r.NTPTime, Timestamp: r.RTPTime, Packets: r.PacketCount, Octets: r.OctetCount}
	c.addBlocks(r.Reports)
	return c.finish(cut)
}

func (c *Control) readReceiver(b []byte, cut bool) error {
	var r rtcp.ReceiverReport
	if err := r.Unmarshal(b); err != nil {
		return err
	}
	c.addBlocks(r.Reports)
	return c.finish(cut)
}

func (c *Control) finish(cut bool) error {
	c.Complete = true
	if cut {
		return ErrTruncated
	}
	return nil
}

func (c *Control) addBlocks(reports []rtcp.ReceptionReport) {
	for i := range reports {
		r := &reports[i]
		c.Blocks = append(c.Blocks, ReportBlock{
			SSRC:           r.SSRC,
			FractionLost:   r.FractionLost,
			CumulativeLost: int32(r.TotalLost<<8) >> 8, // pion leaves the sign of the 24 bits to us
			Highest:        r.LastSequenceNumber,
			Jitter:         r.Jitter,
			LastSR:         r.LastSenderReport,
			Delay:          r.Delay,
		})
	}
}

func (c *Control) readDescription(b []byte) error {
	var d rtcp.SourceDescription
	if err := d.Unmarshal(b); err != nil {
		return err
	}
	c.Complete = true
	if len(d.Chunks) == 0 {
		return nil
	}
	for _, item := range d.Chunks[0].Items {
		if item.Type == rtcp.SDESCNAME {
			c.CNAME = item.Text
		}
	}
	return nil
}

func (c *Control) readGoodbye(b []byte) error {
	var g rtcp.Goodbye
	if err := g.Unmarshal(b); err != nil {
		return err
	}
	c.Sources, c.Reason, c.Complete = g.Sources, g.Reason, true
	return nil
}
