package quality

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A BufferModel is a de-jitter buffer as a phone has one (spec §5.8): a fixed
// delay, or one that follows the jitter. Times are ns.
type BufferModel struct {
	Adaptive bool
	Delay    int64 // of a fixed one, or that an adaptive one begins with
	Min      int64 // of an adaptive one
	Max      int64 // packets that would wait longer are thrown away
}

// The models that every stream is measured with, by their names on the
// command line: f60, f200 and a1.
func Fixed60() BufferModel { return BufferModel{Delay: 60 * millisecond, Max: 200 * millisecond} }

// Fixed200 is a fixed buffer for bad roads.
func Fixed200() BufferModel { return BufferModel{Delay: 200 * millisecond, Max: 400 * millisecond} }

// Adaptive1 is the adaptive model A1.
func Adaptive1() BufferModel {
	return BufferModel{Adaptive: true, Delay: 40 * millisecond, Min: 20 * millisecond, Max: 500 * millisecond}
}

// usual are the models by their places, for all streams.
var usual = [bufferCount]BufferModel{Fixed60(), Fixed200(), Adaptive1()} //nolint:gochecknoglobals // constant

// fixedMax is the longest wait in a fixed buffer of a shorter delay.
const fixedMax = 200 * millisecond

// maxBuffer bounds the delay that may be asked for.
const maxBuffer = 2000

// ParseBuffer reads "f60" (a fixed buffer of 60 ms) or "a1".
func ParseBuffer(name string) (BufferModel, error) {
	lower := strings.ToLower(name)
	if lower == "a1" {
		return Adaptive1(), nil
	}
	if digits, fixed := strings.CutPrefix(lower, "f"); fixed {
		if ms, err := strconv.Atoi(digits); err == nil && ms >= 1 && ms <= maxBuffer {
			delay := int64(ms) * millisecond
			return BufferModel{Delay: delay, Max: max(fixedMax, 2*delay)}, nil
		}
	}
	return BufferModel{}, fmt.Errorf("%q: %w", name, errBuffer)
}

var errBuffer = errors.New("no de-jitter buffer such as f60, f200 (fixed, ms) or a1 (adaptive)")

// String returns the name that ParseBuffer reads.
func (m BufferModel) String() string {
	if m.Adaptive {
		return "a1"
	}
	return "f" + strconv.FormatInt(m.Delay/millisecond, 10)
}

// A Verdict is what a de-jitter buffer does with a packet.
type Verdict uint8

// The verdicts.
const (
	Played   Verdict = iota
	Late             // it came after its time
	Overflow         // it would have waited too long
)

// A Waiting is what a buffer did in all.
type Waiting struct {
	Played, Late, Overflowed uint64
	Stretched, Compressed    uint64 // steps by which an adaptive one grew and shrank

	wait int64 // ns, of all that were played
}

// Mean is how long packets waited on average in ns; 0 when none was played.
func (w *Waiting) Mean() int64 {
	if w.Played == 0 {
		return 0
	}
	return w.wait / int64(w.Played)
}

// thrown is how many packets came and were not played.
func (w *Waiting) thrown() uint64 { return w.Late + w.Overflowed }

func (w *Waiting) count(v Verdict, slack int64) Verdict {
	switch v {
	case Played:
		w.Played++
		w.wait += slack
	case Late:
		w.Late++
	case Overflow:
		w.Overflowed++
	}
	return v
}

// An instant is a packet as a buffer sees it, in order of arrival. Times are
// ns; media time counts from the first packet of the stream.
type instant struct {
	arrival, media int64
	ptime          int64
	marker         bool
}

// transit is the difference that playout is measured against.
func (i *instant) transit() int64 { return i.arrival - i.media }

// lateInRow is how many late packets in a row make a fixed buffer begin anew.
const lateInRow = 10

// A fixedBuffer plays every packet the same time after it was sent.
type fixedBuffer struct {
	Waiting
	model   *BufferModel
	playout int64 // of media time 0, ns
	media   int64 // the highest media time
	late    int32 // in a row
	started bool
}

// restart makes the next packet begin anew, after the timestamps jumped.
func (b *fixedBuffer) restart() { b.started = false }

func (b *fixedBuffer) add(i *instant) Verdict {
	n := i.transit()
	if !b.started || i.marker && i.media-b.media > 2*i.ptime {
		b.playout = n + b.model.Delay
	}
	if !b.started || i.media > b.media {
		b.media = i.media
	}
	b.started = true
	slack := b.playout - n
	switch {
	case slack < 0:
		if b.late++; b.late == lateInRow {
			b.playout, b.late = n+b.model.Delay, 0
		}
		return b.count(Late, 0)
	case slack > b.model.Max:
		b.late = 0
		return b.count(Overflow, 0)
	}
	b.late = 0
	return b.count(Played, slack)
}
