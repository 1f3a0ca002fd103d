package diagnosis

import (
	"bytes"
	"path/filepath"
	"testing"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/scene"
)

// partialCaptures are captures of which only one side, or only the rest, is
// shown: whatever is proven then has to be what the whole capture says, too.
var partialCaptures = []string{
	"call-auth", "timeout", "cancelled", "busy", "no-answer", "not-found", "redirected", "held", "transferred", "forked", "transfers", "forks", "races",
	"reliable", "holds", "changes", "timers", "forwarded", "proxies", "early-media", "register-digest", "presence", "options", "bridged",
}

func isRequest(data []byte) bool {
	return bytes.Contains(data, []byte(" SIP/2.0\r\n")) && !isResponse(data)
}
func isResponse(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 100)], []byte("SIP/2.0 "))
}

func TestPartial(t *testing.T) {
	parts := map[string]func(total int) func(*capture.Frame) bool{
		"requests":  func(int) func(*capture.Frame) bool { return func(f *capture.Frame) bool { return !isResponse(f.Data) } },
		"responses": func(int) func(*capture.Frame) bool { return func(f *capture.Frame) bool { return !isRequest(f.Data) } },
		"rest":      func(n int) func(*capture.Frame) bool { return func(f *capture.Frame) bool { return f.Number > n/3 } },
		"end":       func(n int) func(*capture.Frame) bool { return func(f *capture.Frame) bool { return f.Number > n*2/3 } },
		"middle": func(n int) func(*capture.Frame) bool {
			return func(f *capture.Frame) bool { return f.Number > n/4 && f.Number < n*3/4 }
		},
		"beginning": func(n int) func(*capture.Frame) bool { return func(f *capture.Frame) bool { return f.Number < n/2 } },
	}
	checked, messages := 0, 0
	for _, name := range partialCaptures {
		file := filepath.Join("../../pcaps", name+".pcap")
		frames := 0
		whole := provenOf(scene.Part(t, func(*capture.Frame) bool { frames++; return true }, file))
		for part, keep := range parts {
			snap := scene.Part(t, keep(frames), file)
			for _, c := range snap.Calls {
				messages += len(c.Messages())
			}
			for id, codes := range provenOf(snap) {
				for code, text := range codes {
					if _, ok := whole[id][code]; !ok {
						t.Errorf("%s, %s only: %s is proven of %s: %s", name, part, code, id, text)
					}
				}
			}
			checked++
		}
	}
	if messages < 1000 {
		t.Errorf("the parts hold %d messages only", messages)
	}
	t.Logf("%d parts of %d captures, %d messages", checked, len(partialCaptures), messages)
}

// provenOf are the explanations of what is proven of each call, hidden or not,
// and "" for the capture itself.
func provenOf(snap *correlate.Snapshot) map[string]map[string]string {
	e := New(Options{})
	r := e.Run(snap)
	proven := map[string]map[string]string{}
	note := func(id string, f *correlate.Finding) {
		if f.Confidence != correlate.Proven || f.Severity < correlate.Warning {
			return
		}
		if proven[id] == nil {
			proven[id] = map[string]string{}
		}
		proven[id][f.Code] = f.Explanation
	}
	for _, c := range snap.Calls {
		for i := range e.entries[c.Index].findings {
			note(c.CallID, &e.entries[c.Index].findings[i])
		}
		for i := range r.ByCall[c.Index] {
			note(c.CallID, &r.ByCall[c.Index][i])
		}
	}
	for i := range r.Capture {
		note("", &r.Capture[i])
	}
	return proven
}
