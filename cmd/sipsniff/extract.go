package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/decode"
	"sipsniff/internal/amount"
	"sipsniff/internal/extract"
	"sipsniff/internal/hide"
)

// extract writes the packets of calls to a capture file, and what was said to
// sound files. The input is read three times: for the calls, for the frames
// that belong to them, and for what is in these; and once for the sound.
func (o *options) extract(ctx context.Context, args []string) error {
	in, err := o.extractInput(args)
	if err != nil {
		return err
	}
	if o.hide&hide.Audio != 0 && o.sound.wanted() {
		return &usageError{text: "extract: --wav and --raw write the sound that --hide audio takes out", hint: "leave out one of them"}
	}
	if err := o.hidesFiles("extract", args); err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.UTC)
	if err != nil {
		return err
	}
	o.sayHints(wanted)
	var engine *diagnosis.Engine // of what nobody asks for there is none
	if wanted != nil && wanted.AsksFindings() {
		if engine, err = o.newDiagnosis(); err != nil {
			return err
		}
	}
	reading := *o
	reading.record, reading.keys.record = "", false // not everything that is read
	result, readErr := reading.complete(ctx, args)
	if result.Snapshot == nil {
		return readErr
	}
	o.warn(result)
	calls := o.chosen(result.Snapshot.Calls)
	if len(calls) == 0 && o.call != "" {
		return errors.Join(readErr, noCall(o.call))
	}
	if engine != nil {
		result.Diagnosis = engine.Run(result.Snapshot)
	}
	if calls = matching(calls, &result, wanted); len(calls) == 0 && wanted != nil {
		return errors.Join(readErr, &fileError{text: fmt.Sprintf("0 of %d calls match %s", len(result.Snapshot.Calls), wanted), hint: "sipsniff report lists the calls"})
	}
	if o.record != "" {
		if err := o.extractFrames(ctx, args, in, result.Snapshot, calls, readErr != nil); err != nil {
			return errors.Join(readErr, err)
		}
	}
	if o.sound.wanted() && ctx.Err() == nil {
		return errors.Join(readErr, o.extractSound(ctx, args, in, calls, readErr != nil))
	}
	return readErr
}

// extractFrames finds the frames of calls and copies them. With damaged the
// input ends in an error that was told before.
func (o *options) extractFrames(ctx context.Context, args []string, in input, s *correlate.Snapshot, calls []*correlate.Call, damaged bool) error {
	frames, err := o.find(ctx, in, extract.Select(s, calls))
	if err != nil && !damaged || ctx.Err() != nil {
		return err
	}
	reading, m := *o, (*mask)(nil)
	if o.hide != 0 {
		if m, err = o.maskAgain(ctx, in, frames); bearable(err) != nil {
			return err
		}
		reading.over = m.over
		defer o.sayLeftOut(m)
	}
	var notes map[int][]string
	if o.notes {
		engine, err := o.newDiagnosis()
		if err != nil {
			return err
		}
		if notes, err = m.comments(ctx, o, args, engine, s, calls); err != nil {
			return err
		}
	}
	return reading.writeFrames(ctx, in, frames, notes, calls, damaged)
}

// extractInput wants files that can be read again, and somewhere to write to.
func (o *options) extractInput(args []string) (input, error) {
	in, err := o.input(args)
	switch {
	case err != nil:
		return in, err
	case in.live():
		return in, &usageError{text: "extract: no file", hint: "name a capture file; -w records while capturing"}
	case o.record == "" && !o.sound.wanted():
		return in, &usageError{text: "extract: nowhere to write to", hint: "sipsniff extract trace.pcap --call CALL-ID -w out.pcap, or --wav out.wav"}
	case o.notes && !capture.HoldsComments(o.record):
		return in, &usageError{text: "extract: --comments needs a file that can hold them", hint: "-w out.pcapng"}
	}
	for _, name := range in.files {
		info, err := os.Stat(name)
		if name == "-" || err == nil && !info.Mode().IsRegular() {
			return in, &usageError{text: fmt.Sprintf("extract: %s cannot be read more than once", name), hint: "save the stream to a file first: tcpdump -w trace.pcap"}
		}
	}
	if err := overwritable(o.record); err != nil {
		return in, err
	}
	return in, o.sound.writable()
}

// find reads the input for the frames of a selection.
func (o *options) find(ctx context.Context, in input, s *extract.Selection) (*extract.Frames, error) {
	source, err := o.openFiles(in)
	if err != nil {
		return &extract.Frames{}, err
	}
	frames, err := s.Find(ctx, source, decode.Config{ESPNull: o.espNull})
	return frames, errors.Join(err, source.Close())
}

// writeFrames copies the frames, with notes on some of them.
func (o *options) writeFrames(ctx context.Context, in input, frames *extract.Frames, notes map[int][]string, calls []*correlate.Call, damaged bool) error {
	source, err := o.openFiles(in)
	if err != nil {
		return err
	}
	options := capture.WriterOptions{Microseconds: true, Stdout: o.out, Inputs: o.filesRead(in), Application: "sipsniff " + programVersion()}
	for _, info := range source.Info() {
		options.Microseconds = options.Microseconds && !info.Nanoseconds
	}
	w, err := capture.Create(o.record, options)
	if err != nil {
		return errors.Join(err, source.Close())
	}
	err = frames.WriteCommented(ctx, source, w, notes)
	var format *capture.FormatError
	if damaged && errors.As(err, &format) {
		err = nil
	}
	if err = errors.Join(err, w.Close(), source.Close()); err == nil && o.record != "-" && !o.quiet {
		_, err = fmt.Fprintf(o.out, "%s: %s of %s\n", o.record, amount.Of(w.Frames(), "frame"), amount.Of(len(calls), "call"))
	}
	return err
}
