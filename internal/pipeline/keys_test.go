package pipeline

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"sipsniff/capture"
	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/keylog"
)

// A lateSource writes the key log when all frames have been read.
type lateSource struct {
	capture.Source
	late func()
}

func (s *lateSource) Next(f *capture.Frame) error {
	err := s.Source.Next(f)
	if err == io.EOF {
		s.late()
	}
	return err
}

// Secrets that are written while the capture runs, or at its end, open what
// was captured before.
func TestKeysGrow(t *testing.T) {
	log, err := os.ReadFile("../../pcaps/tls13.keys")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "keys.log")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	secrets := tls.NewSecrets()
	secrets.Awaited = true
	follower, err := keylog.Open(context.Background(), []string{name}, true, secrets)
	if err != nil {
		t.Fatal(err)
	}
	defer follower.Close()
	source, err := capture.Open([]string{"../../pcaps/tls13.pcap"}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	write := func() {
		if err := os.WriteFile(name, log, 0o600); err != nil {
			t.Error(err)
		}
	}
	p := New(Config{Source: &lateSource{source, write}, Decoder: decode.Config{Secrets: secrets}, Keys: follower})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := p.Snapshot().Transports[decode.TLS]; n != 21 {
		t.Errorf("%d messages", n)
	}
	s := p.Status()
	if len(s.Encrypted) != 4 || len(s.Keys) != 1 || s.Keys[0].Secrets != 16 || s.Keys[0].Bad != 0 {
		t.Errorf("%d connections, %+v", len(s.Encrypted), s.Keys)
	}
}

// The key logs are looked at once a second.
func TestKeysPolled(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys.log")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	secrets := tls.NewSecrets()
	follower, err := keylog.Open(context.Background(), []string{name}, true, secrets)
	if err != nil {
		t.Fatal(err)
	}
	defer follower.Close()
	k := newKeys(Config{Keys: follower, Decoder: decode.Config{Secrets: secrets}})
	if err := os.WriteFile(name, fmt.Appendf(nil, "CLIENT_RANDOM %064x %096x\n", 1, 2), 0o600); err != nil {
		t.Fatal(err)
	}
	if k.due(k.polled.Add(keyInterval - 1)) {
		t.Error("looked at too early")
	}
	due := k.polled.Add(keyInterval)
	if !k.due(due) {
		t.Error("not looked at in time")
	}
	k.poll(due)
	if secrets.Len() != 1 {
		t.Error("not looked at")
	}
}
