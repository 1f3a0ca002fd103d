package keylog

import (
	"slices"
	"testing"
)

func TestWarnings(t *testing.T) {
	got := Warnings([]Status{
		{Name: "good", Lines: 4, Secrets: 3}, {Name: "empty"}, {Name: "bad", Lines: 4, Secrets: 1, Bad: 3}, {Name: "gone", Secrets: 7, Err: "input/output error"},
	})
	want := []string{
		"empty: no secret in it so far",
		"bad: 3 of 4 lines are nothing of a key log; secrets read from the others: 1",
		"gone: input/output error; secrets read before that: 7",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
