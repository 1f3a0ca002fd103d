package tui

import (
	"errors"
	"fmt"
	"slices"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/tui/figure"
)

// buffersToTry are the de-jitter buffers of the what-if, from small to large.
//
//nolint:gochecknoglobals // constants
var buffersToTry = []string{"f20", "f40", "f60", "f80", "f100", "f120", "f150", "f200", "f250", "f300", "f400", "f500", "a1"}

// ErrNoPackets reports that the packets of an input cannot be read again.
var ErrNoPackets = errors.New("packets are not kept: read a file with -r, or capture with --spool")

// A packetShelf holds the packets of the streams of a call once they were read
// again.
type packetShelf struct {
	reading bool
	err     error
	read    map[int]Rereading // by Stream.ID; nil: not read
	until   map[int]int64     // the latest packet of each stream when they were read
	replays map[replayKey]*quality.Report
}

type replayKey struct {
	stream int
	buffer string
}

// has returns the packets of a stream; ok is false when they were not read.
func (p *packetShelf) has(s *correlate.Stream) (list []quality.Packet, ok bool) {
	again, ok := p.read[s.ID]
	return again.Packets, ok
}

// fresh reports whether nothing came since the packets were read.
func (p *packetShelf) fresh(s *correlate.Stream) bool {
	_, ok := p.read[s.ID]
	return ok && p.until[s.ID] == s.Last
}

// read reads the packets of all streams of the call in the background and goes
// on with then.
func (v *mediaView) read(then func()) {
	u, p := v.u, &v.packets
	s := v.stream()
	if s == nil {
		return
	}
	if p.fresh(s.Stream) {
		then()
		return
	}
	switch {
	case p.reading:
		return
	case u.config.Packets == nil:
		p.err = ErrNoPackets
		u.say("%v", p.err)
		return
	}
	p.reading = true
	streams := make([]*correlate.Stream, len(v.streams))
	for i := range v.streams {
		streams[i] = v.streams[i].Stream
	}
	u.say("reading the packets of %s again%s", plural(len(streams), "stream"), u.set.Ellipsis)
	u.workshop.do(func() func() {
		list, err := u.config.Packets(streams)
		return func() {
			p.reading, p.err = false, err
			if err != nil {
				u.say("%s", u.clean(err.Error()))
				return
			}
			u.toast = ""
			p.read, p.until, p.replays = list, map[int]int64{}, map[replayKey]*quality.Report{}
			for _, s := range streams {
				p.until[s.ID] = s.Last
			}
			if u.top() == view(v) {
				then()
			}
		}
	})
}

// tryBuffer goes to the next or previous size of the de-jitter buffer.
func (v *mediaView) tryBuffer(step int) {
	used := v.usedBuffer()
	at := v.buffer
	if at < 0 {
		at = max(0, slices.Index(buffersToTry, used))
	}
	for range buffersToTry {
		at = (at + step + len(buffersToTry)) % len(buffersToTry)
		v.buffer = at
		if v.measuredPlace() >= 0 {
			return
		}
		if v.packets.err == nil { // else those that ran beside the capture are all there is
			v.read(func() {})
			return
		}
	}
}

// usedBuffer is the buffer that scores are made with.
func (v *mediaView) usedBuffer() string {
	if s := v.stream(); s != nil && s.Quality.HasBuffers {
		return s.Quality.Buffers[v.u.scorer().Used()].Model.String()
	}
	return "a1"
}

// measuredPlace is the place of the chosen buffer among those that run beside
// the capture, -1 when it is none of them.
func (v *mediaView) measuredPlace() int {
	s := v.stream()
	switch {
	case v.buffer < 0:
		return v.u.scorer().Used()
	case s == nil:
		return -1
	}
	for i := range s.Quality.Buffers {
		if s.Quality.Buffers[i].Model.String() == buffersToTry[v.buffer] {
			return i
		}
	}
	return -1
}

// replay accounts the packets of a stream anew with another buffer.
func (v *mediaView) replay(s *mediaStream) *quality.Report {
	packets, ok := v.packets.has(s.Stream)
	if !ok {
		return nil
	}
	key := replayKey{s.ID, buffersToTry[v.buffer]}
	if r := v.packets.replays[key]; r != nil {
		return r
	}
	model, err := quality.ParseBuffer(key.buffer)
	if err != nil {
		return nil
	}
	a := quality.Account{Buffer: &model}
	for i := range packets {
		a.Add(&packets[i])
	}
	r := a.Report()
	v.packets.replays[key] = &r
	return &r
}

// measured is the report whose seconds are drawn: what was measured, or a
// replay with the chosen buffer.
func (v *mediaView) measured(s *mediaStream) *quality.Report {
	if v.measuredPlace() < 0 {
		if r := v.replay(s); r != nil && r.SecondCount() > 0 {
			return r
		}
	}
	return &s.Quality
}

// scoring is what seconds are scored with: the score of the whole stream by
// the chosen buffer, and the place of the buffer in them.
func (v *mediaView) scoring(s *mediaStream) (score *mos.Score, in mos.Input, place int) {
	in, place = s.ScoreInput(), v.measuredPlace()
	score = &s.Score
	if v.buffer < 0 {
		return score, in, place
	}
	if place < 0 {
		r := v.replay(s)
		if r == nil {
			return score, in, v.u.scorer().Used()
		}
		in.Quality, place = r, quality.BufferFixed60
	}
	scorer := *v.u.scorer()
	scorer.Fixed, scorer.Buffer = place != quality.BufferAdaptive, place
	other := scorer.Score(in)
	return &other, in, place
}

// bufferNote says what the de-jitter buffer made of the stream; that there are
// others stands in the hints as well.
func (v *mediaView) bufferNote(s *mediaStream, width int) textLine {
	const head = "Buffer  "
	if !s.Quality.HasBuffers {
		return plainLine(head + "nothing was measured: no clock rate")
	}
	name, how := v.usedBuffer(), "measured"
	if v.buffer >= 0 {
		name = buffersToTry[v.buffer]
	}
	score, in, place := v.scoring(s)
	if v.measuredPlace() < 0 {
		if _, ok := v.packets.has(s.Stream); !ok {
			return textLine{{head + name + ": " + v.shelfState() + "   b B other sizes", roleWarn}}
		}
		how = "counted again from the packets"
		if !v.packets.fresh(s.Stream) {
			how += " until " + v.u.at(v.packets.until[s.ID]).Format("15:04:05")
		}
	}
	b := &in.Quality.Buffers[place]
	thrown := b.Late + b.Overflowed
	text := fmt.Sprintf("%s%s (%s): threw away %s of %s (%s%%)", head, name, how, figure.Grouped(thrown), figure.Grouped(in.Quality.Unique),
		figure.Percent(thrown, max(in.Quality.Unique, 1)))
	if b.Played > 0 {
		text += fmt.Sprintf(", wait %.0f ms", float64(b.Mean())/1e6)
	}
	if score.Known {
		text += ", MOS " + figure.MOS(score.MOS, score.Entry.Assumed())
		if v.buffer >= 0 && s.Score.Known && name != v.usedBuffer() {
			text += fmt.Sprintf(" (%+.2f)", score.MOS-s.Score.MOS)
		}
	}
	return plainLine(fitting(width, text+"   b B other sizes", text))
}

func (v *mediaView) shelfState() string {
	switch {
	case v.packets.reading:
		return "reading the packets again" + v.u.set.Ellipsis
	case v.packets.err != nil:
		return "needs the packets; " + v.u.clean(v.packets.err.Error())
	}
	return "needs the packets"
}
