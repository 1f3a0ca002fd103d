package capture

import (
	"context"
	"errors"
	"io"
)

// lookEvery is how many frames pass between two looks at the context.
const lookEvery = 4096

// Each hands on every frame of a source, borrowed until do returns, to the end of
// the source, to the first error of either, or until the context is done.
func Each(ctx context.Context, source Source, do func(*Frame) error) error {
	var frame Frame
	for n := 0; ; n++ {
		if n%lookEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := source.Next(&frame); {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, ErrIdle):
			continue
		case err != nil:
			return err
		}
		if err := do(&frame); err != nil {
			return err
		}
	}
}
