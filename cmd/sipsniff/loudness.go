package main

import (
	"math"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/internal/audio"
	"sipsniff/tui"
)

// A rereadStream is what was read again of one stream.
type rereadStream struct {
	of      *correlate.Stream
	packets []quality.Packet

	format  audio.Format
	decoder audio.Decoder // nil: of a codec that is not decoded
	samples []int16
	energy  []float64 // of each second of the stream: sum of squares
	heard   []int     // and samples
}

// hear measures how loud a packet is.
func (r *rereadStream) hear(m *correlate.MediaPacket) {
	q := &r.of.Quality
	if m.Payload == nil || q.SecondWidth <= 0 || roleOf(m.Codec) != quality.Media {
		return
	}
	format := audio.Format{Codec: m.Codec, ClockRate: int(m.ClockRate), Channels: int(m.Channels), Parameters: m.Parameters}
	if format != r.format {
		r.format, r.decoder = format, audio.NewDecoder(format)
	}
	at := (m.Nanos - q.SecondStart) / int64(q.SecondWidth)
	if r.decoder == nil || at < 0 || at >= int64(q.SecondCount()) {
		return
	}
	if r.energy == nil {
		r.energy, r.heard = make([]float64, q.SecondCount()), make([]int, q.SecondCount())
	}
	r.samples, _ = r.decoder.Decode(r.samples[:0], m.Payload) // what does not fit the codec is no sound
	for _, s := range r.samples {
		r.energy[at] += float64(s) * float64(s)
	}
	r.heard[at] += len(r.samples)
}

// levels are the seconds in dBov.
func (r *rereadStream) levels() []float64 {
	if r.energy == nil {
		return nil
	}
	list := make([]float64, len(r.energy))
	for i := range list {
		list[i] = math.NaN()
		if r.heard[i] > 0 {
			list[i] = audio.DBov(math.Sqrt(r.energy[i] / float64(r.heard[i])))
		}
	}
	return list
}

func (c *packetCollector) found() map[int]tui.Rereading {
	out := make(map[int]tui.Rereading, len(c.streams))
	for id, r := range c.streams {
		out[id] = tui.Rereading{Packets: r.packets, Levels: r.levels()}
	}
	return out
}
