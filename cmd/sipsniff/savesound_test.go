package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/tui"
)

// The sound of several calls gets names of its own: no file that is there is
// replaced, for nobody was asked about it.
func TestSaveSoundReplacesNothing(t *testing.T) {
	folder := t.TempDir()
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		r := tui.SaveRequest{Snapshot: c.Snapshot(), Calls: c.Snapshot().Calls, Format: "wav", File: filepath.Join(folder, "a.wav")}
		first, err := c.Save.Run(ctx, r, func(float64) {})
		if err != nil || len(first.Files) < 2 {
			t.Fatalf("%+v, %v", first, err)
		}
		kept := first.Files[1]
		for _, name := range first.Files {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(kept, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := c.Save.Run(ctx, r, func(float64) {})
		if err == nil || !strings.Contains(err.Error(), "is there already") || len(again.Files) > 0 {
			t.Errorf("%+v, %v", again, err)
		}
		if text, err := os.ReadFile(kept); err != nil || string(text) != "mine" {
			t.Errorf("%s holds %q, %v", kept, text, err)
		}
		if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
			t.Errorf("%d files, %v", len(files), err)
		}
		return nil
	}, "../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
}
