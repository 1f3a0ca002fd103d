package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stretched is a capture of G.722 with two more packets of one of its streams,
// 24 hours later.
func stretched(t *testing.T, source string) []byte {
	t.Helper()
	b, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	var head, last []byte // of the last packet of RTP
	for at := 24; at < len(b); {
		n := int(binary.LittleEndian.Uint32(b[at+8:]))
		if frame := b[at+16 : at+16+n]; n > 150 && frame[42] == 0x80 {
			head, last = b[at:at+16], frame
		}
		at += 16 + n
	}
	for k := range uint16(2) {
		h, p := bytes.Clone(head), bytes.Clone(last)
		binary.LittleEndian.PutUint32(h, binary.LittleEndian.Uint32(h)+24*3600)
		binary.BigEndian.PutUint16(p[44:], binary.BigEndian.Uint16(p[44:])+1+k)
		b = append(append(b, h...), p...)
	}
	return b
}

// A stray packet a day after a call makes its recording too long; the calls
// behind it are written all the same.
func TestOneCallTooLong(t *testing.T) {
	dir := t.TempDir()
	first := filepath.Join(dir, "first.pcap")
	if err := os.WriteFile(first, stretched(t, "../../pcaps/codec-g722.pcap"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	wav := filepath.Join(dir, "a.wav")
	status := run(t.Context(), []string{"extract", first, "../../pcaps/codec-l16.pcap", "--wav", wav}, terminal{out: &out, err: &errs})
	if _, err := os.Stat(filepath.Join(dir, "a-2.wav")); err != nil {
		t.Error(err)
	}
	if want := filepath.Join(dir, "a-1.wav") + ": call 1: longer than a WAV file can be"; status != 1 || !strings.Contains(errs.String(), want) {
		t.Errorf("status %d, out %s, errors %s", status, out.String(), errs.String())
	}
}
