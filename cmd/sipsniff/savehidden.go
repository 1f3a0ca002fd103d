package main

import (
	"context"
	"errors"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/extract"
	"sipsniff/internal/hide"
	"sipsniff/tui"
)

// hiddenIn is what of the choices on the screen packets are masked for.
func hiddenIn(h tui.SaveHide) (what hide.What) {
	for _, choice := range []struct {
		on   bool
		what hide.What
	}{{h.Numbers, hide.Numbers}, {h.Addresses, hide.Addresses}, {h.Auth, hide.Auth}, {h.Audio, hide.Audio}} {
		if choice.on {
			what |= choice.what
		}
	}
	return what
}

// masked has files read through a mask, once that was made for some frames; nil when nothing is to be hidden.
func (v *saver) masked(ctx context.Context, reading *options, in input, h tui.SaveHide, frames *extract.Frames) (*mask, error) {
	what := hiddenIn(h)
	if what == 0 {
		return nil, nil
	}
	source, err := reading.openFiles(in)
	if err != nil {
		return nil, err
	}
	m, err := reading.mask(ctx, what, source, frames)
	if err = errors.Join(bearable(err), ctx.Err()); err != nil {
		return nil, err
	}
	reading.over = m.over
	return m, nil
}

// remarks tell what was left out.
func (m *mask) remarks() []string {
	if m == nil || m.Left() == 0 {
		return nil
	}
	return []string{m.LeftOut()}
}

// hiddenText writes what is known of calls when their packets are read through a mask.
func (v *saver) hiddenText(ctx context.Context, r tui.SaveRequest, progress func(float64)) (tui.SaveResult, error) {
	reading, args, snapshot, calls, err := v.reread(ctx, r)
	if err != nil {
		return tui.SaveResult{}, err
	}
	in, err := reading.input(args)
	if err != nil {
		return tui.SaveResult{}, err
	}
	frames, err := v.framesOf(ctx, reading, in, snapshot, calls)
	if err != nil {
		return tui.SaveResult{}, err
	}
	progress(0.3)
	m, err := v.masked(ctx, reading, in, r.Hide, frames)
	if err != nil {
		return tui.SaveResult{}, err
	}
	progress(0.6)
	hidden, err := m.analysed(ctx, reading, args)
	if err = errors.Join(bearable(err), ctx.Err()); err != nil || hidden.Snapshot == nil {
		return tui.SaveResult{}, err
	}
	r.Snapshot = hidden.Snapshot
	r.Calls = m.only(hidden, calls).Snapshot.Calls
	result, err := v.text(r, hidden)
	result.Remarks = append(result.Remarks, m.remarks()...)
	return result, err
}

// framesOf finds the frames of calls.
func (v *saver) framesOf(ctx context.Context, reading *options, in input, s *correlate.Snapshot, calls []*correlate.Call) (*extract.Frames, error) {
	source, err := reading.openFiles(in)
	if err != nil {
		return nil, err
	}
	frames, err := extract.Select(s, calls).Find(ctx, source, decode.Config{ESPNull: reading.espNull})
	return frames, errors.Join(bearable(err), source.Close(), ctx.Err())
}
