package tui

import "testing"

// F10 chooses the columns of the problems, as of the other lists.
func TestColumnsOfProblems(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("5", "F10").has("Columns (F10)", "[x] Finding", "[x] Calls", "[ ] Share%", "[ ] Code", "p: default · codes · filter")
	r.press("p", "Enter").has("  Code   Finding").has("▶ MED-")
	r.press("F10", "p", "Enter").has("  Name ", "Share%").hasNot("Finding  ")
	if got := r.option("problems.columns"); got != "name calls share last" {
		t.Errorf("the choice is %q", got)
	}
	r = callScreens(t, "../pcaps/demo.pcap", 80, 24)
	r.press("5", "F10", "p", "Enter").has("  Code   Finding")
}
