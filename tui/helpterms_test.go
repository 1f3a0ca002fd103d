package tui

import "testing"

// The help of the statistics says what their figures are; typing finds them.
func TestHelpDefinesTheFigures(t *testing.T) {
	r := ownCapture(t, "demo", 120, 40)
	r.press("4", "F1").has("Figures", "ASR ", "answered / attempts with a final reply or a timeout", "NER ", "401/407", "challenges, not failures", "of the worst stream of a call")
	r.typeText("challenges").has("Figures", "401/407").hasNot("NER ")
	r.typeText(" of the moon").has("No key here").hasNot("Figures")
	r.press("Esc", "Esc", "1", "F1").hasNot("Figures")
}

// What is saved from the list of registrations is the one under the cursor.
func TestSaveOfARegistration(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("2", "g").has("▶ bob@example.com").press("F2").has("(•) this call #1", "_bob.pcapng").press("Esc")
	r.press("Down").has("▶ alice@example.com").press("F2").has("(•) this call #2")
}

// W says why from the list of registrations as from that of calls.
func TestWhyOfARegistration(t *testing.T) {
	r := ownCapture(t, "demo", 80, 24)
	r.press("2", "g").has("W Why").press("W").has("Flow #1", "── Why")
	if r.top().(*flowView).pane() != InWhy {
		t.Error("the pane has no keys")
	}
}
