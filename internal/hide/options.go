package hide

// The options of TCP that say nothing of who is connected: windows, acknowledgements, times (RFC 9293, RFC 7323, RFC 2018).
const (
	optionEnd         = 0
	optionNone        = 1
	optionSegmentSize = 2
	optionWindow      = 3
	optionMayAck      = 4
	optionAck         = 5
	optionTime        = 8
)

const (
	smallestOption = 2
	headerOfTCP    = 20
)

// options overwrites those of a TCP header that are not known to be harmless: others hold addresses, of clients behind
// a load balancer or of further paths, and proofs of who sent the segment.
func (h *Hider) options(header []byte) {
	if h.learning || !h.covers(Addresses|Auth) || len(header) <= headerOfTCP {
		return
	}
	for b := header[headerOfTCP:]; len(b) > 0; {
		switch b[0] {
		case optionEnd:
			clear(b)
			return
		case optionNone:
			b = b[1:]
			continue
		}
		if len(b) < smallestOption || int(b[1]) < smallestOption || int(b[1]) > len(b) || b[1] != sizeOfOption(b[0], b[1]) {
			fillOptions(b)
			return
		}
		size := int(b[1])
		if !harmless(b[0]) {
			fillOptions(b[:size])
		}
		b = b[size:]
	}
}

func harmless(kind byte) bool {
	return kind == optionSegmentSize || kind == optionWindow || kind == optionMayAck || kind == optionAck || kind == optionTime
}

// sizeOfOption is how long an option has to be; one of a kind that is not known may have any size.
func sizeOfOption(kind, said byte) byte {
	switch kind {
	case optionSegmentSize:
		return 4
	case optionWindow:
		return 3
	case optionMayAck:
		return 2
	case optionTime:
		return 10
	}
	return said
}

func fillOptions(b []byte) {
	for i := range b {
		b[i] = optionNone
	}
}
