package audio

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// The header of a stereo file at 16 kHz with two frames, by hand.
func TestWAV(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.wav")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWAV(f, 16000, 2)
	if err == nil {
		err = w.Write([]int16{1, -1})
	}
	if err == nil {
		err = w.Write([]int16{-32768, 258})
	}
	if err = errors.Join(err, w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	want, _ := hex.DecodeString("52494646" + "2c000000" + "57415645" + "666d7420" + "10000000" + "0100" + "0200" + "803e0000" + "00fa0000" + "0400" + "1000" +
		"64617461" + "08000000" + "0100" + "ffff" + "0080" + "0201")
	got, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v\n%x, want\n%x", err, got, want)
	}
}

// What 32 bits cannot count is refused before it is written.
func TestWAVTooLong(t *testing.T) {
	w := &WAV{octets: 1<<32 - 1 - 44 - 3, channels: 1}
	if err := w.Write(make([]int16, 2)); !errors.Is(err, ErrTooLong) {
		t.Error(err)
	}
}
