package hide

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// A mediaSource is what sends packets that could be RTP.
type mediaSource struct {
	endpoints
	ssrc uint32
}

// A sequence counts how the numbers of a source went on. Those of other protocols do not, whatever stands there.
type sequence struct {
	last   uint16
	steps  int // forward, by a few
	others int
}

// mostStep is how far a number may be from the one before, and leastSteps how many such steps prove a source.
const (
	mostStep   = 64
	leastSteps = 2
)

func (s *sequence) add(number uint16) {
	if step := number - s.last; step > 0 && step <= mostStep {
		s.steps++
	} else {
		s.others++
	}
	s.last = number
}

func (s *sequence) proven() bool { return s.steps >= leastSteps && s.steps > s.others }

// announced notes the port of a media description: m=audio 49170 RTP/AVP 0
func (h *Hider) announced(value []byte) {
	fields := bytes.Fields(value)
	if !h.learning || len(fields) < 2 {
		return
	}
	number, _, _ := bytes.Cut(fields[1], []byte("/"))
	if port, err := strconv.ParseUint(string(number), 10, 16); err == nil && port >= 1024 {
		h.ports[uint16(port)] = true
	}
}

// isMedia reports whether a packet that could be RTP is: somebody announced its port, or its source numbers its packets.
func (h *Hider) isMedia(e endpoints, b []byte) bool {
	return h.ports[e.src.Port()] || h.ports[e.dst.Port()] || h.numbered[sourceOf(e, b)] != nil && h.numbered[sourceOf(e, b)].proven()
}

func sourceOf(e endpoints, b []byte) mediaSource {
	return mediaSource{e, binary.BigEndian.Uint32(b[8:])}
}

// media silences an RTP packet; the header, its extension and the padding stay, for quality is measured on them.
func (h *Hider) media(e endpoints, b []byte) reason {
	if len(b) < 12 {
		return foreign
	}
	if h.learning {
		h.number16(e, b)
		return fine
	}
	start, end := 12+int(b[0]&15)*4, len(b)
	if b[0]&0x10 != 0 && start+4 <= len(b) {
		start += 4 + int(binary.BigEndian.Uint16(b[start+2:]))*4
	}
	if start > end || !h.isMedia(e, b) {
		return foreign
	}
	if h.covers(Audio) {
		if b[0]&0x20 != 0 && end > start {
			end-- // how much padding there is
		}
		silence(b[start:end], b[1]&0x7f)
	}
	return fine
}

func (h *Hider) number16(e endpoints, b []byte) {
	key, number := sourceOf(e, b), binary.BigEndian.Uint16(b[2:])
	if s := h.numbered[key]; s != nil {
		s.add(number)
	} else {
		h.numbered[key] = &sequence{last: number}
	}
}

// silence overwrites a payload: with what is silent in G.711, else with zeros. A key press (RFC 4733 §2.3) stays one,
// of as long, but of the key 0.
func silence(b []byte, payloadType uint8) {
	fill := byte(0)
	switch {
	case payloadType == 0:
		fill = 0xff // PCMU
	case payloadType == 8:
		fill = 0xd5 // PCMA
	case payloadType >= 96 && len(b) == 4 && b[0] <= 16:
		b[0] = 0
		return
	}
	for i := range b {
		b[i] = fill
	}
}
