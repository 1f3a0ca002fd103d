package audio

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// ErrTooLong reports more sound than the 32-bit sizes of RIFF can say.
var ErrTooLong = errors.New("longer than a WAV file can be (4 GiB)")

// wavHeader is the octets in front of the samples: RIFF, fmt and data.
const wavHeader = 44

// A WAV writes samples of sixteen bits as a WAV file.
type WAV struct {
	w              io.WriteSeeker
	rate, channels int
	octets         int64 // of samples
	buffer         []byte
}

// NewWAV begins a file. Close writes its sizes.
func NewWAV(w io.WriteSeeker, rate, channels int) (*WAV, error) {
	f := &WAV{w: w, rate: rate, channels: channels}
	_, err := w.Write(f.header())
	return f, err
}

// header is a RIFF file of PCM: its sizes count from behind themselves.
func (f *WAV) header() []byte {
	frame := 2 * f.channels
	b := make([]byte, 0, wavHeader)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(wavHeader-8+f.octets))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1) // PCM
	b = binary.LittleEndian.AppendUint16(b, uint16(f.channels))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.rate*frame))
	b = binary.LittleEndian.AppendUint16(b, uint16(frame))
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	return binary.LittleEndian.AppendUint32(b, uint32(f.octets))
}

// Write appends interleaved samples.
func (f *WAV) Write(samples []int16) error {
	octets := 2 * int64(len(samples))
	if f.octets+octets > math.MaxUint32-wavHeader {
		return ErrTooLong
	}
	f.buffer = f.buffer[:0]
	for _, s := range samples {
		f.buffer = binary.LittleEndian.AppendUint16(f.buffer, uint16(s))
	}
	n, err := f.w.Write(f.buffer)
	f.octets += int64(n)
	return err
}

// Close writes the sizes into the header; the file itself stays open.
func (f *WAV) Close() error {
	if _, err := f.w.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := f.w.Write(f.header())
	return err
}
