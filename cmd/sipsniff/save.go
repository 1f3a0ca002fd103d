package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/extract"
	"sipsniff/internal/page"
	"sipsniff/internal/report"
	"sipsniff/tui"
)

// A saver writes calls to files for the screens: packets and sound out of the
// input, which is read again, or out of the spool; text out of the snapshot.
type saver struct {
	o     *options
	args  []string
	s     *session
	rules *judge
}

func (o *options) saver(args []string, s *session, rules *judge) tui.Saver {
	v := &saver{o: o, args: args, s: s, rules: rules}
	out := tui.Saver{Formats: v.formats, Run: v.run, Free: diskFree}
	if s.spool != nil {
		out.MediaSince = s.spool.MediaSince
	}
	return out
}

// formats are what can be written. Packets of a live capture are there when
// they are kept.
func (v *saver) formats() []tui.SaveFormat {
	missing := ""
	if v.s.spool == nil && (v.s.input.live() || v.s.input.stream()) {
		missing = "the packets are kept nowhere; start with --spool 1G, or set capture.spool (F8)"
	}
	return []tui.SaveFormat{
		{Name: "pcapng", Packets: true, Missing: missing}, {Name: "pcap", Packets: true, Missing: missing},
		{Name: "txt"}, {Name: "html"}, {Name: "json"}, {Name: "csv"}, {Name: "wav", Note: "(stereo: caller left, callee right)", Missing: missing},
	}
}

// run writes what is asked for. A file that is not whole does not take the
// place of another.
func (v *saver) run(ctx context.Context, r tui.SaveRequest, progress func(float64)) (tui.SaveResult, error) {
	if err := v.spares(r.File); err != nil {
		return tui.SaveResult{}, err
	}
	switch r.Format {
	case "wav":
		return v.sound(ctx, r, progress)
	case "pcap", "pcapng":
		return v.packets(ctx, r, progress)
	}
	if r.Hide.Masks() {
		return v.hiddenText(ctx, r, progress)
	}
	return v.text(r, v.s.result())
}

// spares refuses to write over what is read or recorded.
func (v *saver) spares(name string) error {
	there, err := os.Stat(name)
	if err != nil {
		return nil
	}
	for _, other := range append(v.o.filesRead(v.s.input), v.o.record, v.s.late.file()) {
		if info, err := os.Stat(other); err == nil && os.SameFile(there, info) {
			return &fileError{text: name + ": is read or recorded, and would be overwritten", hint: "choose another name"}
		}
	}
	return nil
}

// A rereading is the input once more, and the calls as they are numbered there: a
// spool begins later than the capture did.
type rereading struct {
	*options
	args     []string
	in       input
	snapshot *correlate.Snapshot
	calls    []*correlate.Call
}

func (v *saver) reread(ctx context.Context, r tui.SaveRequest) (*rereading, error) {
	o, args, err := v.o.again(v.args, v.s)
	if err != nil {
		return nil, err
	}
	again := &rereading{options: o, args: args, snapshot: r.Snapshot, calls: r.Calls}
	if again.in, err = o.input(args); err != nil || v.s.spool == nil {
		return again, err
	}
	result, err := o.complete(ctx, args)
	if result.Snapshot == nil || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	again.snapshot, again.calls = result.Snapshot, sameCalls(result.Snapshot.Calls, r.Calls)
	if len(again.calls) == 0 {
		return nil, &fileError{text: "the spool has no packet of these calls any more", hint: "give it more room: --spool"}
	}
	return again, nil
}

// sameCalls finds calls in another list by Call-ID and method.
func sameCalls(in, wanted []*correlate.Call) []*correlate.Call {
	type name struct{ id, method string }
	names := make(map[name]bool, len(wanted))
	for _, c := range wanted {
		names[name{c.CallID, c.Method}] = true
	}
	var out []*correlate.Call
	for _, c := range in {
		if names[name{c.CallID, c.Method}] {
			out = append(out, c)
		}
	}
	return out
}

// packets copies the packets of calls out of the input.
func (v *saver) packets(ctx context.Context, r tui.SaveRequest, progress func(float64)) (tui.SaveResult, error) {
	again, err := v.reread(ctx, r)
	if err != nil {
		return tui.SaveResult{}, err
	}
	selection := extract.Select(again.snapshot, again.calls)
	if r.Around {
		selection.Around(again.snapshot, again.calls)
	}
	if r.NoReports {
		selection.WithoutReports()
	}
	switch r.Packets {
	case tui.SaveSignalling:
		selection.OnlySignalling()
	case tui.SaveMedia:
		selection.OnlyMedia()
	}
	frames, err := again.framesOf(ctx, selection, func(source capture.Source) capture.Source {
		return &watchedSource{Source: source, to: progress, share: 0.5}
	})
	if err != nil {
		return tui.SaveResult{}, err
	}
	m, err := again.masked(ctx, r.Hide, frames)
	if err != nil {
		return tui.SaveResult{}, err
	}
	var notes map[int][]string
	if r.Comments && r.Format == "pcapng" {
		if notes, err = m.comments(ctx, again.options, again.args, v.rules.anew(), again.snapshot, again.calls); err != nil {
			return tui.SaveResult{}, err
		}
	}
	result := tui.SaveResult{Files: []string{r.File}}
	result.Octets, err = replacing(r.File, func(temporary string) error {
		result.Frames, err = again.copyFrames(ctx, frames, notes, temporary, progress)
		if result.Frames == 0 && err == nil {
			err = errors.New(strings.Join(append([]string{"no such packet was found"}, m.remarks()...), "; "))
		}
		return err
	})
	result.Remarks = append(result.Remarks, m.remarks()...)
	return result, err
}

