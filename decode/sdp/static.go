package sdp

// staticCodecs are the assignments of RFC 3551 §6, Tables 4 and 5. G722 is
// there with a clock rate of 8000 although it samples at 16 kHz.
var staticCodecs = [...]Codec{
	0:  {Name: "PCMU", ClockRate: 8000, Channels: 1},
	2:  {Name: "G721", ClockRate: 8000, Channels: 1}, // reserved since, still met
	3:  {Name: "GSM", ClockRate: 8000, Channels: 1},
	4:  {Name: "G723", ClockRate: 8000, Channels: 1},
	5:  {Name: "DVI4", ClockRate: 8000, Channels: 1},
	6:  {Name: "DVI4", ClockRate: 16000, Channels: 1},
	7:  {Name: "LPC", ClockRate: 8000, Channels: 1},
	8:  {Name: "PCMA", ClockRate: 8000, Channels: 1},
	9:  {Name: "G722", ClockRate: 8000, Channels: 1},
	10: {Name: "L16", ClockRate: 44100, Channels: 2},
	11: {Name: "L16", ClockRate: 44100, Channels: 1},
	12: {Name: "QCELP", ClockRate: 8000, Channels: 1},
	13: {Name: "CN", ClockRate: 8000, Channels: 1},
	14: {Name: "MPA", ClockRate: 90000},
	15: {Name: "G728", ClockRate: 8000, Channels: 1},
	16: {Name: "DVI4", ClockRate: 11025, Channels: 1},
	17: {Name: "DVI4", ClockRate: 22050, Channels: 1},
	18: {Name: "G729", ClockRate: 8000, Channels: 1},
	19: {Name: "CN", ClockRate: 8000, Channels: 1}, // of old drafts
	25: {Name: "CelB", ClockRate: 90000},
	26: {Name: "JPEG", ClockRate: 90000},
	28: {Name: "nv", ClockRate: 90000},
	31: {Name: "H261", ClockRate: 90000},
	32: {Name: "MPV", ClockRate: 90000},
	33: {Name: "MP2T", ClockRate: 90000},
	34: {Name: "H263", ClockRate: 90000},
}

// Static returns the codec that RFC 3551 assigns to a payload type.
func Static(payloadType uint8) (Codec, bool) {
	if int(payloadType) >= len(staticCodecs) || staticCodecs[payloadType].Name == "" {
		return Codec{}, false
	}
	c := staticCodecs[payloadType]
	c.PayloadType = payloadType
	c.Static = true
	return c, true
}
