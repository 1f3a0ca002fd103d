package fax

import "sipsniff/decode/t38"

// A talk is what one side says in T.30, the protocol of fax machines.
type talk struct {
	packet     t38.Packet
	frame      [64]byte // of HDLC, as far as it is looked at
	length     int
	indicators [23]uint32
	bad        uint64

	carried t38.Modem // of the latest page; 0, which is V.21, for none
	agreed  t38.Frame // the latest DCS

	data      bool // of a page came since the end of the last one
	repeated  bool // the other side asked for parts of the page again
	awaiting  bool // the other side has to say how it took the page
	pages     int
	confirmed int
	refused   int
	seen      bool // packets of the other side came
	badFrames int
	goodbye   bool
}

// understand takes an IFP packet in the order of their numbers.
func (a *Account) understand(ifp []byte, version int, other *Account) {
	if len(ifp) == 0 {
		return
	}
	if !a.packet.Parse(ifp, version) {
		a.talk.bad++
		return
	}
	if other != nil {
		other.seen = true
		a.seen = true
	}
	p := &a.packet
	if !p.Data {
		a.indicate(p.Indicator)
		return
	}
	for i := range p.Fields {
		a.field(&p.Fields[i], other)
	}
}

func (k *talk) indicate(i t38.Indicator) {
	k.length = 0
	if int(i) < len(k.indicators) {
		k.indicators[i]++
	}
}

// field takes a piece of data: commands come by V.21, pages by the others.
func (a *Account) field(f *t38.Field, other *Account) {
	if a.packet.Modem != t38.V21 {
		if len(f.Data) > 0 {
			a.data, a.carried = true, a.packet.Modem
		}
		return
	}
	switch f.Type {
	case t38.HDLCData:
		a.length += copy(a.frame[a.length:], f.Data)
	case t38.HDLCFCSOK, t38.HDLCFCSOKSigEnd:
		a.length += copy(a.frame[a.length:], f.Data)
		if frame, ok := t38.ParseFrame(a.frame[:a.length]); ok {
			a.command(&frame, other)
		}
		a.length = 0
	case t38.HDLCFCSBad, t38.HDLCFCSBadSigEnd:
		a.badFrames++
		a.length = 0
	default:
		a.length = 0
	}
}

// command takes a frame of T.30.
func (a *Account) command(f *t38.Frame, other *Account) {
	switch {
	case f.Command == t38.DCS:
		a.agreed, a.data = *f, false
	case f.Command == t38.DCN:
		a.goodbye = true
	case f.EndOfPage:
		a.endOfPage()
	case other == nil:
	case f.Command == t38.PPR:
		other.repeated, other.awaiting = true, false
	case f.Command.Confirms() || f.Command.Refuses():
		other.taken(f.Command.Confirms())
	}
}

// endOfPage counts a page once: the command is repeated until it is answered,
// and after parts were sent again.
func (k *talk) endOfPage() {
	if k.data && !k.repeated {
		k.pages++
	}
	k.awaiting = k.awaiting || k.data
	k.data, k.repeated = false, false
}

func (k *talk) taken(confirmed bool) {
	if !k.awaiting {
		return
	}
	k.awaiting = false
	if confirmed {
		k.confirmed++
	} else {
		k.refused++
	}
}

func (k *talk) report(r *Report) {
	for i, n := range k.indicators {
		if n > 0 {
			r.Indicators = append(r.Indicators, Count{t38.Indicator(i).String(), int(n)})
		}
	}
	r.HasECM, r.ECM = k.agreed.HasECM, k.agreed.ECM
	switch {
	case k.carried != t38.V21:
		r.Modem, r.Rate = k.carried.Name(), k.carried.Rate()
	case k.agreed.Rate != 0:
		r.Modem, r.Rate = k.agreed.Modem, k.agreed.Rate
	}
	r.Pages, r.Confirmed, r.Refused, r.Seen = k.pages, k.confirmed, k.refused, k.seen
	r.BadFrames, r.Disconnected = k.badFrames, k.goodbye
}
