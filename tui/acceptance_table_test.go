package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// acceptanceRows is how many rows the table of tui.md §4 has.
const acceptanceRows = 75

// elsewhere are rows whose test is a script, or that have none for a reason.
var elsewhere = map[int]string{
	68: "cmd/sipsniff TestScripts/usage: TERM=dumb ends with status 2 and a hint",
}

// TestAcceptanceTable prints which tests stand for each row of the table of
// acceptance, and fails when one has neither a test nor a reason:
//
//	go test ./tui -run AcceptanceTable -v
func TestAcceptanceTable(t *testing.T) {
	tests := map[int][]string{}
	named := regexp.MustCompile(`TestAcceptance(\d\d)(?:to(\d\d))?\w*`)
	for _, folder := range []string{".", "../cmd/sipsniff"} {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range named.FindAllStringSubmatch(string(text), -1) {
				first, _ := strconv.Atoi(found[1])
				last, err := strconv.Atoi(found[2])
				if err != nil {
					last = first
				}
				for row := first; row <= last; row++ {
					if !slices.Contains(tests[row], found[0]) {
						tests[row] = append(tests[row], found[0])
					}
				}
			}
		}
	}
	var table strings.Builder
	for row := 1; row <= acceptanceRows; row++ {
		what := strings.Join(tests[row], ", ")
		if what == "" {
			what = elsewhere[row]
		}
		if what == "" {
			t.Errorf("row %d has no test", row)
		}
		fmt.Fprintf(&table, "%2d  %s\n", row, what)
	}
	for row := range tests {
		if row < 1 || row > acceptanceRows {
			t.Errorf("there is no row %d: %v", row, tests[row])
		}
	}
	t.Logf("\n%s", table.String())
}