// framesOf finds the frames of a selection. What is read passes through watch; nil: as it is.
func (again *rereading) framesOf(ctx context.Context, s *extract.Selection, watch func(capture.Source) capture.Source) (*extract.Frames, error) {
	source, err := again.openFiles(again.in)
	if err != nil {
		return nil, err
	}
	watched := source
	if watch != nil {
		watched = watch(source)
	}
	frames, err := s.Find(ctx, watched, decode.Config{ESPNull: again.espNull})
	return frames, errors.Join(bearable(err), source.Close(), ctx.Err())
}

// copyFrames writes frames to a capture file, with notes on some of them.
func (again *rereading) copyFrames(ctx context.Context, frames *extract.Frames, notes map[int][]string, name string, progress func(float64)) (n int, err error) {
	source, err := again.openFiles(again.in)
	if err != nil {
		return 0, err
	}
	options := capture.WriterOptions{Microseconds: true, Application: "sipsniff " + programVersion()}
	for _, info := range source.Info() {
		options.Microseconds = options.Microseconds && !info.Nanoseconds
	}
	w, err := capture.Create(name, options)
	if err != nil {
		return 0, errors.Join(err, source.Close())
	}
	err = frames.WriteCommented(ctx, &watchedSource{Source: source, to: progress, from: 0.5, share: 0.5}, w, notes)
	return w.Frames(), errors.Join(bearable(err), w.Close(), source.Close(), ctx.Err())
}

// bearable forgets that a file is damaged at its end: the screens said so.
func bearable(err error) error {
	var format *capture.FormatError
	if errors.As(err, &format) {
		return nil
	}
	return err
}

// A watchedSource tells how much of it was read.
type watchedSource struct {
	capture.Source
	to          func(float64)
	from, share float64
	frames      int
}

// Next implements capture.Source.
func (w *watchedSource) Next(f *capture.Frame) error {
	if w.frames++; w.frames%4096 == 0 {
		var size, position int64
		for _, info := range w.Info() {
			size, position = size+info.Size, position+info.Position
		}
		if size > 0 {
			w.to(w.from + w.share*float64(position)/float64(size))
		}
	}
	return w.Source.Next(f)
}

// Secrets implements capture.SecretSource.
func (w *watchedSource) Secrets() []capture.Secret {
	if from, ok := w.Source.(capture.SecretSource); ok {
		return from.Secrets()
	}
	return nil
}

// SecretCount implements capture.SecretSource.
func (w *watchedSource) SecretCount() int {
	if from, ok := w.Source.(capture.SecretSource); ok {
		return from.SecretCount()
	}
	return 0
}

// text writes what is known of calls: their messages, or what a report says.
func (v *saver) text(r tui.SaveRequest, known report.Result) (tui.SaveResult, error) {
	result := tui.SaveResult{Files: []string{r.File}}
	octets, err := replacing(r.File, func(temporary string) error {
		f, err := os.Create(temporary)
		if err != nil {
			return err
		}
		w := bufio.NewWriter(f)
		switch r.Format {
		case "txt":
			err = writeMessages(w, r)
		case "json":
			err = report.JSON(w, v.report(r, known))
		case "html":
			o := *v.o
			o.bodies, o.digits = !r.Hide.Bodies, !r.Hide.Keys
			err = o.writePage(w, v.report(r, known))
		case "csv":
			err = report.CSV(w, v.report(r, known))
		default:
			err = &fileError{text: fmt.Sprintf("there is no format %q", r.Format)}
		}
		return errors.Join(err, w.Flush(), f.Close())
	})
	result.Octets = octets
	return result, err
}

// report is a report of the calls alone.
func (v *saver) report(r tui.SaveRequest, result report.Result) report.Result {
	wanted := make(map[int]bool, len(r.Calls))
	for _, c := range r.Calls {
		wanted[c.Index] = true
	}
	calls := narrowed(r.Snapshot, func(c *correlate.Call) bool { return wanted[c.Index] })
	result.Snapshot, result.Diagnosis = calls, v.rules.anew().Run(calls)
	result.Filter = &report.Filter{Expression: "saved from the screens", Matched: len(calls.Calls), Of: len(r.Snapshot.Calls)}
	result.ShowBodies, result.ShowDTMF = !r.Hide.Bodies, !r.Hide.Keys
	return result
}

// writeMessages writes the messages of calls by time, each below its time and
// addresses, as it was on the wire but for what is to be hidden.
func writeMessages(w io.Writer, r tui.SaveRequest) error {
	var messages []*correlate.Message
	for _, c := range r.Calls {
		for _, m := range c.Messages() {
			if !m.Duplicate {
				messages = append(messages, m)
			}
		}
	}
	slices.SortStableFunc(messages, func(a, b *correlate.Message) int {
		switch {
		case a.Nanos < b.Nanos:
			return -1
		case a.Nanos > b.Nanos:
			return 1
		}
		return 0
	})
	for _, m := range messages {
		at := time.Unix(0, m.Nanos).UTC().Format("2006-01-02T15:04:05.000000Z")
		text, err := m.Read()
		if err != nil {
			return fmt.Errorf("frame %d: %w", m.Frame, err)
		}
		text = strings.TrimRight(page.WithoutBody(text, !r.Hide.Bodies, !r.Hide.Keys), "\r\n")
		if _, err := fmt.Fprintf(w, "%s %s -> %s\n%s\n\n", at, m.Src, m.Dst, text); err != nil {
			return err
		}
	}
	return nil
}
