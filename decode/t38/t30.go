package t38

// A Command is what an HDLC frame of T.30 says: the facsimile control field
// without the bit that tells the sides apart (ITU-T T.30 §5.3.6.1).
type Command uint8

// The commands and responses that tell how a fax goes on.
const (
	DIS Command = 0x01
	DCS Command = 0x41
	CFR Command = 0x21
	FTT Command = 0x22
	EOM Command = 0x71
	MPS Command = 0x72
	EOP Command = 0x74
	PRI Command = 0x79 // EOM that asks for an operator; 0x7A and 0x7C likewise
	MCF Command = 0x31
	RTP Command = 0x33
	RTN Command = 0x32
	PIP Command = 0x35
	PIN Command = 0x34
	DCN Command = 0x5F
	PPS Command = 0x7D // with error correction: another command follows it
	EOR Command = 0x73
	PPR Command = 0x3D
)

const (
	hdlcAddress  = 0xFF
	hdlcControl  = 0xC0 // or 0xC8 for the last frame of a sequence
	controlMask  = 0xF7
	senderBit    = 0x80
	partialPages = 0x00
)

// A Frame is one HDLC frame of T.30.
type Frame struct {
	Command Command
	// EndOfPage is set for a command after a page: EOM, MPS, EOP, those that
	// ask for an operator, and PPS or EOR that carry one of them.
	EndOfPage bool
	Rate      int    // bit/s, of DCS; 0 when it cannot be read
	Modem     string // of DCS
	ECM       bool   // of DCS: errors are corrected
	HasECM    bool   // it is long enough to say so
}

// ParseFrame reads an HDLC frame without its check sequence.
func ParseFrame(b []byte) (f Frame, ok bool) {
	if len(b) < 3 || b[0] != hdlcAddress || b[1]&controlMask != hdlcControl {
		return Frame{}, false
	}
	f.Command = Command(b[2] &^ senderBit)
	switch {
	case f.Command == DIS: // its response bit makes it DTC; both are offers
	case f.Command == DCS:
		f.agree(b[3:])
	case f.Command == PPS || f.Command == EOR:
		f.EndOfPage = len(b) > 3 && b[3] != partialPages && Command(b[3]&^senderBit).endsPage()
	default:
		f.EndOfPage = f.Command.endsPage()
	}
	return f, true
}

func (c Command) endsPage() bool {
	switch c {
	case EOM, MPS, EOP, PRI, 0x7A, 0x7C:
		return true
	}
	return false
}

// Confirms reports whether the receiver took a page.
func (c Command) Confirms() bool { return c == MCF || c == RTP || c == PIP }

// Refuses reports whether the receiver wants the page again, or could not
// read it.
func (c Command) Refuses() bool { return c == RTN || c == PIN }

// rates are the values of bits 11 to 14 of DCS (T.30 table 2).
var rates = [16]struct {
	modem string
	rate  int
}{
	0x0: {"V.27", 2400}, 0x4: {"V.27", 4800}, 0x8: {"V.29", 9600}, 0xC: {"V.29", 7200},
	0x1: {"V.17", 14400}, 0x5: {"V.17", 12000}, 0x9: {"V.17", 9600}, 0xD: {"V.17", 7200},
	0x2: {"V.33", 14400}, 0x6: {"V.33", 12000},
}

// agree reads the information field of DCS. Bit 1 is the first that is sent,
// the most significant of the first octet.
func (f *Frame) agree(b []byte) {
	if len(b) >= 2 {
		r := rates[b[1]>>2&0x0F]
		f.Rate, f.Modem = r.rate, r.modem
	}
	if len(b) >= 3 {
		f.HasECM = true
		f.ECM = len(b) >= 4 && b[3]&0x20 != 0 // bit 27; a shorter field has none
	}
}
