package main

import (
	"context"
	"errors"
	"fmt"

	"sipsniff/capture"
	"sipsniff/correlate/mos"
	"sipsniff/internal/column"
	"sipsniff/internal/keylog"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
	"sipsniff/internal/spool"
)

// A session is one run over one input.
type session struct {
	input    input
	output   string // file that is recorded in, "" when none
	source   capture.Source
	files    []original        // that can be read again
	record   *capture.Recorder // nil: none
	late     *lateRecording    // nil: none can begin during the run
	pipeline *pipeline.Pipeline
	keys     *keylog.Follower // nil when there are none
	agent    *agent           // nil when nothing is sent
	spool    *spool.Spool     // nil when nobody wants it
	columns  column.Set
	scorer   mos.Scorer
}

// start opens everything that a run needs. live publishes while it runs.
func (o *options) start(ctx context.Context, args []string, live bool) (*session, error) {
	if o.maxCalls <= 0 {
		return nil, &usageError{text: fmt.Sprintf("--max-calls %d: at least one call has to be kept", o.maxCalls)}
	}
	if o.keys.record && !capture.HoldsSecrets(o.record) {
		return nil, &usageError{text: "--write-keys: there is no recording that can hold keys", hint: "record with -w FILE.pcapng"}
	}
	in, err := o.input(args)
	if err != nil {
		return nil, err
	}
	o.limitMemory()
	if _, err := o.rotation(); err != nil {
		return nil, err
	}
	if err := o.checkSpool(in); err != nil {
		return nil, err
	}
	c := pipeline.Config{Live: live, Pipe: in.stream()}
	if o.listener != nil { // watch
		c.Every = watchEvery
	}
	if c.Tracker, err = o.trackerConfig(); err != nil {
		return nil, err
	}
	c.Tracker.Live = in.live()
	s := &session{input: in, output: o.record, columns: o.columns, scorer: c.Tracker.Scorer}
	c.Decoder.ESPNull = o.espNull
	if c.Decoder.Secrets, s.keys, err = o.keys.open(ctx, in.live()); err != nil {
		return nil, err
	}
	if l := o.keys.learned; l != nil && l.Lost > 0 {
		fmt.Fprintf(o.err, "sipsniff: warning: %s: %d lines of key logs were too many to be recorded\n", o.record, l.Lost)
	}
	c.Keys, c.Learned = s.keys, o.keys.learned
	if s.source, c.Decoder.HEPPorts, err = o.open(ctx, in); err != nil {
		return nil, err
	}
	s.files = originals(in.files)
	if o.record != "" {
		if s.record, err = o.create(s, s.source.Info()); err != nil {
			return nil, errors.Join(err, s.source.Close())
		}
	}
	if s.agent, err = o.newAgent(in.targets, in.live()); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.agent != nil {
		c.Tap = s.agent.exporter
		c.Live = c.Live || in.live() // for the reports in between
	}
	if s.spool, err = o.openSpool(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	c.Source, c.Spool = s.source, s.spool
	if s.record != nil { // or c.Record would not be nil
		c.Record = s.record
	} else if o.lasting && in.waits() {
		s.late = &lateRecording{}
		c.Record = s.late
	}
	if err := o.dropRights(s); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.pipeline = pipeline.New(c)
	return s, nil
}

// run reads the source to its end, or until ctx is done.
func (s *session) run(ctx context.Context) error {
	work := func() error { return s.pipeline.Run(ctx) }
	if s.agent == nil {
		return work()
	}
	return s.agent.during(s.input.live(), s.pipeline.Snapshot, work)
}

// close finishes the recording and releases the source.
func (s *session) close() error {
	s.keys.Close()
	var err error
	if s.record != nil {
		err = s.record.Close()
	}
	err = errors.Join(err, s.late.end())
	if s.spool != nil {
		_ = s.spool.Close() // Err has it
	}
	return errors.Join(err, s.source.Close())
}

func (s *session) result() report.Result {
	r := report.Result{Version: programVersion(), Status: s.pipeline.Status(), Snapshot: s.pipeline.Snapshot(), Columns: s.columns, Scorer: s.scorer}
	if s.agent != nil {
		r.Sent = s.agent.sender.Sent()
	}
	return r
}

// complete reads the whole input without a screen. The result is there even
// when reading ended with an error: what stood before it was understood.
func (o *options) complete(ctx context.Context, args []string) (report.Result, error) {
	s, err := o.start(ctx, args, o.showsProgress())
	if err != nil {
		return report.Result{}, err
	}
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	stopProgress := o.progress(s)
	err = s.run(ctx)
	stopProgress()
	err = errors.Join(err, s.close())
	o.tellSpool(s)
	return s.result(), err
}

// warn says on standard error what a reader of the output should know.
func (o *options) warn(r report.Result) {
	for _, in := range r.Status.Sources {
		for _, warning := range in.Warnings {
			fmt.Fprintf(o.err, "sipsniff: warning: %s: %s\n", in.Name, warning)
		}
	}
	for _, line := range keylog.Warnings(r.Status.Keys) {
		fmt.Fprintf(o.err, "sipsniff: warning: %s\n", line)
	}
	for _, to := range r.Sent {
		if to.Dropped > 0 || to.Error != "" {
			fmt.Fprintf(o.err, "sipsniff: warning: %s\n", report.SentLine(to))
		}
	}
}
