package detect

// videoCodec recognises H264, H265 and VP8 by the first octets of their
// payloads, which have to agree with the markers; "" for others and for what
// is encrypted.
func videoCodec(packets []Packet, payloadType uint8) string {
	var h264, h265, vp8 int
	all := 0
	first := true // a packet that begins a frame
	for i := range packets {
		p := &packets[i]
		if p.PayloadType != payloadType || p.Repeated || p.Octets < 4 {
			continue
		}
		all++
		h264 += one(isH264(p))
		h265 += one(isH265(p))
		vp8 += one(isVP8(p, first))
		first = p.Marker
	}
	for _, c := range [...]struct {
		count int
		name  string
	}{{h265, "H265"}, {h264, "H264"}, {vp8, "VP8"}} {
		if all >= leastPackets && c.count*10 >= all*9 {
			return c.name
		}
	}
	return ""
}

// isH264 looks at the NAL unit (RFC 6184 §5.2): slices, parameter sets, an
// aggregate, or a fragment that ends where the frame ends.
func isH264(p *Packet) bool {
	unit := p.Head >> 24
	if unit&0x80 != 0 {
		return false
	}
	switch unit & 31 {
	case 1, 5, 6, 7, 8, 9, 24:
		return true
	case 28:
		fragment := p.Head >> 16 & 0xFF
		ends := fragment&0x40 != 0
		return fragment&0x20 == 0 && fragment&0xC0 != 0xC0 && (!p.Marker || ends)
	}
	return false
}

// isH265 looks at the two octets of a NAL unit (RFC 7798 §1.1.4): layer 0,
// temporal layer 1 to 7.
func isH265(p *Packet) bool {
	unit := p.Head >> 16
	if unit&0x8000 != 0 || unit&0x01F8 != 0 || unit&7 == 0 {
		return false
	}
	switch kind := unit >> 9 & 63; {
	case kind == 49: // a fragment
		return p.Head>>8&0xC0 != 0xC0 && (!p.Marker || p.Head>>8&0x40 != 0)
	case kind == 48, kind <= 21, kind >= 32 && kind <= 40:
		return true
	}
	return false
}

// isVP8 looks at the payload descriptor (RFC 7741 §4.2): the first packet of
// a frame, and no other, begins partition 0.
func isVP8(p *Packet, first bool) bool {
	descriptor := p.Head >> 24
	begins := descriptor&0x1F == 0x10
	return descriptor&0x48 == 0 && begins == first
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
