package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sipsniff/internal/filter"
	"sipsniff/internal/report"
	"sipsniff/internal/watch"
)

// liveLinger is how long a live call has been over when its line is printed:
// its last packets have come by then.
const liveLinger = 2 * time.Second

// watch prints what happens to calls, one line each, for as long as there is
// input.
func (o *options) watch(ctx context.Context, args []string) error {
	if _, err := o.formatIn("text", "jsonl"); err != nil { // text is the default of the flag
		return err
	}
	wanted, err := o.displayFilter(time.UTC)
	if err != nil {
		return err
	}
	o.sayHints(wanted)
	in, err := o.input(args)
	if err != nil {
		return err
	}
	if in.waits() {
		o.linger = liveLinger
	}
	w := o.newWatcher(in, wanted)
	o.listener = w
	s, err := o.start(ctx, args, in.waits())
	if err != nil {
		return err
	}
	w.Bind(s.scorer, s.pipeline.Status, s.pipeline.Snapshot)
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	err = o.during(ctx, s, w)
	o.warn(s.result())
	o.tellSpool(s)
	if n := w.Skipped(); n > 0 {
		fmt.Fprintf(o.err, "sipsniff: warning: %d lines were left out because the reader of the output was too slow\n", n)
	}
	return err
}

// waits reports whether the input comes as it happens.
func (in input) waits() bool { return in.live() || slices.Contains(in.files, "-") }

func (o *options) newWatcher(in input, wanted *filter.Expr) *watch.Watcher {
	return watch.New(watch.Config{
		Out: o.out, Events: o.events, Filter: wanted, Patient: !in.waits(),
		Report: report.Result{Version: programVersion(), Columns: o.columns, ShowDTMF: o.digits},
	})
}

// during runs the session while the watcher writes.
func (o *options) during(ctx context.Context, s *session, w *watch.Watcher) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	written, followed := make(chan error, 1), make(chan struct{})
	go func() { written <- w.Write(stop) }()
	go func() { defer close(followed); w.Follow(ctx) }()
	stopProgress := o.progress(s)
	err := s.run(ctx)
	stopProgress()
	stop()
	<-followed
	w.Close()
	return errors.Join(err, s.close(), <-written)
}
