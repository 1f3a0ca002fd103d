package hep

import (
	"encoding/binary"
	"encoding/json"
)

// voipJSON is a block of VoIP metrics (RFC 3611 §4.7) as agents describe it:
// without what the block says of signals, ratings and buffers.
type voipJSON struct {
	Type          number `json:"type"`
	SSRC          number `json:"id"` // of the source
	Lost          number `json:"fraction_lost"`
	Discarded     number `json:"fraction_discard"`
	BurstDensity  number `json:"burst_density"`
	GapDensity    number `json:"gap_density"`
	BurstDuration number `json:"burst_duration"`
	GapDuration   number `json:"gap_duration"`
	RoundTrip     number `json:"round_trip_delay"`
	EndSystem     number `json:"end_system_delay"`
}

// UnmarshalJSON implements json.Unmarshaler. Agents write the block itself or
// a list of blocks; of that the first counts, and something else is no block.
func (v *voipJSON) UnmarshalJSON(b []byte) error {
	type plain voipJSON // without this method
	if len(b) > 0 && b[0] == '[' {
		var list []plain
		if json.Unmarshal(b, &list) == nil && len(list) > 0 {
			*v = voipJSON(list[0])
		}
		return nil
	}
	var one plain
	if json.Unmarshal(b, &one) == nil {
		*v = voipJSON(one)
	}
	return nil
}

// append appends an extended report with the block. A block that lacks the
// source or one of the rates is none: zero would say that nothing was lost.
func (v *voipJSON) append(b []byte, sender uint32) ([]byte, bool) {
	const voipBlock, unavailable = 7, 127
	source, ok := v.SSRC.word()
	if !ok || source == 0 || v.Type.known && v.Type.value != voipBlock {
		return b, false
	}
	rates := [...]number{v.Lost, v.Discarded}
	for _, n := range rates {
		if !n.known || n.value < 0 || n.value > 255 {
			return b, false
		}
	}
	start := len(b)
	b = append(b, 0x80, extendedReport, 0, 0)
	b = binary.BigEndian.AppendUint32(b, sender)
	b = append(b, voipBlock, 0, 0, 8)
	b = binary.BigEndian.AppendUint32(b, source)
	b = append(b, byte(v.Lost.value), byte(v.Discarded.value), octet(v.BurstDensity), octet(v.GapDensity))
	for _, n := range [...]number{v.BurstDuration, v.GapDuration, v.RoundTrip, v.EndSystem} {
		b = binary.BigEndian.AppendUint16(b, half(n))
	}
	b = append(b, unavailable, unavailable, unavailable, 16) // signal, noise, RERL, Gmin
	b = append(b, unavailable, unavailable, unavailable, unavailable)
	b = append(b, make([]byte, 8)...) // of the buffer nothing is known
	setLength(b[start:])
	return b, true
}

// octet is what fits in eight bits; 0 when it does not.
func octet(n number) byte {
	if !n.known || n.value < 0 || n.value > 0xFF {
		return 0
	}
	return byte(n.value)
}

func half(n number) uint16 {
	if !n.known || n.value < 0 || n.value > 0xFFFF {
		return 0
	}
	return uint16(n.value)
}

// items are those of a source description.
type items []struct {
	Type number `json:"type"`
	Text text   `json:"text"`
}

// UnmarshalJSON implements json.Unmarshaler. What is no list is none.
func (i *items) UnmarshalJSON(b []byte) error {
	type plain items
	var list plain
	if json.Unmarshal(b, &list) == nil {
		*i = items(list)
	}
	return nil
}

// A text is empty when it is something else.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = text(s)
	}
	return nil
}

// appendDescription appends the name of a source (CNAME, RFC 3550 §6.5.1).
func (r *rtcpJSON) appendDescription(b []byte) []byte {
	const cname, longest = 1, 255
	ssrc, ok := r.Descriptor.word()
	if !ok {
		return b
	}
	for _, item := range r.Description {
		if item.Type.value != cname || item.Text == "" || len(item.Text) > longest {
			continue
		}
		start := len(b)
		b = append(b, 0x81, description, 0, 0)
		b = binary.BigEndian.AppendUint32(b, ssrc)
		b = append(b, cname, byte(len(item.Text)))
		b = append(append(b, item.Text...), 0)
		for (len(b)-start)%4 != 0 {
			b = append(b, 0)
		}
		setLength(b[start:])
		break
	}
	return b
}
