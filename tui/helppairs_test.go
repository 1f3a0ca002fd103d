package tui

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/internal/settings"
)

// The help tells what belongs together on one line, and finds it by any of it.
func TestHelpPairs(t *testing.T) {
	r := callScreens(t, capturePath(t, "c0077"), 80, 60)
	r.press("F1").has("p / P      hold the view / stop", "y / Y    copy the row / Call-ID", "n / N ", "1 … 6 ", "Up k / Down j move").
		hasNot("copy the Call-ID")
	for typed, found := range map[string]string{"stop the": "p / P", "call-id": "y / Y", "down j": "Up k / Down j"} {
		r.typeText(typed).has(found).press("Esc")
	}
}

// Each pair names actions that there are, and that meet in some place.
func TestHelpPairsAreActions(t *testing.T) {
	table, err := customKeyTable(actions(), "sngrep", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range helpPairs {
		meet := ^Context(0)
		for _, id := range p.ids {
			at := slices.IndexFunc(table.actions, func(a Action) bool { return a.ID == id })
			if at < 0 {
				t.Fatalf("there is no action %s", id)
			}
			meet &= table.actions[at].Contexts
		}
		if meet == 0 {
			t.Errorf("%v meet nowhere", p.ids)
		}
	}
}

// Where one of a pair has no key, the other has a line of its own.
func TestHelpPairOfOne(t *testing.T) {
	table, err := customKeyTable(actions(), "sngrep", []settings.Binding{{Place: "calls", Action: "copyid", Keys: nil}})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(table.actions, func(a Action) bool { return a.ID == "calls.copy" })
	if members, _ := table.pairIn(&table.actions[at], InCalls); members != nil {
		t.Errorf("copy is told with %d actions", len(members))
	}
}

// Nothing of the help is cut off: what is long goes on in the next line.
func TestHelpIsWhole(t *testing.T) {
	for _, size := range [][2]int{{80, 200}, {60, 200}, {120, 200}} {
		r := callScreens(t, capturePath(t, "c0077"), size[0], size[1])
		r.press("F1")
		for range contexts {
			if text := r.text(); strings.Contains(strings.ReplaceAll(text, "1 … 6", ""), "…") {
				t.Errorf("something is cut:\n%s", text)
			}
			r.press("Right")
		}
	}
}
