package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// A stream that goes quiet and stays open holds nobody up, packed or not, alone
// or beside files: what came is there, and the run ends when it is told to.
func TestQuietStandardInput(t *testing.T) {
	octets, err := os.ReadFile("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(octets); err != nil {
		t.Fatal(err)
	}
	if err := z.Flush(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sent []byte
		args []string
		want string
	}{
		"plain":  {octets, nil, "-: pcap, 1,844 frames"},
		"packed": {packed.Bytes(), nil, "-: pcap, 1,844 frames"},
		"merged": {octets, []string{"../../pcaps/call-ipv6.pcap"}, "-: pcap, 1,844 frames"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, feed := io.Pipe()
			t.Cleanup(func() { _ = feed.Close() })
			go func() { _, _ = feed.Write(c.sent) }() // the report says how much came
			var out, errOut bytes.Buffer
			ended := make(chan int, 1)
			go func() {
				args := append([]string{"report", "--for", "1s", "-"}, c.args...)
				ended <- run(context.Background(), args, terminal{in: in, out: &out, err: &errOut})
			}()
			select {
			case code := <-ended:
				if code != exitDone || !strings.Contains(out.String(), c.want) {
					t.Errorf("status %d\n%s%s", code, out.String()[:min(out.Len(), 2000)], errOut.String())
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it waits for more")
			}
		})
	}
}
