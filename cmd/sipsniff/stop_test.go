package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// TestStopBeforeTheHeader stops the program while standard input has not sent
// a single octet, as a tcpdump at the far end of a slow line.
func TestStopBeforeTheHeader(t *testing.T) {
	silent, writer := io.Pipe()
	t.Cleanup(func() { _ = writer.Close() })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ended := make(chan int, 1)
	var errors strings.Builder
	go func() {
		ended <- run(ctx, []string{"report", "-"}, terminal{in: silent, out: io.Discard, err: &errors})
	}()
	select {
	case code := <-ended:
		if code != exitFailed || !strings.Contains(errors.String(), "standard input") {
			t.Errorf("status %d, %s", code, errors.String())
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it goes on waiting for the header")
	}
}
