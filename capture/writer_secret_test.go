package capture

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"
)

// TestWriterSecrets: secrets come back as they were written, in front of the
// frames behind them; a pcap file does without.
func TestWriterSecrets(t *testing.T) {
	want := []Secret{{Type: SecretTLSKeyLog, Data: []byte("CLIENT_RANDOM 00 11\n")}, {Type: 0x57474b4c, Data: []byte("abcde")}}
	for _, name := range []string{"a.pcapng", "a.pcap"} {
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path, WriterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range want {
			if err := errors.Join(w.WriteSecret(s), w.Write(frameOf(int64(i), 60, 1))); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.WriteSecret(Secret{Type: SecretTLSKeyLog, Data: make([]byte, maxBlock)}); err != nil {
			t.Errorf("one that is too long: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if holds := HoldsSecrets(path); holds != (name == "a.pcapng") {
			t.Errorf("%s holds secrets: %v", name, holds)
		}
		src, err := Open([]string{path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer src.Close()
		var f Frame
		for n := 1; ; n++ {
			err := src.Next(&f)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := src.(SecretSource).SecretCount(); HoldsSecrets(path) && got != n {
				t.Errorf("%d secrets at frame %d", got, n)
			}
		}
		var got []Secret
		if s, ok := src.(SecretSource); ok {
			got = s.Secrets()
		}
		if !HoldsSecrets(path) {
			if len(got) != 0 {
				t.Errorf("%s: %d secrets", name, len(got))
			}
			continue
		}
		if len(got) != len(want) {
			t.Fatalf("%d secrets", len(got))
		}
		for i, s := range want {
			if got[i].Type != s.Type || !bytes.Equal(got[i].Data, s.Data) {
				t.Errorf("secret %d: %x %q", i, got[i].Type, got[i].Data)
			}
		}
	}
}
