package tui

import (
	"regexp"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// The verdict stands on each row when it is asked for, and not before.
func TestWhyColumn(t *testing.T) {
	calls := rows(3)
	r := newRig(t, rigOptions{w: 120, h: 30, snap: calls, status: fileStatus(), diagnose: func(*correlate.Snapshot) *diagnosis.Result {
		return &diagnosis.Result{ByCall: map[int][]correlate.Finding{2: {
			{Code: "SIG-05", Title: "Wrong\x1b[31m password", Severity: correlate.Error}, {Code: "SIG-06", Title: "Slow", Severity: correlate.Info},
		}}}
	}})
	row := func(n int) string { return strings.Split(r.text(), "\n")[4+n] }
	if strings.Contains(row(2), "Wrong") {
		t.Errorf("not asked for:\n%s", r.text())
	}
	r.press(":").typeText("columns why").press("Enter")
	if !regexp.MustCompile(`Why\s*$`).MatchString(strings.TrimRight(row(0), " │")) || !strings.Contains(row(2), "Wrong") || strings.Contains(row(2), "Slow") ||
		strings.Contains(row(1), "Wrong") || strings.Contains(r.text(), "\x1b") {
		t.Errorf("the verdict is not on its row:\n%s", r.text())
	}
}
