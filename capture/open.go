package capture

import (
	"errors"
	"io"
)

// Options say how files are to be read. The zero value reads everything.
type Options struct {
	// Stdin is read for the name "-"; nil means os.Stdin.
	Stdin io.Reader

	// Idle makes Next return ErrIdle when a stream, which is standard input or
	// a named pipe, was quiet for 100 ms, as a live source does, packed or not,
	// alone or merged with files. What trickles in comes in sips then, at most
	// 90 ms late. It has no effect on files. The frames are the same either
	// way.
	Idle bool

	// Filter decides which frames are handed out; nil lets all pass. As with
	// tcpdump, what it stops does not exist for the rest of the program: it
	// is neither numbered nor counted in SourceInfo. The frame it is shown
	// has no Number yet.
	Filter func(*Frame) bool

	// Notes is what Filter has to say of the frames so far. It is asked by
	// Info and added to the warnings of the first file.
	Notes func() []string
}

// ErrNoFile is returned by Open when there is nothing to open.
var ErrNoFile = errors.New("no capture file named")

// ErrStdinTwice is returned by Open when "-" is named more than once.
var ErrStdinTwice = errors.New("standard input can be read only once, but is named twice")

// Open opens capture files, "-" being standard input, and reads several as
// one, merged by capture time. Each is pcap or pcapng, perhaps packed by gzip,
// zstd or lz4. The frames of each file stay in the order of that file.
//
// Of several files a damaged one leaves the merge where it is damaged, with a
// warning in its SourceInfo; Next returns its error in place of io.EOF after
// the frames of the other files.
func Open(names []string, o Options) (Source, error) {
	if err := checkNames(names); err != nil {
		return nil, err
	}
	if len(names) > 1 {
		return openMerge(names, o)
	}
	f, err := openFile(names[0], o, chunkSize)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func checkNames(names []string) error {
	if len(names) == 0 {
		return ErrNoFile
	}
	streams := 0
	for _, name := range names {
		if name == "-" {
			streams++
		}
	}
	if streams > 1 {
		return ErrStdinTwice
	}
	return nil
}
