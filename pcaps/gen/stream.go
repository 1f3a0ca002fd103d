package gen

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"
)

// A stream is the sender of one direction's RTP: an actor that wakes every
// 20 ms, and the network behind it that loses, delays, doubles and swaps.
type stream struct {
	random *rand.Rand
	call   *Call
	truth  *Stream
	path   path
	peer   *stream
	tones  []byte

	ssrc, sequence0, timestamp0 uint32
	first                       int64 // when packet 0 is sent
	total                       int   // packets to send
	slot                        int   // the next to send
	loss                        lossModel
	faulty                      bool // this side's packets suffer
	lossy                       bool // they get lost
	lossRandom                  *rand.Rand
	lossFrom                    int  // the first packet that may get lost
	swapped                     bool // the packet of this slot went out in the one before
	nextLost, nextKnown         bool // the dice for packet slot are thrown already
	lastLost                    bool // packet slot-1 was lost
	highest                     int  // newest packet recorded so far, -1 for none
	dtmf                        string

	frame  []byte // refilled for each packet
	header int    // where RTP begins in it
}

const (
	ptime            = 20 * time.Millisecond
	samples          = 160 // in 20 ms at 8000 Hz
	rtpHeader        = 12
	eventPayloadType = 101
	eventSlots       = 8                            // a digit: five packets of 20 ms, three that say it ended
	digitSlots       = 25                           // from digit to digit
	firstDigitSlot   = int(2 * time.Second / ptime) // two seconds into the call
	lastSlotMargin   = 3                            // packets not sent before the BYE
	sequenceMask     = 0xffff
)

// newStream makes the audio of one side for the given time from now on.
func newStream(g *generator, x *exchange, ofCaller bool, now, length int64) *stream {
	s := &stream{random: x.random, call: x.call, highest: -1, tones: g.tones[0]}
	if x.codec.payloadType == 0 {
		s.tones = g.tones[1]
	}
	s.path = path{source: x.callerMedia, destination: x.calleeMedia, vlan: g.o.VLAN, id: x.random.Uint32(), flow: x.random.Uint32()}
	if x.hidden { // the caller sends where it was told to
		s.path.destination = netip.AddrPortFrom(hiddenHost, x.calleeMedia.Port())
	}
	if !ofCaller {
		s.path = s.path.reversed()
	}
	s.ssrc, s.sequence0, s.timestamp0 = x.random.Uint32(), x.random.Uint32()&sequenceMask, x.random.Uint32()
	s.first = now + 1_000_000 + x.random.Int64N(int64(ptime))
	s.total = int((length-(s.first-now))/int64(ptime)) - lastSlotMargin
	s.faulty = (g.o.LossFrom == Both || (g.o.LossFrom == Caller) == ofCaller) && !x.inside
	s.lossy, s.lossRandom = s.faulty, x.random
	if g.o.LossRelay { // the same dice on both legs
		s.lossy = g.o.LossFrom == Both || (g.o.LossFrom == Caller) == ofCaller
		s.lossRandom = g.random(1<<41 + 2*uint64(x.number) + uint64(sideOf(ofCaller)))
	}
	s.loss = newLossModel(g.o.Loss, g.o.Burst)
	s.lossFrom = int(g.o.LossAfter / ptime)
	if ofCaller && g.o.DTMF != "" {
		s.dial(g.o.DTMF)
	}
	s.truth = &Stream{
		SSRC: fmt.Sprintf("0x%08X", s.ssrc), Source: s.path.source.String(), Destination: s.path.destination.String(),
		PayloadType: x.codec.payloadType, Codec: x.codec.name, Sent: s.total, Expected: s.total,
	}
	s.prepare(x.codec.payloadType)
	return s
}

func sideOf(ofCaller bool) Side {
	if ofCaller {
		return Caller
	}
	return Callee
}

// dial keeps as many digits as there is time for.
func (s *stream) dial(digits string) {
	room := (s.total - firstDigitSlot - 1) / digitSlots
	s.dtmf = digits[:max(0, min(len(digits), room))]
	s.call.DTMF = s.dtmf
}

// prepare lays out the frame of an audio packet once.
func (s *stream) prepare(payloadType int) {
	b := s.path.appendEthernet(make([]byte, 0, 256))
	b = s.path.appendIP(b, 8+rtpHeader+samples, protocolUDP, dscpVoice)
	s.header = len(b) + 8
	rtp := make([]byte, rtpHeader+samples)
	rtp[0], rtp[1] = 0x80, byte(payloadType)
	binary.BigEndian.PutUint32(rtp[8:], s.ssrc)
	s.frame = s.path.appendUDP(b, rtp)
}

// act sends the packet of one slot.
func (s *stream) act(g *generator, now int64) (int64, error) {
	if err := s.sendSlot(g, now); err != nil {
		return 0, err
	}
	s.slot++
	if s.slot >= s.total {
		return done, g.release(s.call)
	}
	return s.arrival(g, now), nil
}

// arrival is when the packet of the current slot passes, never before the one
// before it.
func (s *stream) arrival(g *generator, now int64) int64 {
	at := s.first + int64(s.slot)*int64(ptime)
	if s.faulty && g.o.Jitter > 0 {
		at += s.random.Int64N(int64(g.o.Jitter))
	}
	return max(at, now+100_000)
}

func (s *stream) sendSlot(g *generator, now int64) error {
	n := s.slot
	if s.swapped { // packet n went out in the slot before; this is the one it overtook
		s.swapped = false
		s.truth.Reordered++
		return s.send(g, now, n-1)
	}
	if s.dice(n) {
		s.lose()
		return nil
	}
	s.lastLost = false
	if s.swaps(g, n) {
		s.swapped = true
		return s.send(g, now, n+1)
	}
	return s.send(g, now, n)
}

