package hide

import (
	"context"
	"slices"

	"sipsniff/capture"
)

// A Chosen says which frames matter, by their numbers; nil: all.
type Chosen interface{ Has(frame int) bool }

// Learn looks at all frames that will be masked. It is called once, before NewSource: whoever is named anywhere is
// known then.
func (h *Hider) Learn(ctx context.Context, source capture.Source, chosen Chosen) error {
	defer h.settle()
	return capture.Each(ctx, source, func(f *capture.Frame) error {
		if chosen == nil || chosen.Has(f.Number) {
			h.frame(f, f.Data)
		}
		return nil
	})
}

// A Source yields the frames of another with what was asked for masked, under their own numbers, without those of
// which that is not sure. It tells no secrets that open encrypted connections.
type Source struct {
	source capture.Source
	hider  *Hider
	chosen Chosen
	buffer []byte
}

// NewSource returns a source of masked frames; those that were not chosen are not in it. What is left out is counted
// from here on.
func (h *Hider) NewSource(source capture.Source, chosen Chosen) *Source {
	h.left = [reasonCount]int{}
	return &Source{source: source, hider: h, chosen: chosen}
}

// Next implements capture.Source.
func (s *Source) Next(f *capture.Frame) error {
	for {
		if err := s.source.Next(f); err != nil {
			return err
		}
		if s.chosen != nil && !s.chosen.Has(f.Number) {
			continue
		}
		s.buffer = append(s.buffer[:0], f.Data...)
		r := s.hider.frame(f, s.buffer)
		if r != fine {
			s.hider.left[r]++
			continue
		}
		f.Data = s.buffer
		return nil
	}
}

// Info implements capture.Source. The first file says what was left out.
func (s *Source) Info() []capture.SourceInfo {
	list := s.source.Info()
	if text := s.hider.LeftOut(); text != "" && len(list) > 0 {
		list = slices.Clone(list)
		list[0].Warnings = append(slices.Clone(list[0].Warnings), text)
	}
	return list
}

// Close implements capture.Source.
func (s *Source) Close() error { return s.source.Close() }
