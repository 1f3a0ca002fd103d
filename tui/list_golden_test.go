package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/internal/golden"
)

// ownCaptures is where the project's own captures are.
const ownCaptures = "../pcaps"

// TestListsGolden draws the lists on the project's own captures: the calls with
// their detail, a filter with its offers, and the other tabs.
func TestListsGolden(t *testing.T) {
	for _, size := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			check := func(r *rig, what string) {
				t.Helper()
				r.golden(fmt.Sprintf("lists/%s-%dx%d", what, size.w, size.h))
			}
			r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), size.w, size.h)
			r.press("Down", "Down", "Down", "Down", "Down")
			check(r, "calls")
			check(r.press("/").typeText("code:4xx peer"), "filter")
			check(r.press("^U").typeText("from~/+4[9/"), "filter-error")
			check(r.press("^U").typeText("code:599").press("Enter"), "filter-nothing")
			check(r.press("F7"), "filter-form")
			r.press("Esc", "Esc")
			check(r.press("2", "Down"), "registrations")
			check(r.press("3"), "streams")
			check(r.press("4", "Tab", "Tab"), "statistics")
			check(r.press("5"), "problems")
			check(r.press("6"), "capture")
			check(readCapture(t, filepath.Join(ownCaptures, "register-digest.pcap"), size.w, size.h).press("2", "Down"), "registrations-refused")
			check(readCapture(t, filepath.Join(ownCaptures, "call-lossy.pcap"), size.w, size.h).press("3"), "streams-lossy")
			check(readCapture(t, filepath.Join(ownCaptures, "b2bua-xcid.pcap"), size.w, size.h), "legs")
		})
	}
}

// docs/screens.md shows what is drawn on one of the project's own captures.
func TestScreensDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Screens\n\nThe terminal UI on `pcaps/demo.pcap` (`make demo`), 120 columns by 40 rows. `UPDATE_GOLDEN=1 go test ./tui` writes this page from what it draws.\n")
	add := func(title string, r *rig) {
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s```\n", title, r.text())
	}
	r := callScreens(t, filepath.Join(ownCaptures, "demo.pcap"), 120, 40)
	r.press("Down", "Down", "Down", "Down", "Down")
	add("The calls: what is wrong stands in front of each, the call under the cursor is told below", r)
	add("The ladder of a call (Enter), with the message under the cursor", r.press("Enter"))
	add("How it sounded (`v`): each direction over the time of the call", r.press("Esc", "v"))
	add("The problems of all calls (`5`): Enter lists the calls, the right side explains one", r.press("5"))
	golden.Compare(t, "../docs/screens.md", b.String())
}

// The picture at the top of the README is what the program draws.
func TestReadmePicture(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```\n")
	picture, _, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("the README has no picture")
	}
	r := readCapture(t, filepath.Join(ownCaptures, "demo.pcap"), 80, 15)
	r.press("Down", "Down", "Down", "Down", "Down")
	want := r.text()
	r.sim.SetSize(80, 24)
	want += "\n" + r.press("Enter").text()
	if picture != want {
		t.Errorf("the picture in the README is not what is drawn now:\n%s", want)
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile("../README.md", []byte(strings.Replace(string(text), picture, want, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
