package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipsniff/pcaps/gen"
)

const (
	floodMemory    = 64 << 20 // what --max-memory says
	floodStrangers = 50_000   // enough to fill that several times
)

// A floodedCall is what is said of a real call: its line, or its part of the report.
type floodedCall struct {
	Type     string
	ID       string `json:"call_id"`
	State    string
	Messages int
	Again    int     `json:"retransmissions"`
	Duration float64 `json:"duration_ms"`
	Streams  []int   `json:"stream_ids"`
	MOS      float64 `json:"mos_min"`
}

// TestFlood: strangers, each with a Call-ID and an SSRC of his own, neither push
// out fifty calls that go on meanwhile nor take more memory than the program was
// told to use. SIPSNIFF_FLOOD is the number of strangers; a million take minutes.
func TestFlood(t *testing.T) {
	strangers := floodStrangers
	if n, err := strconv.Atoi(os.Getenv("SIPSNIFF_FLOOD")); err == nil {
		strangers = n
	}
	// The calls go on while strangers come, of whom there are 10,000 a second.
	o := gen.Options{Calls: 50, Rate: 50 / (float64(strangers) / 10_000), Length: 2 * time.Second, Flood: strangers}
	program := build(t)
	for _, verb := range []string{"report", "watch"} {
		t.Run(verb, func(t *testing.T) {
			c := exec.Command(program, verb, "--max-memory", strconv.Itoa(floodMemory), "-")
			if verb == "report" {
				c.Args = append(c.Args, "-F", "jsonl")
			}
			truth, calls, streams, peak := playFlood(t, c, o)
			if most := processMemory(floodMemory); peak == 0 || peak > most {
				t.Errorf("%d octets at the peak, told to take %d at most", peak, most)
			} else {
				t.Logf("%d strangers: %d MB of %d at the peak, %v of processor time", strangers, peak>>20, most>>20, c.ProcessState.UserTime().Round(time.Millisecond))
			}
			for _, want := range truth.Calls {
				got := calls[want.CallID]
				if got.State != want.State || got.Messages != want.Messages || got.Again != 0 || len(got.Streams) != 2 || got.MOS < 4 {
					t.Errorf("%s: %+v\nof %+v", want.CallID, got, want)
				}
				if talk := want.Ended.Sub(want.Answered).Seconds() * 1000; got.Duration < talk-100 || got.Duration > talk+100 {
					t.Errorf("%s: %v ms long, not %v", want.CallID, got.Duration, talk)
				}
				for _, s := range want.Streams {
					if n, ok := streams[s.SSRC]; verb == "report" && (!ok || n != s.Packets) {
						t.Errorf("%s: %d packets of %s, %d were sent", want.CallID, n, s.SSRC, s.Packets)
					}
				}
			}
		})
	}
}

// playFlood hands a capture to a program and gives the calls and the packets of
// streams that it tells of, when they belong to the real calls, and the most that
// it had resident, in octets.
func playFlood(t *testing.T, c *exec.Cmd, o gen.Options) (truth *gen.Truth, calls map[string]floodedCall, streams map[string]int, peak int64) {
	t.Helper()
	in, out := pipesOf(t, c)
	var errOut bytes.Buffer
	c.Stderr = &errOut
	start(t, c)
	made := make(chan error, 1)
	go func() {
		var err error
		truth, err = gen.Write(in, o)
		_ = in.Close()
		made <- err
	}()
	calls, streams = make(map[string]floodedCall), make(map[string]int)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for n := 0; lines.Scan(); n++ {
		if n%256 == 0 {
			peak = max(peak, peakMemory(c.Process.Pid))
		}
		var l struct {
			floodedCall
			SSRC    string
			Packets int
		}
		switch {
		case bytes.Contains(lines.Bytes(), []byte(`"call_id":"flood-`)):
			continue
		case json.Unmarshal(lines.Bytes(), &l) != nil:
			t.Errorf("no JSON: %.200s", lines.Bytes())
		case l.Type == "call":
			calls[l.ID] = l.floodedCall
		case l.Type == "stream" && l.ID != "":
			streams[l.SSRC] = l.Packets
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if err := <-made; err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("%v: %s", err, errOut.String())
	}
	return truth, calls, streams, peak
}

func pipesOf(t *testing.T, c *exec.Cmd) (io.WriteCloser, io.Reader) {
	t.Helper()
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	return in, out
}

// peakMemory is the most that a program had resident so far, in octets; 0 when it
// has ended. What the kernel says of it afterwards begins with what the process
// had that it was forked from, which is this test.
func peakMemory(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kib, 10, 64)
	return n << 10
}
