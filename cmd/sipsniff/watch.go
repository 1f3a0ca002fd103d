package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/filter"
	"sipsniff/internal/report"
	"sipsniff/internal/watch"
	"sipsniff/tui/figure"
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
	engine, err := o.newDiagnosis()
	if err != nil {
		return err
	}
	w := o.newWatcher(in, wanted, engine)
	o.listener, o.lasting = w, true
	s, err := o.start(ctx, args, in.waits())
	if err != nil {
		return err
	}
	w.Bind(s.scorer, s.pipeline.Status, s.pipeline.Snapshot, s.recordingWarning)
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	err = o.during(ctx, s, w)
	o.warn(s.result())
	o.tellSpool(s)
	if n := w.Skipped(); n > 0 {
		fmt.Fprintf(o.err, "sipsniff: warning: %s left out because the reader of the output was too slow\n", figure.Counted(n, "line"))
	}
	return err
}

// waits reports whether the input comes as it happens.
func (in input) waits() bool { return in.live() || in.stream() }

func (o *options) newWatcher(in input, wanted *filter.Expr, engine *diagnosis.Engine) *watch.Watcher {
	return watch.New(watch.Config{
		Out: o.out, Events: o.events, Filter: wanted, Patient: !in.waits(), Diagnosis: engine,
		Report: report.Result{Version: programVersion(), Columns: o.columns, ShowDTMF: o.digits},
	})
}

// during runs the session while the watcher writes.
func (o *options) during(ctx context.Context, s *session, w *watch.Watcher) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	written := make(chan error, 1)
	go func() { written <- w.Write(stop) }()
	var beside sync.WaitGroup // they write to standard error, or use the session
	beside.Go(func() { w.Follow(ctx) })
	beside.Go(func() { o.reopen(ctx, s) })
	beside.Go(func() { o.sayTroubles(ctx, s) })
	stopProgress := o.progress(s)
	err := s.run(ctx)
	stopProgress()
	stop()
	beside.Wait()
	w.Close()
	return errors.Join(err, s.close(), <-written)
}

// reopen begins another recording for every hangup, until ctx is done.
func (o *options) reopen(ctx context.Context, s *session) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.hangups:
			if s.record != nil {
				s.record.Reopen()
			}
		}
	}
}

// watchEvery is the time between two snapshots: only statistics, and what is said
// of drops and warnings, are read from them, once a second. Each costs the work of
// thousands of packets.
const watchEvery = time.Second

// troublePace is the time between two looks at what goes wrong.
const troublePace = time.Second

// sayTroubles tells on standard error what goes wrong while it does, and when
// it is over, until ctx is done.
func (o *options) sayTroubles(ctx context.Context, s *session) {
	tick := time.NewTicker(troublePace)
	defer tick.Stop()
	var failing bool
	said := make(map[string]string) // of each source, the latest
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, in := range s.pipeline.Status().Sources {
			if n := len(in.Warnings); n > 0 && in.Warnings[n-1] != said[in.Name] {
				said[in.Name] = in.Warnings[n-1]
				fmt.Fprintf(o.err, "sipsniff: warning: %s: %s\n", in.Name, said[in.Name])
			}
		}
		if s.record != nil {
			failing = o.sayRecording(s.record.Status(), failing)
		}
	}
}

// sayRecording tells when a recording begins to fail, and when it goes on.
func (o *options) sayRecording(st capture.RecorderStatus, failing bool) bool {
	switch {
	case st.Failing && !failing:
		fmt.Fprintf(o.err, "sipsniff: warning: %s\n", st.Warning())
	case !st.Failing && failing:
		fmt.Fprintf(o.err, "sipsniff: recording goes on in %s; frames missing: %d\n", st.File, st.Missing)
	}
	return st.Failing
}

// recordingWarning says what is wrong with the recording, "" when nothing is.
func (s *session) recordingWarning() string {
	r := s.recorder()
	if r == nil {
		return ""
	}
	return r.Status().Warning()
}
