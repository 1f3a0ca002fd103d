package tui

import "testing"

// The last row names the keys of the mock-ups, in their order.
func TestHintsAsDrawn(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("3").has("Enter Media   x Its call   F1 Help   u Untied   F3 Filter   b Bind to call   < > Sort   W Why   S Save/WAV")
	r.press("5").has("Enter Calls   W Explain   Tab Evidence   F1 Help")
	r.has("w Window   y Copy   S Report   m Mute kind")
	r.press("1").flowOf(6).press("Enter").has("Esc Back   F1 Help   ↑↓ Scroll   [ ] Prev/next message   Space Mark for diff   S Save   x Hex")
	r.press("Esc", "v").has("Esc Back   F1 Help   ↑↓ Stream   ←→ Cursor   + - Zoom   Enter Packets   W Why   S Save/WAV   d Lanes")
}

// A terminal without such characters has the names of the keys.
func TestHintsInASCII(t *testing.T) {
	r := newRig(t, rigOptions{w: 120, h: 40, charset: "US-ASCII", snap: ownCapture(t, "demo", 80, 24).snap})
	r.flowOf(6).press("Enter").has("Up Down Scroll")
}

// What is saved from the lists of streams and problems is what is under their
// cursor.
func TestSaveFromStreamsAndProblems(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("3").text()
	if c, s := r.subject(), r.top().(*streamsView).current(); c == nil || s == nil || c.Index != s.Call.Index {
		t.Errorf("the subject is %v, the stream is of %v", c, s)
	}
	r.press("5").text()
	if c, of := r.subject(), r.top().(*problemsView).shownCase(); c == nil || of == nil || c.Index != of.call.Index {
		t.Errorf("the subject is %v, the example is %v", c, of)
	}
}
