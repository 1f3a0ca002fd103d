package audio

import (
	"fmt"

	"github.com/pion/opus"
)

// An opusDecoder decodes RFC 6716 at 48 kHz, both channels mixed to one.
type opusDecoder struct {
	decoder opus.Decoder
	samples []int16
}

const (
	opusRate  = 48000
	opusFrame = opusRate * 120 / 1000 // samples of the longest packet (RFC 6716 §3.2.5)
	opusDTX   = 2                     // octets at most of a packet that says "nothing was said"
)

func newOpus() Decoder {
	d, err := opus.NewDecoderWithOutput(opusRate, 2)
	if err != nil {
		return nil
	}
	return &opusDecoder{decoder: d, samples: make([]int16, 2*opusFrame)}
}

func (d *opusDecoder) Rate() int { return opusRate }

// Decode appends nothing for packets of DTX (RFC 7587 §3.1.3).
func (d *opusDecoder) Decode(dst []int16, payload []byte) (out []int16, err error) {
	if len(payload) <= opusDTX {
		return dst, nil
	}
	defer func() {
		if r := recover(); r != nil { // the decoder is not ours, its input a stranger's
			out, err = dst, fmt.Errorf("%w: opus: %v", ErrPayload, r)
		}
	}()
	n, err := d.decoder.DecodeToInt16(payload, d.samples)
	if err != nil {
		return dst, fmt.Errorf("%w: opus: %w", ErrPayload, err)
	}
	return mixed(dst, d.samples[:2*n], 2), nil
}
