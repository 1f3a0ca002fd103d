package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/tui"
)

// What is hidden is in no format, and what is not hidden is in all.
func TestSaveHides(t *testing.T) {
	folder := t.TempDir()
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap := c.Snapshot()
		call := snap.Calls[0]
		_, rest, _ := strings.Cut(call.From, ":")
		user, _, _ := strings.Cut(rest, "@")
		host := call.Source.Addr()
		for _, format := range []string{"pcapng", "pcap", "txt", "html", "json", "csv"} {
			for _, hidden := range []bool{true, false} {
				name := filepath.Join(folder, "a."+format)
				r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls[:1], Format: format, File: name, Hide: tui.SaveHide{Numbers: hidden, Addresses: hidden, Auth: hidden, Audio: hidden}}
				result, err := c.Save.Run(ctx, r, func(float64) {})
				if err != nil {
					t.Fatal(format, err)
				}
				saved, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				for _, what := range []string{user + "@", host.String()} {
					if bytes.Contains(saved, []byte(what)) == hidden {
						t.Errorf("%s: %q, hidden %v:\n%.2000s", format, what, hidden, saved)
					}
				}
				if !bytes.Contains(saved, []byte("INVITE")) {
					t.Errorf("%s: no call", format)
				}
				if len(result.Remarks) > 0 {
					t.Errorf("%s: %q", format, result.Remarks)
				}
			}
		}
		return nil
	}, "../../pcaps/call-audio.pcap")
	if err != nil {
		t.Fatal(err)
	}
}

// Of a call in TLS nothing can be masked: that is said.
func TestSaveSaysWhatIsLeftOut(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.pcapng")
	err := onScreen(t, func(ctx context.Context, c tui.Config) error {
		read(t, c)
		snap := c.Snapshot()
		r := tui.SaveRequest{Snapshot: snap, Calls: snap.Calls, Format: "pcapng", File: name, Hide: tui.SaveHide{Numbers: true}}
		result, err := c.Save.Run(ctx, r, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		if len(snap.Calls) == 0 || len(result.Remarks) != 1 || !strings.Contains(result.Remarks[0], "encrypted") {
			t.Errorf("%d calls, %q", len(snap.Calls), result.Remarks)
		}
		return nil
	}, "-k", "../../pcaps/tls13.keys", "../../pcaps/tls13.pcap")
	if err != nil {
		t.Fatal(err)
	}
}
