package tui

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
)

// captures is where real captures are on the machines that have them. Nothing
// of what is in them may stand in this file but counts and SIP words.
const captures = "../../shared/pcaps/files"

// readCapture opens the UI on a real capture.
func readCapture(t *testing.T, path string, w, h int) *rig {
	t.Helper()
	source, err := capture.Open([]string{path}, capture.Options{})
	if err != nil {
		t.Skipf("%s: %v", filepath.Base(path), err)
	}
	defer func() { _ = source.Close() }()
	p := pipeline.New(pipeline.Config{Source: source})
	err = p.Run(context.Background())
	st := p.Status()
	status := Status{Source: filepath.Base(path), Frames: st.Frames, Octets: st.Octets, First: st.First, Last: st.Last, Done: true, Err: err,
		Undecoded: st.Decode.Undecoded, Pace: Pace(st.Pace)}
	for _, in := range st.Sources {
		status.Inputs = append(status.Inputs, Input{Name: filepath.Base(in.Name), Detail: in.Format, State: "done", Frames: in.Frames, Octets: in.Octets})
	}
	return newRig(t, rigOptions{w: w, h: h, snap: p.Snapshot(), status: status, save: emptySaver(), diagnose: diagnosis.New(diagnosis.Options{}).Run})
}

func capturePath(t *testing.T, id string) string {
	t.Helper()
	matches, _ := filepath.Glob(filepath.Join(captures, id+".*"))
	if len(matches) == 0 {
		t.Skipf("capture %s is not on this machine", id)
	}
	return matches[0]
}

// flowOf opens the ladder of the n-th dialog of a capture.
func (r *rig) flowOf(n int) *rig {
	r.press("Home")
	for range n - 1 {
		r.press("Down")
	}
	return r.press("Enter")
}

func TestUnansweredCallCapture(t *testing.T) {
	path := capturePath(t, "c0032")
	r := readCapture(t, path, 80, 24)
	r.has("[1 Dialogs 6]", "INV", "REG")
	r.press("D").has("[1 Calls 4]").press("D").has("[1 Dialogs 6]")
	r.flowOf(2).has("INVITE sdp", "↻2", "31.9 s without SIP", "CANCEL ↻2", "CANCEL ↻8 same transaction",
		"408 Request Timeout (INVITE)", "408 Request Timeout (CANCEL)", "[2/6]")
	r.press("]").has("[3/6]").press("[", "[").has("[1/6]").press("Esc")

	r = readCapture(t, path, 120, 40)
	for row, messages := range []int{26, 18, 8, 14, 7, 8} {
		if got := r.calls.call(row).MessageCount; got != messages {
			t.Errorf("dialog %d has %d messages, want %d", row+1, got, messages)
		}
	}
	r.press("Home", "Down", "Space", "Down", "Down", "Space", "Enter").has("Flow A #2", "B #4", "▶✗A ")
}

func TestDuplicateCapturesAreNotRetransmissions(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0077"), 140, 40)
	r.has("[1 Dialogs 2]", "46⧉23", "46 messages ⧉23").hasNot("↻")
	r.flowOf(1).has("⧉1", "▸").hasNot("↻")
	r.sim.SetSize(80, 24)
	r.has("Flow #1", " 2 ▸")
}

func TestCaptureWithLongAddresses(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0076"), 80, 24)
	r.flowOf(1)
	f := r.top().(*flowView)
	if n := len(f.l.Participants); n != 3 {
		t.Errorf("%d participants, want 3", n)
	}
	seen := map[string]bool{}
	for _, head := range f.l.Heads(f.geometry(79).Span-2, r.set) {
		if seen[head] {
			t.Errorf("two columns are called alike")
		}
		seen[head] = true
	}
}

func TestCaptureWithoutSIP(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0110"), 80, 24)
	r.has("none is SIP").hasNot("Loading", "loading")
}

func TestCompletedWithoutACK(t *testing.T) {
	readCapture(t, capturePath(t, "c0075"), 80, 24).has("[1 Dialogs 1]", "COMPLETED")
}

// lookAround reads a capture and goes through its screens.
func lookAround(t *testing.T, path string) {
	t.Helper()
	r := readCapture(t, path, 80, 24)
	r.checkCells("list")
	for i := range min(3, r.calls.Len()) {
		if i > 0 {
			r.press("Down")
		}
		r.press("Enter").checkCells("ladder")
		r.press("t", "End").checkCells("preview")
		r.press("t", "Home", "Enter").checkCells("message")
		r.press("End").checkCells("message end")
		r.press("1", "F6", "End").checkCells("raw")
		r.press("Esc")
	}
}

// TestEveryCapture walks through the first dialogs of every real capture.
func TestEveryCapture(t *testing.T) {
	if testing.Short() {
		t.Skip("real captures take a while")
	}
	files, _ := filepath.Glob(filepath.Join(captures, "*"))
	if len(files) == 0 {
		t.Skip("there are no real captures on this machine")
	}
	for _, path := range allowance.Some(files, 8) {
		if info, err := os.Stat(path); err != nil || info.Size() > 4<<20 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			for a := allowance.New(t, "reading and looking", 5*time.Second); a.Try(1); {
				a.Time(func() { lookAround(t, path) })
			}
		})
	}
}
