package main

import (
	"context"
	"errors"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/clean"
)

// comments are what was found in calls, as comments of the packets that show it: the whole finding on the first, what
// there is to be seen on each.
func comments(found *diagnosis.Result, calls []*correlate.Call) map[int][]string {
	out := make(map[int][]string)
	for _, c := range calls {
		for _, f := range found.Of(c.Index) {
			heading, told := f.Code+" "+f.Severity.String()+": "+f.Title, false
			for _, e := range f.Evidence {
				if e.Frame == 0 {
					continue
				}
				parts := []string{heading}
				if !told && f.Explanation != "" {
					parts = append(parts, f.Explanation)
				}
				if told = true; e.Text != "" {
					parts = append(parts, e.Text)
				}
				out[e.Frame] = append(out[e.Frame], clean.Line(strings.Join(parts, " - ")))
			}
		}
	}
	return out
}

// comments are those of calls of a snapshot; with a mask, those of what is seen through it.
func (m *mask) comments(ctx context.Context, reading *options, args []string, engine *diagnosis.Engine, s *correlate.Snapshot, calls []*correlate.Call) (map[int][]string, error) {
	if m == nil {
		return comments(engine.Run(s), calls), nil
	}
	hidden, err := m.analysed(ctx, reading, args)
	if err = errors.Join(bearable(err), ctx.Err()); err != nil || hidden.Snapshot == nil {
		return nil, err
	}
	return comments(engine.Run(hidden.Snapshot), m.only(hidden, calls).Snapshot.Calls), nil
}
