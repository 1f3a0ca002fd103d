package correlate

import (
	"encoding/binary"
	"strings"
	"unsafe"

	"sipsniff/correlate/fax"
	"sipsniff/correlate/press"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/video"
	"sipsniff/decode"
	"sipsniff/decode/dtmf"
	"sipsniff/decode/picture"
	"sipsniff/decode/rtp"
	"sipsniff/decode/sdp"
)

// A content says what is wanted of the payload of a format. Plain audio has
// none, so that its packets pass without a look.
type content uint8

const (
	contentNone    content = iota
	contentMode            // AMR and AMR-WB: which mode
	contentEvents          // telephone-event
	contentSound           // G.711: keys in the sound, when they are listened for
	contentVideo           // frames
	contentBlocks          // RED (RFC 2198)
	contentAgain           // retransmission (RFC 4588)
	contentParity          // forward error correction
	contentText            // RFC 4103
	contentComfort         // RFC 3389
)

// contentOf is what is wanted of the payload of a codec.
func contentOf(name string) content {
	switch strings.ToLower(name) {
	case "telephone-event":
		return contentEvents
	case "amr", "amr-wb":
		return contentMode
	case "pcmu", "pcma":
		return contentSound
	case "red":
		return contentBlocks
	case "rtx":
		return contentAgain
	case "ulpfec", "flexfec", "flexfec-03", "parityfec", "1d-interleaved-parityfec", "raptorfec":
		return contentParity
	case "t140":
		return contentText
	case "cn":
		return contentComfort
	case "h261", "h263", "h263-1998", "h263-2000", "h264", "h264-svc", "h265", "vp8", "vp9", "av1", "mpv", "jpeg", "celb", "nv", "theora", "mp4v-es":
		return contentVideo
	}
	return contentNone
}

// describeContent completes a format by its place in a description.
func (f *format) describeContent(m *sdp.Media, c *sdp.Codec) {
	if f.content == contentNone && strings.EqualFold(m.Type, "video") && f.role == quality.Media && !multiplexed(c.Name) {
		f.content = contentVideo
	}
	if f.content == contentAgain {
		f.again = uint8(parameterOf(c.FMTP, "apt"))
	}
}

// multiplexed reports whether packets of a codec hold pieces of several
// streams, so that their timestamps are no frames (RFC 2250 §2).
func multiplexed(name string) bool {
	return strings.EqualFold(name, "MP2T") || strings.EqualFold(name, "MP1S") || strings.EqualFold(name, "MP2P")
}

// carried is what was read of the payload of a stream.
type carried struct {
	octets   int64 // of it, as counted in streamTable.contents
	events   *press.Events
	tones    *press.Tones
	video    *video.Account
	blocks   *blocks
	fax      *fax.Account
	text     *typed
	noise    uint8 // −dBov of the latest comfort noise; meaningful iff hasNoise
	hasNoise bool

	parity uint64 // packets of forward error correction
	again  uint64 // retransmissions, of a stream that has nothing else
	base   *flow  // that these belong to

	recoveredBlocks, recoveredAgain uint64 // packets of this stream that were made good
}

func (f *flow) carries() *carried {
	if f.carried == nil {
		f.carried = new(carried)
	}
	return f.carried
}

// A reading is a packet whose payload is looked into.
type reading struct {
	nanos     int64
	frame     int
	timestamp uint32
	marker    bool
	format    *format
	payload   []byte // borrowed; nil when it is encrypted or was not captured
	length    int    // of it on the wire
}

// read looks into the payload of a packet that was just accounted.
func (t *streamTable) read(f *flow, p *decode.Packet, h *rtp.Header, b []byte) {
	r := reading{nanos: p.Nanos, frame: p.Frame, timestamp: h.Timestamp, marker: h.Marker, format: &f.format, length: h.PayloadLength}
	if b != nil {
		r.payload = b[min(h.PayloadOffset, len(b)):min(h.PayloadOffset+h.PayloadLength, len(b))]
	}
	t.take(f, &r)
}

// readHeld looks into a packet that was held, of which the first four octets
// of payload are known: all of an event.
func (f *flow) readHeld(h *heldPacket) {
	if f.format.content != contentEvents && f.format.content != contentVideo {
		return
	}
	f.class, f.extended = h.class, h.extended
	r := reading{nanos: h.arrival, frame: h.frame, timestamp: h.timestamp, marker: h.marker, format: &f.format, length: int(h.octets)}
	if !f.secure && h.octets >= 4 {
		r.payload = binary.BigEndian.AppendUint32(nil, h.head)
	}
	if f.format.content == contentEvents {
		f.takeEvent(&r)
	} else {
		f.takeVideo(&r)
	}
}

// restart forgets what is read anew of held packets.
func (c *carried) restart() {
	if c != nil {
		c.events, c.video = nil, nil
	}
}

