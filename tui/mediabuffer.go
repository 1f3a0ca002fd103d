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

	replays  map[replayKey]*quality.Report // of these packets
	outdated map[replayKey]*quality.Report // of those that were read before
	counting map[replayKey]bool            // what is being worked out
	turn     turn
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
				u.say("%s", err.Error())
				return
			}
			u.toast = ""
			p.read, p.until, p.outdated = list, map[int]int64{}, p.replays
			p.replays, p.counting = map[replayKey]*quality.Report{}, map[replayKey]bool{}
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
		if v.placeOf(v.stream(), at) >= 0 {
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

// scoring is what seconds are scored with: the score of the whole stream by
// the buffer whose figures are shown, and the place of that buffer in them.
func (v *mediaView) scoring(s *mediaStream) (score *mos.Score, in mos.Input, place int) {
	at := v.figured(s)
	in, place = s.ScoreInput(), v.placeOf(s, at)
	score = &s.Score
	if at < 0 {
		return score, in, place
	}
	if place < 0 {
		in.Quality, place = v.replayed(s, at), quality.BufferFixed60
	}
	scorer := *v.u.scorer()
	scorer.Fixed, scorer.Buffer = place != quality.BufferAdaptive, place
	other := scorer.Score(in)
	return &other, in, place
}

// bufferName is the name of one of buffersToTry; -1 is the one that scores are
// made with.
func (v *mediaView) bufferName(buffer int) string {
	if buffer < 0 {
		return v.usedBuffer()
	}
	return buffersToTry[buffer]
}

// bufferNote says what the de-jitter buffer made of the stream; that there are
// others stands in the hints as well.
func (v *mediaView) bufferNote(s *mediaStream, width int) textLine {
	const head = "Buffer  "
	if !s.Quality.HasBuffers {
		return plainLine(head + "nothing was measured: no clock rate")
	}
	score, in, place := v.scoring(s)
	at := v.figured(s)
	name, intro := v.bufferName(at), ""
	if at != v.buffer {
		if _, ok := v.packets.has(s.Stream); !ok {
			return textLine{{head + v.bufferName(v.buffer) + ": " + v.shelfState() + "   b B other sizes", roleWarn}}
		}
		intro = v.bufferName(v.buffer) + ": counting" + v.u.set.Ellipsis + ", still "
	}
	b := &in.Quality.Buffers[place]
	thrown := b.Late + b.Overflowed
	text := fmt.Sprintf("%s%s%s%s: threw away %s of %s (%s%%)", head, intro, name, v.howCounted(s, at), figure.Grouped(thrown), figure.Grouped(in.Quality.Unique),
		figure.Percent(thrown, max(in.Quality.Unique, 1)))
	brief := text
	if b.Played > 0 {
		text += fmt.Sprintf(", wait %.0f ms", float64(b.Mean())/1e6)
	}
	if score.Known {
		estimate := ", MOS " + figure.MOS(score.MOS, score.Entry.Assumed())
		text, brief = text+estimate, brief+estimate+delayBasis(score)
		if at >= 0 && s.Score.Known && name != v.usedBuffer() {
			text += fmt.Sprintf(" (%+.2f)", score.MOS-s.Score.MOS)
			brief = text
		}
	}
	return plainLine(fitting(width, text+scoreBasis(score)+"   b B other sizes", text+scoreBasis(score), text+"   b B other sizes", brief, text))
}

// delayBasis says whether the delay is known that a score rests on.
func delayBasis(score *mos.Score) string {
	if score.HasDelay {
		return fmt.Sprintf(", delay %.0f ms (%s)", score.Delay, score.DelayFrom)
	}
	return ", delay unknown"
}

// scoreBasis says what a score rests on, and whether the delay is known, without
// which nobody can tell how a conversation went.
func scoreBasis(score *mos.Score) string {
	if !score.Known {
		return ""
	}
	return " by " + score.Entry.Basis() + delayBasis(score)
}

// howCounted says where the figures of a buffer come from.
func (v *mediaView) howCounted(s *mediaStream, buffer int) string {
	switch {
	case buffer != v.buffer:
		return ""
	case v.placeOf(s, buffer) >= 0:
		return " (measured)"
	case !v.packets.fresh(s.Stream):
		return " (counted again from the packets until " + v.u.at(v.packets.until[s.ID]).Format("15:04:05") + ")"
	}
	return " (counted again from the packets)"
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
