package correlate

import (
	"strings"
	"unsafe"

	"sipsniff/correlate/quality"
	"sipsniff/decode/rtp"
	sound "sipsniff/internal/audio"
)

// A listening measures how loud a stream is, in the order in which its
// packets came.
type listening struct {
	payloadType uint8         // of the packet before that carried media
	known       bool          // there was one
	decoder     sound.Decoder // nil: of a codec that is not decoded, or not for this
	meter       *sound.Meter
	samples     []int16
}

// listeningMemory is what one takes, with the samples of a packet.
const listeningMemory = int64(unsafe.Sizeof(listening{})+unsafe.Sizeof(sound.Meter{})+unsafe.Sizeof(sound.G722{})) + 2048

// measure takes the payload of a packet, in clear.
func (t *streamTable) measure(f *flow, payloadType uint8, payload []byte) {
	if len(payload) == 0 {
		return // a packet that keeps a path open
	}
	l := f.listening
	if l == nil {
		l = &listening{}
		f.listening = l
		t.listening++
	}
	if (!l.known || l.payloadType != payloadType) && !l.change(f, payloadType) || l.decoder == nil {
		return
	}
	l.samples, _ = l.decoder.Decode(l.samples[:0], payload) // what does not fit the codec is no sound
	l.meter.Add(l.samples, nil)
	if cap(l.samples) > 1024 {
		l.samples = nil
	}
}

// change begins with another payload type, unless it carries no media. The
// levels of the one before stay when it is not decoded, or has another rate.
func (l *listening) change(f *flow, payloadType uint8) bool {
	format, codec := f.described(payloadType)
	if format.role != quality.Media {
		return false
	}
	l.payloadType, l.known, l.decoder = payloadType, true, nil
	if !strings.EqualFold(format.name, "opus") { // takes a thousand times as long as the others
		l.decoder = sound.NewDecoder(sound.Format{Codec: format.name, ClockRate: int(format.clock), Channels: int(codec.Channels), Parameters: codec.FMTP})
	}
	switch {
	case l.decoder == nil:
	case l.meter == nil:
		l.meter = sound.NewMeter(l.decoder.Rate(), sound.FullScale(format.name))
	case l.meter.Rate() != l.decoder.Rate():
		l.decoder = nil
	}
	return true
}

// levels is what was measured of a stream, nil when nothing was.
func (f *flow) levels() *sound.Levels {
	if f.listening == nil || f.listening.meter == nil {
		return nil
	}
	v := f.listening.meter.Levels()
	if v.Frames == 0 {
		return nil
	}
	return &v
}

// hear hands on what a packet carries: plain is the packet in clear, nil when
// that is not known, and h its header.
func (t *streamTable) hear(f *flow, plain []byte, wireLength int, h *rtp.Header, class quality.Class) {
	if t.levels && class != quality.Duplicate && plain != nil && len(plain) == wireLength {
		t.measure(f, h.PayloadType, plain[h.PayloadOffset:h.PayloadOffset+h.PayloadLength])
	}
}
