package main

import (
	"context"
	"errors"
	"io"
	"os"

	"sipsniff/internal/audio"
	"sipsniff/internal/recording"
	"sipsniff/tui"
)

// sound writes a WAV file for each call.
func (v *saver) sound(ctx context.Context, r tui.SaveRequest, progress func(float64)) (tui.SaveResult, error) {
	again, err := v.reread(ctx, r)
	if err != nil {
		return tui.SaveResult{}, err
	}
	progress(0.3)
	numbers := make([]int, len(again.calls))
	for i, c := range again.calls {
		numbers[i] = c.Index
	}
	kept := recording.NewCollector(numbers, int64(again.maxMemory))
	again.media = kept.Media
	if _, err := again.complete(ctx, again.args); bearable(err) != nil || ctx.Err() != nil {
		return tui.SaveResult{}, errors.Join(bearable(err), ctx.Err())
	}
	progress(0.7)
	result, err := v.sounds(ctx, r.File, kept.Calls())
	if err != nil {
		return tui.SaveResult{}, err
	}
	if len(result.Files) == 0 {
		return result, &fileError{text: "there is no sound that can be read in these calls", hint: "-k opens SRTP; sipsniff codecs lists what is decoded"}
	}
	return result, nil
}

// sounds writes a file for each call. Those of several calls take the place of
// no other file, and none stays when one cannot be written.
func (v *saver) sounds(ctx context.Context, file string, heard []*recording.Call) (result tui.SaveResult, err error) {
	several := len(heard) > 1
	for _, c := range heard {
		name := numbered(file, c.Index, several)
		if _, err := os.Lstat(name); several && err == nil {
			return result, &fileError{text: name + " is there already", hint: "choose another name"}
		}
	}
	for _, c := range heard {
		name := numbered(file, c.Index, several)
		octets, err := int64(0), ctx.Err()
		if err == nil {
			octets, err = v.callSound(c, name)
		}
		if err != nil {
			for _, written := range result.Files { // there are some only of several
				_ = os.Remove(written) // what is wrong is said
			}
			return result, err
		}
		if octets > 0 {
			result.Files, result.Octets = append(result.Files, name), result.Octets+octets
		}
	}
	return result, nil
}

// callSound writes the sound of a call, 0 octets when it has none.
func (v *saver) callSound(c *recording.Call, name string) (int64, error) {
	silent := errors.New("silent")
	octets, err := replacing(name, func(temporary string) error {
		var file *os.File
		_, err := c.WriteWAV(func() (io.WriteSeeker, error) {
			var err error
			file, err = os.Create(temporary)
			return file, err
		}, recording.Options{Silence: v.o.sound.noConceal})
		if file == nil && (err == nil || errors.Is(err, audio.ErrTooLong)) {
			return errors.Join(silent, err)
		}
		return errors.Join(err, file.Close())
	})
	if errors.Is(err, silent) && !errors.Is(err, audio.ErrTooLong) {
		return 0, nil
	}
	return octets, err
}
