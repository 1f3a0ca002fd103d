package rtp

import (
	"encoding/binary"
	"math/bits"
)

// The formats of feedback (RFC 4585 §6.2, §6.3; RFC 5104 §4.3) that are counted.
const (
	genericNACK = 1 // of TransportFeedback
	pictureLoss = 1 // of PayloadFeedback, as the next
	fullIntra   = 4
)

const maxFeedback = 31 // sources of one packet that are asked for a full picture

// Feedback is what a receiver asks of a source.
type Feedback struct {
	Media    uint32   // the source; of no meaning for full pictures
	Missing  int      // packets that are asked for again (generic NACK)
	Pictures int      // 1 when the packet says that a picture was lost (PLI)
	Intra    []uint32 // sources that are asked for a full picture (FIR)
}

// readFeedback reads a packet of b:
//
//	head(32) ssrc of the sender(32) ssrc of the media(32) entries
func (c *Control) readFeedback(b []byte) error {
	if len(b) < 12 {
		return ErrTruncated
	}
	f := &Feedback{Media: word(b, 8)}
	entries := b[12:]
	switch {
	case c.Type == TransportFeedback && c.Count == genericNACK:
		for ; len(entries) >= 4; entries = entries[4:] {
			f.Missing += 1 + bits.OnesCount16(binary.BigEndian.Uint16(entries[2:]))
		}
	case c.Type == PayloadFeedback && c.Count == pictureLoss:
		f.Pictures = 1
	case c.Type == PayloadFeedback && c.Count == fullIntra:
		for ; len(entries) >= 8 && len(f.Intra) < maxFeedback; entries = entries[8:] {
			f.Intra = append(f.Intra, word(entries, 0))
		}
	}
	c.Feedback, c.Complete = f, true
	return nil
}

// readApplication reads the name of a packet that an application defines.
func (c *Control) readApplication(b []byte) error {
	if len(b) < 12 {
		return ErrTruncated
	}
	c.Name, c.Complete = string(b[8:12]), true
	return nil
}
