package detect

// codec guesses the codec by lengths, ticks and the first octets (appendix B);
// its name is "" when nothing tells. What AMR looks like is so sure that its
// clock counts, also where packets were sent faster than they play.
func (f *facts) codec(packets []Packet, clock uint32, g *Guess) {
	for _, rate := range [...]uint32{8000, 16000} {
		if f.usual != int64(rate/50) { // one frame of 20 ms
			continue
		}
		if name, parameters := adaptive(packets, f.main, rate); name != "" {
			g.Codec, g.ClockRate, g.FMTP = name, rate, parameters
			return
		}
	}
	g.ClockRate = clock
	if clock == 90000 {
		g.Codec = videoCodec(packets, f.main)
		return
	}
	g.Codec = f.byLength(clock)
}

// byLength guesses the name of an audio codec by the length of its packets.
func (f *facts) byLength(clock uint32) string {
	if name := f.linear(); name != "" && f.constant() {
		return name
	}
	switch {
	case clock == 48000 && f.plain(48000) && f.usual <= 5760 && f.usual != 1024:
		return "opus"
	case f.usual == 1024 && clock >= 16000:
		return "mpeg4-generic"
	case clock == 8000 && f.constant():
		return narrow[lengthOf{f.length, f.usual}]
	case clock == 16000 && f.usual == 320 && f.constant():
		return wide[f.length]
	}
	return ""
}

// constant reports whether nearly all payloads have the same length.
func (f *facts) constant() bool { return f.usualCount*10 >= f.packets*8 }

// linear names the codec when the payload is plain samples of one or two
// channels.
func (f *facts) linear() string {
	if f.usual == 0 || int64(f.length)%f.usual != 0 {
		return ""
	}
	switch int64(f.length) / f.usual {
	case 2, 4:
		return "L16"
	case 3, 6:
		return "L24"
	}
	return ""
}

type lengthOf struct {
	octets int
	ticks  int64
}

// narrow are the codecs of 8 kHz by the octets and the ticks of a packet.
var narrow = map[lengthOf]string{
	{38, 160}: "iLBC", {50, 240}: "iLBC",
	{100, 160}: "G726-40", {80, 160}: "G726-32", {60, 160}: "G726-24", {40, 160}: "G726-16",
	{20, 160}: "G729", {33, 160}: "GSM", {31, 160}: "GSM-EFR",
	{24, 240}: "G723", {28, 160}: "speex", {46, 160}: "speex", {62, 160}: "speex",
}

// wide are those of 16 kHz in packets of 20 ms.
var wide = map[int]string{60: "G7221", 80: "G7221"}

// The bits of speech of each mode (appendix B), the silence descriptor last.
var (
	amrBits  = [...]int{95, 103, 118, 134, 148, 159, 204, 244, 39}
	amrWide  = [...]int{132, 177, 253, 285, 317, 365, 397, 461, 477, 40}
	amrNames = map[uint32]string{8000: "AMR", 16000: "AMR-WB"}
)

// adaptive recognises AMR: the mode in the table of contents gives the length
// of every packet (RFC 4867 §4.3, §4.4).
func adaptive(packets []Packet, payloadType uint8, clock uint32) (name, parameters string) {
	bits := amrBits[:]
	if clock == 16000 {
		bits = amrWide[:]
	} else if clock != 8000 {
		return "", ""
	}
	efficient, aligned, all := 0, 0, 0
	for i := range packets {
		p := &packets[i]
		if p.PayloadType != payloadType || p.Octets == 0 {
			continue
		}
		all++
		if mode := int(p.Head >> 23 & 15); p.Head>>27&1 == 0 && mode < len(bits) && p.Octets == (10+bits[mode]+7)/8 {
			efficient++
		}
		if mode := int(p.Head >> 19 & 15); p.Head>>23&1 == 0 && p.Head>>24&15 == 0 && mode < len(bits) && p.Octets == 2+(bits[mode]+7)/8 {
			aligned++
		}
	}
	switch {
	case all > 0 && aligned*10 >= all*9:
		return amrNames[clock], "octet-align=1"
	case all > 0 && efficient*10 >= all*9:
		return amrNames[clock], ""
	}
	return "", ""
}