// dice tells whether packet n is lost.
func (s *stream) dice(n int) bool {
	if s.nextKnown {
		s.nextKnown = false
		return s.nextLost
	}
	if !s.lossy || n < max(s.lossFrom, 1) || n >= s.total-1 {
		return false
	}
	return s.loss.next(s.lossRandom)
}

func (s *stream) lose() {
	s.truth.Lost++
	if !s.lastLost {
		s.truth.LossRuns++
	}
	s.lastLost = true
}

// swaps decides whether packet n lets the next one pass.
func (s *stream) swaps(g *generator, n int) bool {
	if !s.faulty || g.o.Reorder == 0 || n == 0 || n >= s.total-2 || s.random.Float64() >= g.o.Reorder {
		return false
	}
	lost := s.dice(n + 1)
	s.nextLost, s.nextKnown = lost, lost
	return !lost
}

// send records packet n and sometimes sets its double on the way.
func (s *stream) send(g *generator, now int64, n int) error {
	s.highest = max(s.highest, n)
	frame := s.fill(n)
	if s.faulty && g.o.Duplicates > 0 && n < s.total-3 && s.random.Float64() < g.o.Duplicates {
		s.call.open++
		g.start(&double{s, append([]byte(nil), frame...)}, now+int64(doubleDelay))
	}
	return s.record(g, now, frame)
}

func (s *stream) record(g *generator, now int64, frame []byte) error {
	at, copies, err := g.writeUDP(now, frame, s.random)
	t := s.truth
	if t.Packets == 0 {
		t.First = moment(at)
	}
	t.Last = moment(at)
	t.Packets++
	t.Copies += copies
	t.Octets += len(frame) - s.header - rtpHeader
	g.truth.Totals.RTPPackets += uint64(1 + copies)
	return err
}

// A double is an RTP packet that the network delivers a second time. It comes
// late enough not to be taken for a copy made by the capture, which matters
// in IPv6, where packets have no number of their own.
type double struct {
	stream *stream
	frame  []byte
}

const doubleDelay = 13 * time.Millisecond

func (d *double) act(g *generator, now int64) (int64, error) {
	d.stream.renumber(d.frame)
	d.stream.truth.Duplicates++
	if err := d.stream.record(g, now, d.frame); err != nil {
		return 0, err
	}
	return done, g.release(d.stream.call)
}

// fill makes the frame of packet n.
func (s *stream) fill(n int) []byte {
	if digit, offset, ok := s.event(n); ok {
		return s.eventFrame(n, digit, offset)
	}
	be, rtp := binary.BigEndian, s.frame[s.header:]
	rtp[1] &= 0x7f
	if n == 0 {
		rtp[1] |= 0x80 // a talkspurt begins
	}
	be.PutUint16(rtp[2:], uint16(s.sequence0+uint32(n)))
	be.PutUint32(rtp[4:], s.timestamp0+uint32(n)*samples)
	copy(rtp[rtpHeader:], s.tones[n%50*samples:][:samples])
	s.path.sealUDP(s.frame[s.header-8:])
	s.renumber(s.frame)
	return s.frame
}

// renumber gives a frame the next IP identification: another packet, not the
// same one recorded again.
func (s *stream) renumber(frame []byte) {
	if s.path.v6() {
		return
	}
	s.path.id++
	ip := frame[s.header-28:]
	binary.BigEndian.PutUint16(ip[4:], uint16(s.path.id%65535+1))
	ip[10], ip[11] = 0, 0
	binary.BigEndian.PutUint16(ip[10:], ^fold(sum(ip[:20], 0)))
}

// event tells which digit is being pressed in packet n, and for how many packets.
func (s *stream) event(n int) (digit byte, offset int, ok bool) {
	n -= firstDigitSlot
	if n < 0 || n/digitSlots >= len(s.dtmf) || n%digitSlots >= eventSlots {
		return 0, 0, false
	}
	return s.dtmf[n/digitSlots], n % digitSlots, true
}

// eventFrame is a telephone event (RFC 4733 §2.3): all packets of a digit
// carry the timestamp at which it began; the last three have the end bit.
func (s *stream) eventFrame(n int, digit byte, offset int) []byte {
	be := binary.BigEndian
	code, _ := eventOf(digit)
	rtp := make([]byte, rtpHeader+4)
	rtp[0], rtp[1] = 0x80, eventPayloadType
	if offset == 0 {
		rtp[1] |= 0x80
	}
	be.PutUint16(rtp[2:], uint16(s.sequence0+uint32(n)))
	be.PutUint32(rtp[4:], s.timestamp0+uint32(n-offset)*samples)
	be.PutUint32(rtp[8:], s.ssrc)
	duration, end := offset+1, byte(0)
	if last := eventSlots - 3; offset >= last {
		duration, end = last, 0x80
	}
	rtp[12], rtp[13] = code, end|10 // volume −10 dBm0
	be.PutUint16(rtp[14:], uint16(duration*samples))
	b := s.path.appendEthernet(nil)
	b = s.path.appendIP(b, 8+len(rtp), protocolUDP, dscpVoice)
	return s.path.appendUDP(b, rtp)
}

// eventOf is the event code of a digit (RFC 4733 table 3).
func eventOf(digit byte) (byte, bool) {
	switch {
	case digit >= '0' && digit <= '9':
		return digit - '0', true
	case digit == '*':
		return 10, true
	case digit == '#':
		return 11, true
	case digit >= 'A' && digit <= 'D':
		return 12 + digit - 'A', true
	}
	return 0, false
}
