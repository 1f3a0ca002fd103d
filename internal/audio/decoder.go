package audio

import (
	"errors"
	"strings"
)

// A Decoder turns the payloads of one stream into samples, in the order in
// which they were sent. Codecs with a memory go on from the payload before.
type Decoder interface {
	// Rate is how many samples a second there are.
	Rate() int
	// Decode appends the samples of a payload to dst, one channel. What was
	// decoded before an error is appended.
	Decode(dst []int16, payload []byte) ([]int16, error)
}

// A Format is a codec as SDP describes it.
type Format struct {
	Codec      string // encoding name, in any case
	ClockRate  int    // Hz, 0 when unknown
	Channels   int    // 0 when unknown
	Parameters string // of a=fmtp
}

// ErrPayload reports a payload that the codec could not have made.
var ErrPayload = errors.New("payload does not fit the codec")

// maxChannels bounds what a description may claim.
const maxChannels = 8

// NewDecoder returns a decoder, nil for a codec that is not decoded here.
func NewDecoder(f Format) Decoder {
	rate, channels := f.ClockRate, min(max(f.Channels, 1), maxChannels)
	if rate < 4000 || rate > 192000 {
		rate = 8000
	}
	switch strings.ToUpper(f.Codec) {
	case "PCMU":
		return &g711{rate: rate, channels: channels, table: &muLaw}
	case "PCMA":
		return &g711{rate: rate, channels: channels, table: &aLaw}
	case "G722":
		return NewG722(g722Bits(f.Parameters))
	case "GSM":
		return NewGSM()
	case "L16":
		return &l16{rate: rate, channels: channels}
	case "OPUS":
		return newOpus()
	}
	return nil
}

// mixed appends the mean of interleaved channels to dst; what is left of an
// incomplete frame is not sound.
func mixed(dst, samples []int16, channels int) []int16 {
	if channels <= 1 {
		return append(dst, samples...)
	}
	for ; len(samples) >= channels; samples = samples[channels:] {
		sum := 0
		for _, s := range samples[:channels] {
			sum += int(s)
		}
		dst = append(dst, int16(sum/channels))
	}
	return dst
}
