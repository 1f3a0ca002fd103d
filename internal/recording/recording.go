package recording

import (
	"io"
	"math"
	"net/netip"
	"slices"

	"sipsniff/internal/audio"
)

// Options say how a call is made a recording.
type Options struct {
	Silence bool // leave losses silent instead of concealing them
}

// A Recording is what was written of a call.
type Recording struct {
	Rate     int
	Start    int64 // of sample 0, Unix ns
	Frames   int64 // samples of each side
	Sides    [2]Side
	DeadAir  Span // the longest time in which both sides were silent
	Duration float64
}

// A Span is a piece of a recording, in seconds.
type Span struct{ From, Length float64 }

// A Side is what one side said. Caller is 0, callee is 1.
type Side struct {
	Sources []Source
	Levels  audio.Levels // with the silence between packets
}

// A Source is one stream of a side.
type Source struct {
	Codec       string // of most of its packets
	Src, Dst    netip.AddrPort
	SSRC        uint32
	Packets     int          // decoded
	Lost        int          // by sequence number
	Redundant   int          // of the decoded, those that came in a later packet only
	Unreadable  int          // not decrypted, or not captured whole
	Undecodable int          // that the codec could not have made
	Overlapped  int          // that say what was said already
	Concealed   float64      // ms of losses that were filled
	Silenced    float64      // ms of losses that are silent
	Levels      audio.Levels // of what was decoded
	Left        string       // why it is not in the recording, "" when it is
}

// Why a stream is not in a recording.
const (
	LeftCodec = "codec is not decoded"
	LeftKeys  = "not decrypted, or not captured whole"
	LeftRelay = "the same sound behind a relay"
)

// Sides are the two channels.
const (
	Caller = 0
	Callee = 1
)

// A mix is the voices of a call.
type mix struct {
	sides [2][]*voice
	left  [2][]Source
	rate  int
	start int64
	total int64 // samples
}

// newMix prepares the streams of a call. With rate 0 there is nothing to hear.
func newMix(c *Call, o Options) *mix {
	m := &mix{start: math.MaxInt64}
	voices := make([]*voice, len(c.streams))
	for i, s := range c.streams {
		voices[i] = newVoice(s, !o.Silence)
	}
	for _, v := range voices {
		side := Callee
		if v.fromCaller {
			side = Caller
		}
		v.facts = v.stream.facts()
		switch {
		case v.facts.Left != "":
		case v.highest() == 0:
			v.facts.Left = LeftKeys
		case v.relayed(voices):
			v.facts.Left = LeftRelay
		default:
			m.sides[side] = append(m.sides[side], v)
			m.rate = max(m.rate, v.highest())
			continue
		}
		if v.facts.Codec != "" {
			m.left[side] = append(m.left[side], v.facts)
		}
	}
	m.align()
	return m
}

// facts says what a stream is; its codec is "" for one without sound.
func (s *stream) facts() Source {
	f := Source{Src: s.src, Dst: s.dst, SSRC: s.ssrc, Unreadable: s.unreadable}
	if main := s.mainFormat(); main != nil {
		f.Codec = main.Codec
		if main.kind == other {
			f.Left = LeftCodec
		}
	}
	return f
}

// mainFormat is the sound format of most packets, nil when there is none.
func (s *stream) mainFormat() *format {
	var counts [maxFormats]int
	for i := range s.packets {
		counts[s.packets[i].format]++
	}
	var main *format
	most := 0
	for i := range s.formats {
		if n := counts[i]; s.formats[i].kind <= other && n > most {
			main, most = &s.formats[i], n
		}
	}
	return main
}

// relayed reports whether a stream brings on what another one of the same
// side, which can be heard, brought to its source's host at the same time.
func (v *voice) relayed(all []*voice) bool {
	return slices.ContainsFunc(all, func(o *voice) bool {
		return o != v && o.fromCaller == v.fromCaller && o.dst.Addr() == v.src.Addr() && o.src.Addr() != v.src.Addr() &&
			o.packets[0].nanos < v.packets[len(v.packets)-1].nanos && v.packets[0].nanos < o.packets[len(o.packets)-1].nanos &&
			o.highest() > 0
	})
}

// align sets the rate of all voices and the moment at which the recording
// begins: with the first sound of either side.
func (m *mix) align() {
	for _, side := range m.sides {
		for _, v := range side {
			for i := range v.placements {
				p := &v.placements[i]
				m.start = min(m.start, p.at+scaled(p.ticks, 1e9, v.clock(p.packet)))
			}
		}
	}
	for _, side := range m.sides {
		for _, v := range side {
			v.rate, v.start = m.rate, m.start
			for i := range v.placements {
				p := &v.placements[i]
				m.total = max(m.total, p.position(m.start, m.rate, v.clock(p.packet)))
			}
		}
	}
}

// WriteWAV writes a call as a stereo file, the caller left. It writes nothing,
// and returns a Recording of rate 0, when there is no sound in it.
func (c *Call) WriteWAV(open func() (io.WriteSeeker, error), o Options) (*Recording, error) {
	m := newMix(c, o)
	r := &Recording{Rate: m.rate, Start: m.start}
	if m.rate == 0 {
		r.Start = 0
		m.report(r)
		return r, nil
	}
	if m.total > math.MaxUint32/4-int64(m.rate) {
		return r, audio.ErrTooLong
	}
	w, err := open()
	if err != nil {
		return r, err
	}
	wav, err := audio.NewWAV(w, m.rate, 2)
	if err == nil {
		err = m.write(wav, r)
	}
	if err != nil {
		return r, err
	}
	m.report(r)
	return r, wav.Close()
}

// report fills in what is known when all was read.
func (m *mix) report(r *Recording) {
	for i := range r.Sides {
		for _, v := range m.sides[i] {
			r.Sides[i].Sources = append(r.Sides[i].Sources, v.report())
		}
		r.Sides[i].Sources = append(r.Sides[i].Sources, m.left[i]...)
	}
}

func (v *voice) report() Source {
	most := -1
	for _, meter := range v.meters {
		if meter == nil {
			continue
		}
		if l := meter.Levels(); l.Frames > most {
			most, v.facts.Levels = l.Frames, l
		}
	}
	return v.facts
}
