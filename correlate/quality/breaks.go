package quality

import "unsafe"

const (
	shortSpurt = 200 * millisecond

	rhythmSlots = 8 // distances between losses that are counted at a time
	rhythmLeast = 8 // losses before a rhythm means something
)

// breaks is where a stream was not steady: pauses of the speaker, and how
// far losses lie apart. It is made when the first of them comes.
type breaks struct {
	spurts, short, bare uint32 // talkspurts that ended; shorter than 200 ms; without comfort noise behind them
	unmarked            uint32 // jumps of the timestamp in front of a packet without the marker, without a hole there

	gap   int64 // number that ended the loss before
	gaps  uint32
	apart [rhythmSlots]distance
}

// A distance is how often two losses lay so many packets apart.
type distance struct{ packets, times uint16 }

// BreaksSize is what the breaks of an Account take at most, in octets.
const BreaksSize = int64(unsafe.Sizeof(breaks{}))

func (s *Spacing) broken() *breaks {
	if s.breaks == nil {
		s.breaks = new(breaks)
	}
	return s.breaks
}

// watch takes a packet after which, or before which, something is not steady.
// It is called before the packet before is forgotten.
func (s *Spacing) watch(p *Packet, class Class, extended int64, paused bool) {
	if class == Gap {
		s.broken().loss(extended)
	}
	comfort := p.Role == Comfort
	switch {
	case p.Role != Media && !comfort:
	case comfort && !s.comfort:
		s.endSpurt(p.Arrival - s.spurt)
	case !comfort && s.comfort:
		s.spurt = p.Arrival
	case paused && !comfort:
		s.endSpurt(s.Delta.last - s.spurt + usualPTime)
		s.breaks.bare++
		s.spurt = p.Arrival
	}
}

func (s *Spacing) endSpurt(length int64) {
	b := s.broken()
	b.spurts++
	if length < shortSpurt {
		b.short++
	}
}

// loss counts how far a loss lies behind the one before.
func (b *breaks) loss(number int64) {
	apart := number - b.gap
	b.gap = number
	if b.gaps++; b.gaps == 1 || apart <= 0 || apart > 0xFFFF {
		return
	}
	rarest := 0
	for i := range b.apart {
		d := &b.apart[i]
		if d.packets == uint16(apart) && d.times > 0 {
			if d.times < 0xFFFF {
				d.times++
			}
			return
		}
		if d.times < b.apart[rarest].times {
			rarest = i
		}
	}
	b.apart[rarest].packets = uint16(apart)
	b.apart[rarest].times++
}

// A Rhythm is a distance at which losses come again.
type Rhythm struct {
	Packets int     // from one to the next; 0 when there is no rhythm
	Share   float64 // of the losses that keep to it, 0 to 1
}

// rhythm is the distance that most losses keep, one packet more or less.
func (b *breaks) rhythm() Rhythm {
	if b.gaps < rhythmLeast {
		return Rhythm{}
	}
	var best Rhythm
	for _, d := range b.apart {
		if d.times == 0 {
			continue
		}
		var near uint64
		for _, o := range b.apart {
			if o.packets+1 >= d.packets && o.packets <= d.packets+1 {
				near += uint64(o.times)
			}
		}
		if share := float64(near) / float64(b.gaps-1); share > best.Share {
			best = Rhythm{int(d.packets), min(share, 1)}
		}
	}
	return best
}

// Breaks is where a stream was not steady.
type Breaks struct {
	// Talkspurts that ended: all, those shorter than 200 ms, and those behind
	// which no comfort noise came.
	Spurts, ShortSpurts, BareSpurts uint64

	UnmarkedJumps uint64 // of Report.TimestampJumps, those without the marker and without a hole in front of them
	Rhythm        Rhythm // at which packets get lost
}

func (s *Spacing) reportBreaks(r *Report) {
	r.EndsSilent = s.comfort
	b := s.breaks
	if b == nil {
		return
	}
	r.Breaks = &Breaks{
		Spurts: uint64(b.spurts), ShortSpurts: uint64(b.short), BareSpurts: uint64(b.bare), UnmarkedJumps: uint64(b.unmarked),
		Rhythm: b.rhythm(),
	}
}
