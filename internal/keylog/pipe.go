package keylog

import (
	"context"
	"os"
)

// openPipe starts to read a pipe or device. Opening a named pipe waits for
// somebody to write, so that is left to the goroutine that reads, too.
func (f *file) openPipe(ctx context.Context, live bool) error {
	pipe := make(chan []byte, 16)
	opened := make(chan error, 1)
	f.pipe = pipe
	mode := os.O_RDONLY
	if live {
		mode = os.O_RDWR // waits for nobody, and sees no end when a writer leaves
		file, err := os.OpenFile(f.name, mode, 0)
		if err == nil {
			f.f = file
			go readPipe(file, pipe)
			return nil
		}
		mode = os.O_RDONLY
	}
	go func() {
		file, err := os.OpenFile(f.name, mode, 0)
		opened <- err
		if err == nil {
			readPipe(file, pipe)
			_ = file.Close()
		}
	}()
	if live {
		return nil
	}
	return f.readAll(ctx, opened)
}

// readAll reads a pipe to its end.
func (f *file) readAll(ctx context.Context, opened <-chan error) error {
	select {
	case err := <-opened:
		if err != nil {
			return &Error{describe(f.name, err), "the pipe has to be readable for you"}
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		select {
		case b, ok := <-f.pipe:
			if !ok {
				f.log.Flush()
				return f.foreign()
			}
			f.take(b)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// readPipe hands over what comes through a pipe until its end, or until it is
// closed.
func readPipe(file *os.File, to chan<- []byte) {
	defer close(to)
	for {
		b := make([]byte, 16<<10)
		n, err := file.Read(b)
		if n > 0 {
			to <- b[:n]
		}
		if err != nil || n == 0 {
			return
		}
	}
}

// drain takes what has come through the pipe so far.
func (f *file) drain() {
	for {
		select {
		case b, ok := <-f.pipe:
			if !ok {
				f.pipe = closedPipe()
				f.log.Flush()
				return
			}
			f.take(b)
		default:
			f.log.Flush()
			return
		}
	}
}

// closedPipe is a pipe that nothing comes through any more.
func closedPipe() <-chan []byte { return make(chan []byte) }
