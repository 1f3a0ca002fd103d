package tui

import (
	"testing"
	"time"
)

// While the diagnosis rests nothing is worked on: the screen is not drawn for it.
func TestRestingIsNoWork(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: fileStatus()})
	ended := make(chan struct{})
	defer close(ended)
	r.workshop.open(ended)
	r.rest(time.Hour)
	if r.workshop.busy() {
		t.Error("resting is taken for work")
	}
	r.diagnosing = true
	r.rest(lookInterval)
	if (<-r.workshop.results)(); r.diagnosing {
		t.Error("after the rest the rules may not be asked")
	}
}
