package watch

import (
	"bufio"
	"context"
	"io"
	"sync/atomic"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/correlate/mos"
	"sipsniff/internal/filter"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
)

const (
	// queueOctets is what may wait for the writer: some ten thousand calls.
	queueOctets = 64 << 20
	// statisticsEvery is the time between two lines of statistics.
	statisticsEvery = 10 * time.Second
	// lookEvery is the time between two looks at what was dropped.
	lookEvery = time.Second
)

// A Config says what is written, and where.
type Config struct {
	Out    io.Writer
	Events Set
	Filter *filter.Expr  // which calls; nil: all
	Report report.Result // what calls are written with; it has no snapshot

	// Diagnosis says why calls went wrong; nil: nobody does.
	Diagnosis *diagnosis.Engine

	// Patient waits for the writer. It is for files, which can wait too.
	Patient bool
}

// bound is the run that is watched.
type bound struct {
	status   func() pipeline.Status
	snapshot func() *correlate.Snapshot
	problem  func() string // of the recording, "" when there is none
}

// A Watcher is the listener of a tracker.
type Watcher struct {
	config Config
	bound  bound
	queue  *queue
	ended  atomic.Uint64 // calls, those that the filter stops too

	// What follows belongs to the goroutine that runs Write.
	out *bufio.Writer
	err error
}

var _ correlate.Listener = (*Watcher)(nil)

// New returns a watcher that has written nothing yet.
func New(c Config) *Watcher {
	return &Watcher{config: c, queue: newQueue(queueOctets, c.Patient), out: bufio.NewWriter(c.Out)}
}

// Bind tells what scores the streams and where statistics come from. It is
// called before the run begins.
func (w *Watcher) Bind(scorer mos.Scorer, status func() pipeline.Status, snapshot func() *correlate.Snapshot, problem func() string) {
	w.config.Report.Scorer = scorer
	w.bound = bound{status, snapshot, problem}
}

// Changed implements correlate.Listener.
func (w *Watcher) Changed(before, now *correlate.Call) {
	switch {
	case now.Method == "REGISTER":
		changed := before == nil || before.State != now.State || before.MessageCount != now.MessageCount
		if changed && now.State.Terminal() {
			w.progress(Registered, latest(now), now)
		}
	case now.Method == "INVITE":
		if before == nil {
			w.progress(CallStart, now.Started, now)
		}
		if now.Answered != 0 && (before == nil || before.Answered == 0) {
			w.progress(CallAnswer, now.Answered, now)
		}
	}
}

// progress writes a line of a call that goes on, if it is wanted.
func (w *Watcher) progress(e Event, at int64, c *correlate.Call) {
	if w.config.Events.Has(e) && w.wanted(c) {
		w.line(encode(newProgress(e, at, c)))
	}
}

// latest is when the last message of a call came.
func latest(c *correlate.Call) int64 {
	if n := len(c.Messages()); n > 0 {
		return c.Messages()[n-1].Nanos
	}
	return c.Started
}

// wanted reports whether the filter lets a call through as it is now.
func (w *Watcher) wanted(c *correlate.Call) bool {
	if w.config.Filter == nil {
		return true
	}
	return w.config.Filter.Match(filter.NewScope(&correlate.Snapshot{Calls: []*correlate.Call{c}}, nil), c)
}

// Finished implements correlate.Listener.
func (w *Watcher) Finished(e *correlate.Ending) {
	w.ended.Add(1)
	if w.config.Events.Has(CallEnd) {
		w.queue.put(item{ending: e, octets: e.Octets})
	}
}

func (w *Watcher) line(b []byte) { w.queue.put(item{line: b, octets: int64(len(b))}) }

// Write writes what comes until Close, and returns the first error. After an
// error, which failed is told, it goes on and writes nothing.
func (w *Watcher) Write(failed func()) error {
	var items []item
	for {
		if items = w.queue.take(items); len(items) == 0 {
			return w.err
		}
		for i := range items {
			w.write(&items[i])
		}
		w.note(w.out.Flush(), failed)
	}
}

func (w *Watcher) write(i *item) {
	if w.err != nil {
		return
	}
	if i.ending == nil {
		_, _ = w.out.Write(i.line) // Flush says it again
		return
	}
	r := w.config.Report
	r.Snapshot = i.ending.Snapshot
	if w.config.Diagnosis != nil {
		r.Diagnosis = w.config.Diagnosis.One(i.ending.Call, r.Snapshot, w.everything())
	}
	if !w.matches(i.ending, r.Diagnosis) {
		return
	}
	_ = report.Ended(w.out, r, string(CallEnd), i.ending) // likewise
}

// everything is what was published last; nil before that.
func (w *Watcher) everything() *correlate.Snapshot {
	if w.bound.snapshot != nil {
		if s := w.bound.snapshot(); s != nil && s.Last != 0 {
			return s
		}
	}
	return nil
}

func (w *Watcher) matches(e *correlate.Ending, found *diagnosis.Result) bool {
	if w.config.Filter == nil {
		return true
	}
	in := filter.NewScope(e.Snapshot, nil)
	in.Problems(found)
	return w.config.Filter.Match(in, e.Call)
}

func (w *Watcher) note(err error, failed func()) {
	if err != nil && w.err == nil {
		w.err = err
		failed()
	}
}

// Follow writes statistics and drops until ctx is done.
func (w *Watcher) Follow(ctx context.Context) {
	if !w.config.Events.Has(Statistics) && !w.config.Events.Has(Drops) {
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var dropped uint64
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := w.statistics(Drops); now.Dropped.Sum() != dropped {
			dropped = now.Dropped.Sum()
			w.state(Drops)
		}
		if n%int(statisticsEvery/lookEvery) == 0 {
			w.state(Statistics)
		}
	}
}

// state writes a line of statistics, if it is wanted.
func (w *Watcher) state(e Event) {
	if w.config.Events.Has(e) {
		w.line(encode(w.statistics(e)))
	}
}

// Close says the statistics a last time. Write returns after that.
func (w *Watcher) Close() {
	w.state(Statistics)
	w.queue.close()
}

// Skipped is how many lines were left out because the writer was slow.
func (w *Watcher) Skipped() uint64 { return w.queue.losses() }
