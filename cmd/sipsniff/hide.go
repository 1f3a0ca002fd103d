package main

import (
	"context"
	"errors"
	"fmt"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/extract"
	"sipsniff/internal/hide"
	"sipsniff/internal/report"
)

// A mask hides things in the frames of some calls. The input was read once for it, to know who is named there.
type mask struct {
	*hide.Hider
	chosen hide.Chosen // the frames; nil: all
}

// mask learns what is to be hidden in frames of the input; nil: in all.
func (o *options) mask(ctx context.Context, what hide.What, source capture.Source, frames *extract.Frames) (*mask, error) {
	m := &mask{Hider: hide.New(what)}
	if frames != nil { // or chosen would not be nil
		m.chosen = frames
	}
	err := m.Learn(ctx, source, m.chosen)
	return m, errors.Join(err, source.Close())
}

// maskAgain is a mask of what --hide says; the input is read once more for it.
func (o *options) maskAgain(ctx context.Context, in input, frames *extract.Frames) (*mask, error) {
	source, err := o.openFiles(in)
	if err != nil {
		return nil, err
	}
	return o.mask(ctx, o.hide, source, frames)
}

// over is a source with the mask over it.
func (m *mask) over(source capture.Source) capture.Source { return m.NewSource(source, m.chosen) }

// analysed reads the input through the mask. What is known of calls is made of what is left, so nothing else can get
// into it.
func (m *mask) analysed(ctx context.Context, reading *options, args []string) (report.Result, error) {
	through := *reading
	through.over, through.record, through.keys.record, through.spool = m.over, "", false, spoolOptions{}
	return through.complete(ctx, args)
}

// only leaves calls in a result that is hidden; they are named as they are before.
func (m *mask) only(r report.Result, calls []*correlate.Call) report.Result {
	wanted := make(map[string]bool, len(calls))
	for _, c := range calls {
		wanted[m.CallID(c.CallID)] = true
	}
	r.Snapshot = narrowed(r.Snapshot, func(c *correlate.Call) bool { return wanted[c.CallID] })
	if r.Diagnosis != nil {
		r.Diagnosis = r.Diagnosis.Narrow(r.Snapshot)
	}
	return r
}

// narrowed is a snapshot of some of its calls and their streams.
func narrowed(s *correlate.Snapshot, wanted func(*correlate.Call) bool) *correlate.Snapshot {
	out, indexes := *s, make(map[int]bool)
	out.Calls, out.Streams, out.MSRP = nil, nil, nil
	for _, c := range s.Calls {
		if wanted(c) {
			out.Calls, indexes[c.Index] = append(out.Calls, c), true
		}
	}
	for _, st := range s.Streams {
		if st.Call != nil && indexes[st.Call.Index] {
			out.Streams = append(out.Streams, st)
		}
	}
	return &out
}

// hidesFiles refuses --hide where the input cannot be read more than once.
func (o *options) hidesFiles(command string, args []string) error {
	if o.hide == 0 {
		return nil
	}
	in, err := o.input(args)
	if err == nil && (in.live() || in.stream()) {
		err = &usageError{text: command + ": --hide reads its input more than once", hint: "save the stream to a file first: tcpdump -w trace.pcap"}
	}
	return err
}

// hideReport makes the report once more, of frames in which everything is hidden that is to be.
func (o *options) hideReport(ctx context.Context, args []string, r report.Result, engine *diagnosis.Engine) (report.Result, error) {
	in, err := o.input(args)
	if err != nil {
		return r, err
	}
	m, err := o.maskAgain(ctx, in, nil)
	if bearable(err) != nil {
		return r, err
	}
	hidden, err := m.analysed(ctx, o, args)
	if hidden.Snapshot == nil || ctx.Err() != nil {
		return r, errors.Join(err, ctx.Err())
	}
	hidden.Diagnosis, hidden.Verbose = engine.Run(hidden.Snapshot), r.Verbose
	of := len(hidden.Snapshot.Calls)
	switch {
	case o.call != "" && len(r.Snapshot.Calls) > 0:
		hidden, _ = hidden.Only(m.CallID(r.Snapshot.Calls[0].CallID))
	case r.Filter != nil:
		hidden = m.only(hidden, r.Snapshot.Calls)
	}
	if r.Filter != nil { // its words may be a number
		hidden.Filter = &report.Filter{Expression: "a filter that is hidden", Matched: len(hidden.Snapshot.Calls), Of: of}
	}
	return hidden, nil // what is damaged was told when it was read first
}

// sayLeftOut tells what is not in an output since it is not sure that it is hidden.
func (o *options) sayLeftOut(m *mask) {
	if text := m.LeftOut(); text != "" {
		fmt.Fprintf(o.err, "sipsniff: warning: %s\n", text)
	}
}
