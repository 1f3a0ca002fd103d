package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
	"sipsniff/internal/audio"
	"sipsniff/internal/recording"
)

// soundOptions are the flags of extract for what was said.
type soundOptions struct {
	wav       string
	raw       string
	noConceal bool
}

func (s *soundOptions) declare(f *pflag.FlagSet) {
	f.StringVar(&s.wav, "wav", "", "extract: write the sound of calls")
	f.StringVar(&s.raw, "raw", "", "extract: write payloads that are not decoded")
	f.BoolVar(&s.noConceal, "no-conceal", false, "leave losses silent")
}

func (s *soundOptions) wanted() bool { return s.wav != "" || s.raw != "" }

// writable says why the files cannot be written, as far as that is known before
// their names are: how many calls there are decides about that of a WAV file, the
// side and the codec of a stream about that of its payloads.
func (s *soundOptions) writable() error {
	if s.raw != "" {
		if err := roomBeside(s.raw, s.raw); err != nil {
			return err
		}
	}
	if s.wav == "" {
		return nil
	}
	err := roomBeside(s.wav, s.wav)
	if err != nil && overwritable(s.wav) == nil { // there is one, which the only call may replace
		return nil
	}
	return err
}

// extractSound reads the input once more, for what the streams of the calls
// carried, and writes it. With damaged the input ends in an error that was
// told before.
func (o *options) extractSound(ctx context.Context, args []string, in input, calls []*correlate.Call, damaged bool) error {
	numbers := make([]int, len(calls))
	for i, c := range calls {
		numbers[i] = c.Index
	}
	kept := recording.NewCollector(numbers, int64(o.maxMemory))
	reading := *o
	reading.record, reading.keys.record, reading.media = "", false, kept.Media
	if result, err := reading.complete(ctx, args); err != nil && (!damaged || result.Snapshot == nil) || ctx.Err() != nil {
		return err
	}
	heard := 0
	var tooLong error // which one packet long after a call can make it; the others are written
	for _, c := range kept.Calls() {
		n, err := o.writeCall(in, c, len(calls) > 1)
		if err != nil && !errors.Is(err, audio.ErrTooLong) {
			return err
		}
		tooLong = errors.Join(tooLong, err)
		heard += n
	}
	if tooLong != nil {
		return tooLong
	}
	if heard == 0 {
		return &fileError{text: "extract: nothing to write: no sound that can be read", hint: o.soundHint()}
	}
	return nil
}

func (o *options) soundHint() string {
	switch {
	case o.sound.wav == "":
		return "--raw writes what is not decoded, --wav OUT.wav the rest"
	case o.sound.raw == "":
		return "--raw NAME writes what is not decoded as it came; -k opens SRTP; sipsniff report lists the streams"
	}
	return "-k opens SRTP; sipsniff report lists the streams"
}

// writeCall writes the files of a call and returns how many. With several
// calls their numbers are in the names.
func (o *options) writeCall(in input, c *recording.Call, several bool) (files int, err error) {
	if c.Cut {
		fmt.Fprintf(o.err, "sipsniff: warning: call %d: not all of its sound is kept: more than --max-memory, or than 64 streams\n", c.Index)
	}
	var tooLong error
	if o.sound.wav != "" {
		n, err := o.writeWAV(in, c, numbered(o.sound.wav, c.Index, several))
		if err != nil && !errors.Is(err, audio.ErrTooLong) {
			return 0, err
		}
		tooLong = err
		files += n
	}
	if o.sound.raw == "" {
		return files, tooLong
	}
	names := make(map[string]int)
	for _, f := range c.RawFiles() {
		name := fmt.Sprintf("%s-%s", numbered(o.sound.raw, c.Index, several), side(f.FromCaller))
		if names[name+f.Extension]++; names[name+f.Extension] > 1 {
			name = fmt.Sprintf("%s-%d", name, names[name+f.Extension])
		}
		if err := o.writeRaw(in, &f, name+"."+f.Extension); err != nil {
			return files, err
		}
		files++
	}
	return files, tooLong
}

func side(fromCaller bool) string {
	if fromCaller {
		return "caller"
	}
	return "callee"
}

// numbered puts the number of a call into a file name, in front of .wav.
func numbered(name string, call int, several bool) string {
	if !several {
		return name
	}
	base, ext := name, ""
	if strings.EqualFold(filepath.Ext(name), ".wav") {
		ext = filepath.Ext(name)
		base = strings.TrimSuffix(name, ext)
	}
	return fmt.Sprintf("%s-%d%s", base, call, ext)
}

// writeWAV writes the sound of a call, when there is some.
func (o *options) writeWAV(in input, c *recording.Call, name string) (files int, err error) {
	var file *os.File
	r, err := c.WriteWAV(func() (io.WriteSeeker, error) {
		file, err = o.createBeside(in, name)
		return file, err
	}, recording.Options{Silence: o.sound.noConceal})
	if errors.Is(err, audio.ErrTooLong) && file == nil { // it was not begun
		return 0, fmt.Errorf("%s: call %d: %w", name, c.Index, err)
	}
	if err = finish(file, name, err); err != nil {
		return 0, err
	}
	lines := r.Summary()
	if file == nil {
		for _, line := range lines {
			fmt.Fprintf(o.err, "sipsniff: warning: call %d has nothing to hear:%s\n", c.Index, strings.TrimPrefix(line, " "))
		}
		return 0, nil
	}
	if !o.quiet {
		fmt.Fprintf(o.out, "%s: call %d, %s\n", name, c.Index, strings.Join(lines, "\n"))
	}
	return 1, nil
}

func (o *options) writeRaw(in input, f *recording.RawFile, name string) error {
	file, err := o.createBeside(in, name)
	if err != nil {
		return err
	}
	n, err := f.Write(file)
	if err = finish(file, name, err); err == nil && !o.quiet {
		fmt.Fprintf(o.out, "%s: %s 0x%08X from %s, %s\n", name, f.Codec, f.SSRC, f.Src, amount.Of(n, "packet"))
	}
	return err
}

// createBeside makes a file, but never over one that is read, nor over the
// packets that were written before.
func (o *options) createBeside(in input, name string) (*os.File, error) {
	there, err := os.Stat(name)
	if err != nil || !there.Mode().IsRegular() {
		return os.Create(name)
	}
	same := func(other string) bool {
		info, err := os.Stat(other)
		return err == nil && os.SameFile(there, info)
	}
	switch {
	case slices.ContainsFunc(o.filesRead(in), same):
		return nil, &fileError{text: fmt.Sprintf("%s: is read, and would be overwritten", name), hint: "write to another file"}
	case same(o.record):
		return nil, &fileError{text: fmt.Sprintf("%s: holds the packets, and would be overwritten", name), hint: "write to another file"}
	}
	return os.Create(name)
}

// finish closes a file; one that is not whole does not stay.
func finish(file *os.File, name string, err error) error {
	if file == nil {
		return err
	}
	if err = errors.Join(err, file.Close()); err != nil {
		if info, statErr := os.Stat(name); statErr == nil && info.Mode().IsRegular() {
			err = errors.Join(err, os.Remove(name))
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
