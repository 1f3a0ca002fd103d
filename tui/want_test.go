package tui

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"sipsniff/correlate"
)

// Something new is there only when it was asked for, as it is of the pipeline.
func TestRunAsksForSnapshots(t *testing.T) {
	w := newWatched(t)
	var snap atomic.Pointer[correlate.Snapshot]
	snap.Store(rows(3))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan any, 1)
	go func() {
		done <- Run(ctx, Config{
			Snapshot: snap.Load, Want: func() { snap.Store(rows(17)) }, Status: func() Status { return fileStatus() }, Location: time.UTC, Screen: w,
		})
	}()
	w.wait(t, "[1 Dialogs 17]")
	cancel()
	if got := result(t, done); got != nil {
		t.Errorf("Run returned %v", got)
	}
}
