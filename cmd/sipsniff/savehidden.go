package main

import (
	"context"
	"errors"

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
func (again *rereading) masked(ctx context.Context, h tui.SaveHide, frames *extract.Frames) (*mask, error) {
	what := hiddenIn(h)
	if what == 0 {
		return nil, nil
	}
	source, err := again.openFiles(again.in)
	if err != nil {
		return nil, err
	}
	m, err := again.mask(ctx, what, source, frames)
	if err = errors.Join(bearable(err), ctx.Err()); err != nil {
		return nil, err
	}
	again.over = m.over
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
	again, err := v.reread(ctx, r)
	if err != nil {
		return tui.SaveResult{}, err
	}
	frames, err := again.framesOf(ctx, extract.Select(again.snapshot, again.calls), nil)
	if err != nil {
		return tui.SaveResult{}, err
	}
	progress(0.3)
	m, err := again.masked(ctx, r.Hide, frames)
	if err != nil {
		return tui.SaveResult{}, err
	}
	progress(0.6)
	hidden, err := m.analysed(ctx, again.options, again.args)
	if err = errors.Join(bearable(err), ctx.Err()); err != nil || hidden.Snapshot == nil {
		return tui.SaveResult{}, err
	}
	r.Snapshot = hidden.Snapshot
	r.Calls = m.only(hidden, again.calls).Snapshot.Calls
	result, err := v.text(r, hidden)
	result.Remarks = append(result.Remarks, m.remarks()...)
	return result, err
}
