package correlate

import (
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// show gives a packet to the observer.
func (t *streamTable) show(f *flow, p *decode.Packet, clear []byte, wireLength int, h *rtp.Header) {
	m := &t.media
	format, codec := f.described(t.header.PayloadType)
	*m = MediaPacket{
		Stream: f.order, Src: f.key.src, Dst: f.key.dst, FromCaller: f.fromCaller,
		Frame: p.Frame, Nanos: p.Nanos, SSRC: f.key.ssrc, SequenceNumber: t.header.SequenceNumber,
		Timestamp: t.header.Timestamp, PayloadType: t.header.PayloadType, Marker: t.header.Marker,
		Codec: format.name, ClockRate: format.clock, Channels: codec.Channels, Parameters: codec.FMTP, Secure: f.secure,
	}
	if f.call != nil {
		m.Call = f.call.ref
	}
	if clear != nil && len(clear) == wireLength {
		m.Payload = clear[h.PayloadOffset : h.PayloadOffset+h.PayloadLength]
	}
	if format.content != contentBlocks || m.Payload == nil || !t.showBlocks(f, format.clock) {
		t.observe(m)
	}
	m.Payload = nil
}

// showBlocks gives the observer the blocks of the packet of RED in t.media,
// each as the packet that it stands for, the oldest first. It reports false
// when there are none to be read.
func (t *streamTable) showBlocks(f *flow, clock uint32) bool {
	m, outer := &t.media, t.media
	list, ok := rtp.ParseRED(t.shown[:0], outer.Payload, len(outer.Payload))
	t.shown = list
	step := int(f.account.Step(clock))
	for i := range list {
		b := &list[i]
		if !b.Primary && len(b.Data) == 0 { // there is none of so long ago
			continue
		}
		format, codec := f.described(b.PayloadType)
		*m = outer
		m.PayloadType, m.Payload, m.Redundant = b.PayloadType, b.Data, !b.Primary
		m.Codec, m.ClockRate, m.Channels, m.Parameters = format.name, format.clock, codec.Channels, codec.FMTP
		if m.Redundant {
			m.SequenceNumber -= uint16(back(list, i, step))
			m.Timestamp -= uint32(b.Offset)
			m.Marker = false
		}
		t.observe(m)
	}
	return ok
}
