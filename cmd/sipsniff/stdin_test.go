package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// A stream that goes quiet and stays open holds nobody up: what came is there,
// and the run ends when it is told to.
func TestQuietStandardInput(t *testing.T) {
	octets, err := os.ReadFile("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	in, feed := io.Pipe()
	defer func() { _ = feed.Close() }()
	go func() { _, _ = feed.Write(octets) }() // the report says how much came
	var out, errOut bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(t.Context(), []string{"report", "--for", "1s", "-"}, terminal{in: in, out: &out, err: &errOut})
	}()
	select {
	case code := <-ended:
		if code != exitDone || !strings.Contains(out.String(), "-: pcap, 1844 frames") {
			t.Errorf("status %d\n%s%s", code, out.String(), errOut.String())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for more")
	}
}
