package recording

import (
	"sipsniff/internal/audio"
)

// concealed is how many ms of a loss are filled; the rest is silence.
const concealed = 60

// A voice decodes one stream into samples at the rate of the recording.
type voice struct {
	*stream
	placements []placement
	start      int64 // ns of the recording's sample 0
	rate       int
	conceal    bool

	next     int
	decoders [maxFormats]audio.Decoder
	meters   [maxFormats]*audio.Meter
	unheard  bool  // a packet before this one was lost or is unreadable
	sequence int64 // of the packet before
	before   bool  // there is one

	region
	decoded []int16
	last    []int16 // the latest samples as decoded, for concealment
	ready   []piece // not yet read
	room    []int16 // of their samples

	facts Source
}

// newVoice prepares a stream; start and rate are set before it is read.
func newVoice(s *stream, conceal bool) *voice {
	v := &voice{stream: s, placements: s.places(), conceal: conceal}
	for i := range s.formats {
		if s.formats[i].kind == sound {
			d := audio.NewDecoder(s.formats[i].Format)
			v.decoders[i], v.meters[i] = d, audio.NewMeter(d.Rate(), audio.FullScale(s.formats[i].Codec))
		}
	}
	return v
}

// highest is the highest rate of the packets there are, 0 when none can be decoded.
func (v *voice) highest() int {
	rate := 0
	for i := range v.packets {
		if p := &v.packets[i]; p.payload != nil && v.decoders[p.format] != nil {
			rate = max(rate, v.decoders[p.format].Rate())
		}
	}
	return rate
}

// A piece is samples and where they belong.
type piece struct {
	at      int64
	samples []int16 // borrowed until the next
}

// read returns the next piece, in order; false at the end.
func (v *voice) read() (piece, bool) {
	for len(v.ready) == 0 {
		v.room = v.room[:0]
		if v.next == len(v.placements) {
			v.end()
			break
		}
		v.take(&v.placements[v.next])
		v.next++
	}
	if len(v.ready) == 0 {
		return piece{}, false
	}
	got := v.ready[0]
	v.ready = v.ready[1:]
	return got, true
}

// take decodes a packet.
func (v *voice) take(p *placement) {
	if v.before && !p.first && p.sequence > v.sequence+1 {
		v.facts.Lost += int(p.sequence - v.sequence - 1)
		v.unheard = true
	}
	v.before, v.sequence = true, p.sequence
	d := v.decoders[p.format]
	if d == nil || p.payload == nil {
		v.unheard = v.unheard || v.formats[p.format].kind <= other
		return
	}
	var err error
	v.decoded, err = d.Decode(v.decoded[:0], p.payload)
	v.facts.Packets++
	if p.redundant {
		v.facts.Redundant++
	}
	if err != nil {
		v.facts.Undecodable++
		v.unheard = v.unheard || len(v.decoded) == 0
	}
	if len(v.decoded) > 0 {
		v.meters[p.format].Add(v.decoded, nil)
		v.join(p.position(v.start, v.rate, v.clock(p.packet)), d.Rate())
	}
}

// join puts what was decoded behind what there is, which leaves a gap, or
// overlaps.
func (v *voice) join(at int64, rate int) {
	if v.region.in != rate {
		v.end()
	}
	gap := at - v.stop()
	if v.begun && gap < -v.tolerance() {
		drop := (-gap*int64(rate) + int64(v.rate) - 1) / int64(v.rate)
		if drop >= int64(len(v.decoded)) {
			v.facts.Overlapped++
			return
		}
		v.decoded, at = v.decoded[drop:], at-gap
		gap = 0
	}
	if v.open && gap > v.tolerance() && v.unheard {
		gap -= v.fill(gap, rate)
	}
	if !v.open || gap > v.tolerance() {
		v.end()
		v.begin(at, rate, v.rate)
	}
	v.feed(v.decoded)
	v.last = append(v.last[:0], v.decoded[max(0, len(v.decoded)-rate/50):]...)
	v.unheard = false
}

// fill conceals the beginning of a loss of so many samples of the recording,
// by what was heard last, fading out. It returns how many it filled.
func (v *voice) fill(gap int64, rate int) int64 {
	missing := gap * int64(rate) / int64(v.rate)
	whole := int64(rate) * concealed / 1000
	n := min(missing, whole)
	if !v.conceal || len(v.last) == 0 {
		n = 0
	}
	v.facts.Concealed += float64(n) * 1000 / float64(rate)
	v.facts.Silenced += float64(missing-n) * 1000 / float64(rate)
	if n == 0 {
		return 0
	}
	filled := make([]int16, n)
	for i := range filled {
		filled[i] = int16(int64(v.last[i%len(v.last)]) * (whole - int64(i)) / whole)
	}
	before := v.stop()
	v.feed(filled)
	return v.stop() - before
}

// feed adds decoded samples to the region.
func (v *voice) feed(samples []int16) {
	n := len(v.room)
	at := v.written()
	v.room = v.region.add(v.room, samples)
	v.give(at, v.room[n:])
}

// end closes the region.
func (v *voice) end() {
	n := len(v.room)
	at := v.written()
	v.room = v.region.end(v.room)
	v.give(at, v.room[n:])
}

func (v *voice) give(at int64, samples []int16) {
	if len(samples) > 0 {
		v.ready = append(v.ready, piece{at, samples})
	}
}
