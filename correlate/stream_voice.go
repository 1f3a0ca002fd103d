package correlate

import (
	"cmp"
	"net/netip"
	"unsafe"

	"sipsniff/decode"
)

// voices are the sources of RTCP whose times others may answer: with them the
// probe measures how far away the one that answers is (spec §5.12). The oldest
// make room.
type voices struct {
	index  map[voiceKey]*voice
	latest map[uint32]*voice // by SSRC, whatever the addresses
	ring   []*voice
	next   int
	most   int // maxVoices, or fewer when memory is short
}

// A voiceKey is one SSRC on one way.
type voiceKey struct {
	src, dst netip.AddrPort
	ssrc     uint32
}

// A voice remembers when which times passed the probe.
type voice struct {
	key        voiceKey
	reports    passed  // sender reports
	references *passed // reference times of extended reports, nil when none
}

// passed are the last NTP times of one source, by their middle.
type passed struct {
	at    [maxPassed]passing
	count uint32
}

type passing struct {
	middle uint32
	nanos  int64
}

const (
	maxPassed = 16
	maxVoices = 1 << 16
)

func (p *passed) add(middle uint32, nanos int64) {
	p.at[p.count%maxPassed] = passing{middle, nanos}
	p.count++
}

// find returns when a time passed. One more or less is the same: collectors
// of HEP tell the fraction of the second in microseconds.
func (p *passed) find(middle uint32) (nanos int64, ok bool) {
	for i := range p.at[:min(p.count, maxPassed)] {
		if d := int32(p.at[i].middle - middle); d >= -1 && d <= 1 {
			return p.at[i].nanos, true
		}
	}
	return 0, false
}

// reversed reports whether a time is one of those with its octets the wrong
// way round.
func (p *passed) reversed(middle uint32) bool {
	for i := range p.at[:min(p.count, maxPassed)] {
		if swapped(p.at[i].middle, middle) {
			return true
		}
	}
	return false
}

// of is the voice of a source that sent an RTCP packet, made if need be.
func (v *voices) of(p *decode.Packet, ssrc uint32) *voice {
	k := voiceKey{p.Src, p.Dst, ssrc}
	if known := v.index[k]; known != nil {
		v.latest[ssrc] = known
		return known
	}
	if v.index == nil {
		v.index, v.latest = make(map[voiceKey]*voice), make(map[uint32]*voice)
		v.most = cmp.Or(v.most, maxVoices)
	}
	n := &voice{key: k}
	if len(v.ring) < v.most {
		v.ring = append(v.ring, n)
	} else {
		old := v.ring[v.next]
		delete(v.index, old.key)
		if v.latest[old.key.ssrc] == old {
			delete(v.latest, old.key.ssrc)
		}
		v.ring[v.next] = n
		v.next = (v.next + 1) % v.most
	}
	v.index[k], v.latest[ssrc] = n, n
	return n
}

// answered is the voice of a source that a packet answers: one that sent the
// other way, or between the same hosts when a side sends RTCP from another
// port than it receives it at.
func (v *voices) answered(p *decode.Packet, ssrc uint32) *voice {
	if known := v.index[voiceKey{p.Dst, p.Src, ssrc}]; known != nil {
		return known
	}
	if known := v.latest[ssrc]; known != nil && known.key.src.Addr() == p.Dst.Addr() && known.key.dst.Addr() == p.Src.Addr() {
		return known
	}
	return nil
}

// voiceMemory is what one takes, with its reference times, in octets.
const voiceMemory = int64(unsafe.Sizeof(voice{}) + unsafe.Sizeof(passed{}) + 2*indexMemory)

// limit keeps them in an eighth of the memory. It is called before the first.
func (v *voices) limit(memory int64) { v.most = int(min(maxVoices, max(1, memory/8/voiceMemory))) }

func (v *voices) memory() int64 { return int64(len(v.ring)) * voiceMemory }
