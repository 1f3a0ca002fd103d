package correlate

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/decode/sdp"
)

// A mediaState is what the two sides agreed on, so that a re-INVITE can be
// told apart by what it changes.
type mediaState struct {
	offer  *sdp.Session // waits for its answer: of the INVITE, or of its 2xx
	byPeer bool         // the 2xx made that offer
	early  *sdp.Session // of the latest provisional response
	tag    string       // its To tag
	now    agreement
	last   [2]*sdp.Session     // the latest description of each side
	places [2][]netip.AddrPort // where each side wants its media, as every hop has it; by callerSide and calleeSide
}

// maxPlaces bounds the addresses of one side.
const maxPlaces = 8

// learn notes where one side wants its media.
func (s *mediaState) learn(caller bool, d *sdp.Session) {
	s.last[sideIndex(caller)] = d
	list := &s.places[sideIndex(caller)]
	if at, ok := placeOf(d); ok && len(*list) < maxPlaces && !slices.Contains(*list, at) {
		*list = append(*list, at)
	}
}

func sideIndex(caller bool) int {
	if caller {
		return callerSide
	}
	return calleeSide
}

// moves reports whether a description names another address than the ones
// that the side had, and which it had.
func (s *mediaState) moves(caller bool, d *sdp.Session) (from, to netip.AddrPort, moved bool) {
	list := &s.places[sideIndex(caller)]
	at, ok := placeOf(d)
	if !ok || len(*list) == 0 || slices.Contains(*list, at) {
		return from, at, false
	}
	from = (*list)[0]
	*list = nil // the old ones are void: going back there is a move as well
	return from, at, true
}

// sameFormats reports whether a description lists what the one before it of
// the same side did.
func (s *mediaState) sameFormats(caller bool, d *sdp.Session) bool {
	before := s.last[sideIndex(caller)]
	if before == nil || d == nil || before == d {
		return true
	}
	return slices.EqualFunc(before.Media, d.Media, func(a, b sdp.Media) bool {
		return a.Type == b.Type && slices.Equal(a.Formats, b.Formats)
	})
}

// placeOf is the address of the audio, or of the first media line in use when
// there is none.
func placeOf(d *sdp.Session) (netip.AddrPort, bool) {
	if d == nil {
		return netip.AddrPort{}, false
	}
	var first *sdp.Media
	for i := range d.Media {
		m := &d.Media[i]
		if m.Port == 0 || !m.Address.IsValid() {
			continue
		}
		if audio := strings.EqualFold(m.Type, "audio"); first == nil || audio {
			if first = m; audio {
				break
			}
		}
	}
	if first == nil || first.Address.IsUnspecified() {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(first.Address, first.Port), true
}

// The kinds of media, as SDP spells them (RFC 8866 §5.14).
const (
	mediaAudio = iota
	mediaVideo
	mediaImage
	mediaText
	mediaApplication
	mediaMessage
	mediaKinds
)

// mediaKindName is the name of a kind; an array would be a variable.
func mediaKindName(kind int) string {
	return [mediaKinds]string{"audio", "video", "image", "text", "application", "message"}[kind]
}

func mediaKindOf(name string) int {
	for kind := range mediaKinds {
		if strings.EqualFold(mediaKindName(kind), name) {
			return kind
		}
	}
	return -1
}

// An agreement is the outcome of an offer and its answer (RFC 3264).
type agreement struct {
	known   bool
	lines   [mediaKinds]uint8 // in use
	offered [mediaKinds]uint8
	codec   string // of the audio, "" when unknown
}

func (a *agreement) fax() bool { return a.lines[mediaImage] > 0 }

// agree makes the agreement of an offer and its answer, nil when that was not
// seen.
func agree(offer, answer *sdp.Session) agreement {
	var a agreement
	if offer == nil {
		return a
	}
	a.known = true
	for i := range offer.Media {
		kind := mediaKindOf(offer.Media[i].Type)
		if kind < 0 || offer.Media[i].Port == 0 || a.offered[kind] == 255 {
			continue
		}
		a.offered[kind]++
		if answer != nil && (i >= len(answer.Media) || answer.Media[i].Port == 0) {
			continue
		}
		a.lines[kind]++
		if kind == mediaAudio && a.codec == "" && answer != nil {
			a.codec = codecOf(&answer.Media[i])
		}
	}
	return a
}

// codecOf is the first codec of a line that carries audio: in an answer the
// one that is used (RFC 3264 §6.1).
func codecOf(m *sdp.Media) string {
	for i := range m.Codecs {
		switch name := m.Codecs[i].Name; {
		case strings.EqualFold(name, "telephone-event"), strings.EqualFold(name, "CN"), strings.EqualFold(name, "red"):
		default:
			return name
		}
	}
	return ""
}

// words names the media: "audio and video".
func (a *agreement) words() string {
	switch audio, video := a.lines[mediaAudio] > 0, a.lines[mediaVideo] > 0; {
	case audio && video:
		return "audio and video"
	case audio:
		return "audio"
	case video:
		return "video"
	case a.fax():
		return "fax"
	}
	return ""
}

// answers notes the first agreement of the call, at its 2xx.
func (s *mediaState) answers(e *event) {
	answer := e.message.SDP
	if answer == nil && s.tag == e.message.ToTag {
		answer = s.early
	}
	switch {
	case s.offer != nil && answer != nil:
		s.now = agree(s.offer, answer)
		s.offer = nil
	case s.offer == nil:
		s.offer, s.byPeer = answer, true
	}
}

// acknowledged takes the answer that the ACK brings to the offer of a 2xx.
func (s *mediaState) acknowledged(e *event) {
	if s.offer != nil && s.byPeer && e.message.SDP != nil {
		s.now = agree(s.offer, e.message.SDP)
		s.offer = nil
	}
}

// tellChange compares an agreement with the one before it and tells every
// difference. It reports whether there was one.
func (c *callMachine) tellChange(e *event, r *renegotiation, now agreement) bool {
	before := c.media.now
	c.media.now = now
	by := c.sideOf(r)
	if !before.known || !now.known {
		return false
	}
	told := false
	tell := func(s Step) {
		told = true
		s.By, s.Frames[0] = by, r.frame
		c.tell(e, s)
	}
	switch fax := now.fax(); {
	case fax && !before.fax():
		tell(Step{Kind: StepFaxStarted})
	case !fax && before.fax():
		tell(Step{Kind: StepFaxEnded, More: now.codec})
	case now.offered[mediaImage] > 0 && !fax:
		tell(Step{Kind: StepFaxRefused, Status: uint16(e.message.StatusCode)})
	}
	for kind := range mediaKinds {
		name, was, is := mediaKindName(kind), before.lines[kind], now.lines[kind]
		switch {
		case now.fax() != before.fax() && (kind == mediaImage || kind == mediaAudio):
		case is > was:
			tell(Step{Kind: StepMediaAdded, Detail: name})
		case is < was:
			tell(Step{Kind: StepMediaRemoved, Detail: name})
		case now.offered[kind] > was && kind != mediaImage:
			tell(Step{Kind: StepMediaRefused, Detail: name})
		}
	}
	if before.codec != "" && now.codec != "" && !strings.EqualFold(before.codec, now.codec) {
		tell(Step{Kind: StepCodecChanged, Detail: now.codec, More: before.codec})
	}
	return told
}
