package correlate

import (
	"strings"

	"sipsniff/correlate/quality"
	"sipsniff/decode/sdp"
)

// A format is what one payload type means to the accounting.
type format struct {
	name        string // encoding name, "" when unknown
	clock       uint32 // Hz, 0 when unknown
	payloadType uint8
	role        quality.Role
	guessed     bool // by the shape of the packets

	// How to tell a silence descriptor by the octets of payload: frame is
	// the size of a speech frame, of which a packet without one holds whole
	// ones; silence is the size of a lone descriptor. 0 when it says nothing.
	frame, silence uint8

	playback uint32  // Hz that the receiver of Opus plays at, 0 when it does not say
	amr      amrMode // how AMR and AMR-WB say which mode they use
	content  content // what is looked for in the payload
	again    uint8   // payload type of what a retransmission brings again
	law      law     // of G.711; set in flow.format only
}

// formatsOf prepares the payload types of an m= line.
func formatsOf(m *sdp.Media) []format {
	formats := make([]format, len(m.Codecs))
	for i := range m.Codecs {
		formats[i] = formatOf(&m.Codecs[i])
		formats[i].describeContent(m, &m.Codecs[i])
	}
	return formats
}

// formatOf reads a codec's name; those of silence descriptors have the sizes
// of appendix B of the specification.
func formatOf(c *sdp.Codec) format {
	f := format{payloadType: c.PayloadType, name: c.Name, clock: c.ClockRate, content: contentOf(c.Name)}
	switch strings.ToLower(c.Name) {
	case "telephone-event", "tone":
		f.role = quality.Event
	case "cn":
		f.role = quality.Comfort
	case "rtx", "ulpfec", "flexfec", "flexfec-03", "parityfec", "1d-interleaved-parityfec", "raptorfec":
		f.role = quality.Repair
	case "g729", "g729a", "g729ab":
		f.frame = 10
	case "g723":
		f.silence = 4
	case "amr", "amr-wb":
		f.silence = 7
		f.amr = amrModeOf(c.FMTP)
	case "g722": // the RTP clock of these is fixed, whatever a description says
		f.clock = 8000 // RFC 3551 §4.5.2
	case "mpa":
		f.clock = 90000 // RFC 3551 §4.5.13
	case "opus":
		f.clock = 48000 // RFC 7587 §4.1
		f.playback = parameterOf(c.FMTP, "maxplaybackrate")
	}
	return f
}

// from says where a format comes from; a line is the description of it.
func (f *format) from(line *mediaLine) string {
	switch {
	case line != nil:
		return "sdp"
	case f.guessed:
		return "guess"
	case f.name != "":
		return "static"
	}
	return ""
}

// roleOf is the role of a packet with so many octets of payload in clear.
func (f *format) roleOf(octets int) quality.Role {
	if f.role != quality.Media || octets == 0 {
		return f.role
	}
	if f.frame != 0 && octets%int(f.frame) != 0 || f.silence != 0 && octets == int(f.silence) {
		return quality.Comfort
	}
	return quality.Media
}

// find returns the format of a payload type in a line, or in the lines that
// share its transport.
func (l *mediaLine) find(payloadType uint8) (*format, *mediaLine) {
	if l == nil {
		return nil, nil
	}
	for i := range l.formats {
		if l.formats[i].payloadType == payloadType {
			return &l.formats[i], l
		}
	}
	if !l.bundled {
		return nil, nil
	}
	for _, other := range l.party.lines {
		if other == l || !other.bundled {
			continue
		}
		for i := range other.formats {
			if other.formats[i].payloadType == payloadType {
				return &other.formats[i], other
			}
		}
	}
	return nil, nil
}

// lookup says what a payload type of the flow means: the receiver's numbers
// count, then the sender's (spec §5.1), then RFC 3551. The line is nil when
// no description lists it.
func (f *flow) lookup(payloadType uint8) (format, *mediaLine) {
	for _, l := range [...]*mediaLine{f.receiver, f.sender} {
		if known, line := l.find(payloadType); known != nil {
			return *known, line
		}
	}
	if known, ok := f.orphan.find(payloadType); ok {
		return known, nil
	}
	if c, ok := sdp.Static(payloadType); ok {
		return formatOf(&c), nil
	}
	return format{payloadType: payloadType}, nil
}

// described is lookup with the codec as the description has it.
func (f *flow) described(payloadType uint8) (format, sdp.Codec) {
	known, line := f.lookup(payloadType)
	if line == nil {
		c, _ := sdp.Static(payloadType)
		return known, c
	}
	for i := range line.media.Codecs {
		if c := &line.media.Codecs[i]; c.PayloadType == payloadType {
			return known, *c
		}
	}
	return known, sdp.Codec{}
}
