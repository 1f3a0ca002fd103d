package filter

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every field is in the documentation, and what is said there to be not
// measured is what no function reads.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/FILTER.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{} // and whether it is measured
	_, tables, _ := strings.Cut(string(text), "## Fields")
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]*) \| (.*) \|$`).FindAllStringSubmatch(tables, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			documented[name[1]] = row[2] != "not measured yet"
		}
	}
	delete(documented, "header.NAME")
	for i := range fieldTable {
		f := &fieldTable[i]
		measured, found := documented[f.name]
		if !found || measured != f.measured() {
			t.Errorf("%s: documented %v, as measured %v; it is %v", f.name, found, measured, f.measured())
		}
		delete(documented, f.name)
	}
	if len(documented) > 0 {
		t.Errorf("no such fields: %v", documented)
	}
}

// The examples of the documentation are filters.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile("../../docs/FILTER.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile(`-f '([^']*)'`).FindAllStringSubmatch(string(text), -1)
	if len(examples) < 5 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		if _, err := Parse(e[1], Options{}); err != nil {
			t.Errorf("%s: %v", e[1], err)
		}
	}
}
