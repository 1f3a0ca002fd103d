package extract

import (
	"context"
	"net/netip"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// Frames is a set of frame numbers.
type Frames struct {
	bits []uint64
	n    int
}

// Len is how many there are.
func (s *Frames) Len() int { return s.n }

// Has reports whether a frame is among them.
func (s *Frames) Has(frame int) bool {
	return frame >= 0 && frame/64 < len(s.bits) && s.bits[frame/64]>>(frame%64)&1 != 0
}

func (s *Frames) add(frame int) {
	if frame < 0 || s.Has(frame) {
		return
	}
	for frame/64 >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	s.bits[frame/64] |= 1 << (frame % 64)
	s.n++
}

// A finder is a decode.Handler that notes the frames of what is selected.
type finder struct {
	*Selection
	found Frames
}

// Find reads a source to its end, decoded with c, and returns the frames of
// what is selected. Those found before an error are returned with it.
func (x *Selection) Find(ctx context.Context, source capture.Source, c decode.Config) (*Frames, error) {
	f := &finder{Selection: x}
	c.Fragments, c.Segments = true, f.segment
	d := decode.New(c, f)
	err := capture.Each(ctx, source, func(frame *capture.Frame) error { d.Frame(frame); return nil })
	d.Flush()
	return &f.found, err
}

// Write copies the frames of a set from a source to a writer, with the
// decryption secrets that the source has in front of them.
func (s *Frames) Write(ctx context.Context, source capture.Source, w *capture.Writer) error {
	return s.WriteCommented(ctx, source, w, nil)
}

// WriteCommented is Write with comments on frames, by their numbers.
func (s *Frames) WriteCommented(ctx context.Context, source capture.Source, w *capture.Writer, comments map[int][]string) error {
	from, _ := source.(capture.SecretSource)
	count, written := 0, map[*byte]bool{} // by their first octet: those of several files come by turns
	return capture.Each(ctx, source, func(frame *capture.Frame) error {
		if !s.Has(frame.Number) {
			return nil
		}
		if from != nil && from.SecretCount() != count {
			count = from.SecretCount()
			for _, secret := range from.Secrets() {
				if len(secret.Data) == 0 || written[&secret.Data[0]] {
					continue
				}
				written[&secret.Data[0]] = true
				if err := w.WriteSecret(secret); err != nil {
					return err
				}
			}
		}
		for _, text := range comments[frame.Number] {
			w.Comment(text)
		}
		return w.Write(frame)
	})
}

// take notes the frames of a packet: where it begins and ends, and all its
// fragments.
func (f *finder) take(p *decode.Packet) {
	f.found.add(p.Frame)
	f.found.add(p.LastFrame)
	for _, frame := range p.Fragments {
		f.found.add(frame)
	}
}

// Message implements decode.Handler. Those on streams are found by their
// segments; what HEP says of them is in one frame.
func (f *finder) Message(p *decode.Packet) {
	if f.frames[p.Frame] || !f.noMessages && f.near(p.Src, p.Dst, p.Nanos) {
		f.take(p)
	}
}

// near reports whether everything of one of two hosts is wanted at a time.
func (f *finder) near(src, dst netip.AddrPort, nanos int64) bool {
	return f.hosts != nil && (within(f.hosts[src.Addr()], nanos) || within(f.hosts[dst.Addr()], nanos))
}

// KeepAlive implements decode.KeepAliveHandler.
func (f *finder) KeepAlive(p *decode.Packet) {
	if !f.noMessages && f.near(p.Src, p.Dst, p.Nanos) {
		f.take(p)
	}
}

// Datagram implements decode.Handler.
func (f *finder) Datagram(p *decode.Packet) {
	switch rtp.Classify(p.Payload) {
	case rtp.RTCP:
		if f.noReports || f.noMedia {
			return
		}
	case rtp.RTP:
		if f.noMedia {
			return
		}
	}
	if within(f.media[endsOf(p.Src, p.Dst)], p.Nanos) || f.near(p.Src, p.Dst, p.Nanos) {
		f.take(p)
	}
}

// ICMP implements decode.ErrorHandler: of media every error belongs to it.
func (f *finder) ICMP(p *decode.Packet, e *decode.ICMPError) {
	if f.noReports {
		return
	}
	about := endsOf(e.Src, e.Dst)
	if f.frames[p.Frame] || within(f.media[about], p.Nanos) || within(f.errors[about], p.Nanos) ||
		f.near(p.Src, p.Dst, p.Nanos) || f.near(e.Src, e.Dst, p.Nanos) {
		f.take(p)
	}
}

// segment looks at a piece of a stream.
func (f *finder) segment(p *decode.Packet) {
	e := endsOf(p.Src, p.Dst)
	if within(f.segments[e], int64(p.Frame)) || within(f.media[e], p.Nanos) || !f.noMessages && f.near(p.Src, p.Dst, p.Nanos) {
		f.take(p)
	}
}
