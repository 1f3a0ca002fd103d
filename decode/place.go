package decode

import (
	"cmp"
	"slices"
)

// A place is where a frame was captured: the index of the source in the upper
// eight bits, 255 standing for all from there on, and the number of the
// interface below.
type place uint32

func placeOf(source int, iface int32) place {
	return place(min(source, 255))<<24 | place(iface)&0xffffff
}

func (p place) source() int   { return int(p >> 24) }
func (p place) iface() uint32 { return uint32(p) & 0xffffff }

// placePair is where a packet was captured first and where again.
type placePair struct{ first, again place }

// maxPlacePairs bounds how many pairs of places are told apart. Duplicates of
// pairs beyond are counted in Stats.Duplicates only.
const maxPlacePairs = 256

// A DuplicatePair tells where packets were captured twice.
type DuplicatePair struct {
	FirstSource, AgainSource       int    // capture.Frame.Source
	FirstInterface, AgainInterface uint32 // Packet.Interface
	Frames                         uint64 // of the second and later captures
}

// countDuplicate counts a frame that is another capture of e.
func (d *Decoder) countDuplicate(e, again *seenPacket) {
	d.stats.Duplicates++
	if e.ttl != again.ttl {
		d.stats.Routed++
	}
	t := &d.duplicates
	pair := placePair{e.place, again.place}
	if n, known := t.pairs[pair]; known || len(t.pairs) < maxPlacePairs {
		if t.pairs == nil {
			t.pairs = make(map[placePair]uint64)
		}
		t.pairs[pair] = n + 1
	}
}

// list gives the pairs, those of most frames first.
func (t *duplicateTable) list() []DuplicatePair {
	var list []DuplicatePair
	for p, n := range t.pairs {
		list = append(list, DuplicatePair{
			FirstSource: p.first.source(), FirstInterface: p.first.iface(),
			AgainSource: p.again.source(), AgainInterface: p.again.iface(), Frames: n,
		})
	}
	slices.SortFunc(list, func(a, b DuplicatePair) int {
		return cmp.Or(cmp.Compare(b.Frames, a.Frames), cmp.Compare(a.FirstSource, b.FirstSource), cmp.Compare(a.FirstInterface, b.FirstInterface),
			cmp.Compare(a.AgainSource, b.AgainSource), cmp.Compare(a.AgainInterface, b.AgainInterface))
	})
	return list
}