// wanted is what is looked for in the payload of the format at hand: keys in
// the sound only when somebody listens, and frames in what was guessed to be
// video.
func (f *flow) wanted() content {
	c := f.format.content
	switch {
	case c == contentSound && !f.tones:
		return contentNone
	case c == contentNone && f.format.name == "" && f.orphan != nil && f.orphan.media == "video" && f.format.role == quality.Media:
		return contentVideo
	}
	return c
}

// readOpened looks into a packet of a secure stream; plain is nil when it was
// not decrypted.
func (t *streamTable) readOpened(f *flow, p *decode.Packet, plain []byte) {
	h := &t.header
	if plain != nil {
		h = &t.plainHeader
	}
	t.read(f, p, h, plain)
}

// rare reports whether packets are so few, and their payload so telling, that
// all of them are decrypted.
func (c content) rare() bool { return c == contentEvents || c == contentComfort }

// take looks into a payload by its format; RED has others inside.
func (t *streamTable) take(f *flow, r *reading) {
	switch r.format.content {
	case contentMode:
		f.noteMode(r.payload)
	case contentEvents:
		f.takeEvent(r)
	case contentSound:
		f.listenTo(r)
	case contentVideo:
		f.takeVideo(r)
	case contentBlocks:
		t.takeBlocks(f, r)
	case contentAgain:
		t.takeAgain(f, r)
	case contentParity:
		f.takeParity()
	case contentText:
		f.takeText(r)
	case contentComfort:
		f.takeComfort(r)
	}
}

func (f *flow) takeEvent(r *reading) {
	e, ok := dtmf.ParseEvent(r.payload)
	if !ok || f.class == quality.Duplicate || f.class == quality.Probation {
		return
	}
	c := f.carries()
	if c.events == nil {
		c.events = new(press.Events)
	}
	c.events.Add(&press.Packet{Arrival: r.nanos, Frame: r.frame, Timestamp: r.timestamp, Clock: r.format.clock, Marker: r.marker}, e)
}

func (f *flow) listenTo(r *reading) {
	if f.class == quality.Duplicate || f.class == quality.Probation || len(r.payload) < r.length {
		return
	}
	c := f.carries()
	if c.tones == nil {
		c.tones = new(press.Tones)
	}
	c.tones.Add(r.payload, strings.EqualFold(r.format.name, "PCMA"), r.timestamp, r.nanos, r.frame)
}

// takeVideo takes a packet of a frame. Without its payload the frame counts
// all the same.
func (f *flow) takeVideo(r *reading) {
	v := f.pictures()
	switch f.class {
	case quality.Duplicate, quality.Probation:
		return
	case quality.Restart:
		v.Restart()
	}
	v.Add(&video.Packet{Arrival: r.nanos, Extended: f.extended, Timestamp: r.timestamp, Marker: r.marker,
		Facts: picture.CodecOf(r.format.name).Read(r.payload)})
}

func (f *flow) pictures() *video.Account {
	c := f.carries()
	if c.video == nil {
		c.video = new(video.Account)
	}
	return c.video
}

// takeParity takes forward error correction. Among the packets of video it
// takes numbers.
func (f *flow) takeParity() {
	c := f.carries()
	c.parity++
	if c.video != nil {
		c.video.Filler(f.extended)
	}
}

func (f *flow) takeComfort(r *reading) {
	if len(r.payload) > 0 {
		c := f.carries()
		c.noise, c.hasNoise = r.payload[0]&0x7F, true
	}
}

// size estimates the octets that it takes.
func (c *carried) size() int64 {
	if c == nil {
		return 0
	}
	n := int64(unsafe.Sizeof(*c))
	if c.events != nil {
		n += int64(unsafe.Sizeof(*c.events)) + int64(c.events.Count())*int64(unsafe.Sizeof(press.Press{})+unsafe.Sizeof(Digit{}))
	}
	if c.tones != nil {
		n += int64(unsafe.Sizeof(*c.tones)) + int64(c.tones.Count())*int64(max(unsafe.Sizeof(press.Tone{}), unsafe.Sizeof(press.FaxTone{}))+unsafe.Sizeof(Digit{}))
	}
	if c.video != nil {
		n += int64(unsafe.Sizeof(*c.video))
	}
	if c.blocks != nil {
		n += int64(unsafe.Sizeof(*c.blocks)) + rtp.MaxBlocks*int64(unsafe.Sizeof(rtp.Block{}))
	}
	if c.fax != nil {
		n += int64(unsafe.Sizeof(*c.fax)) + faxBuffers
		if c.fax.Corrects() {
			n += fax.HistorySize
		}
	}
	if c.recoveredBlocks+c.recoveredAgain > 0 {
		n += quality.RecoverySize
	}
	return n
}

// faxBuffers is what the lists of a fax may grow to, in octets.
const faxBuffers = 4096
