package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os/exec"
	"slices"
	"testing"
	"time"

	"sipsniff/pcaps/gen"
)

// A steppedCall is what has to be right of a call, whatever the clock does.
type steppedCall struct {
	ID        string `json:"call_id"`
	State     string
	Status    int `json:"final_status"`
	Messages  int
	Again     int       `json:"retransmissions"`
	Started   time.Time `json:"started"`
	Answered  time.Time `json:"answered"`
	Ended     time.Time `json:"ended"`
	Setup     *float64  `json:"setup_ms"`
	PostDial  *float64  `json:"pdd_ms"`
	Duration  *float64  `json:"duration_ms"`
	EndedBy   string    `json:"ended_by"`
	StreamIDs []int     `json:"stream_ids"`
	Story     []struct{ Event string }
}

// A steppedStream is the same of a stream.
type steppedStream struct {
	SSRC            string
	Packets, Lost   int
	Expected        int
	Reordered, Late int
	Jitter          struct{ Mean, Max float64 } `json:"jitter_ms"`
	MOS             float64                     `json:"mos"`
	MOSMin          float64                     `json:"mos_min"`
}

// stepped is a live capture of calls that begins half a minute ago, whose clock
// is set after eight seconds by so much.
func stepped(t *testing.T, by time.Duration) []byte {
	t.Helper()
	start := time.Now().Add(-30 * time.Second).Truncate(time.Second)
	var file bytes.Buffer
	if _, err := gen.Write(&file, gen.Options{Calls: 12, Rate: 1, RTCP: true, Jitter: 2 * time.Millisecond, Start: start}); err != nil {
		t.Fatal(err)
	}
	b := file.Bytes()
	for at := 24; at < len(b); {
		second := binary.LittleEndian.Uint32(b[at:])
		if int64(second) >= start.Unix()+8 {
			binary.LittleEndian.PutUint32(b[at:], uint32(int64(second)+int64(by/time.Second)))
		}
		at += 16 + int(binary.LittleEndian.Uint32(b[at+8:]))
	}
	return b
}

// steppedReport has the program read a capture from a pipe.
func steppedReport(t *testing.T, program string, b []byte) (calls map[string]steppedCall, streams map[string]steppedStream, steps int) {
	t.Helper()
	c := exec.Command(program, "report", "-F", "json", "-")
	var out, errOut bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(b), &out, &errOut
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, errOut.String())
	}
	return steppedIn(t, out.Bytes())
}

// steppedIn reads a report.
func steppedIn(t *testing.T, report []byte) (calls map[string]steppedCall, streams map[string]steppedStream, steps int) {
	t.Helper()
	var doc struct {
		Capture struct {
			Health struct {
				ClockSteps struct{ Count int } `json:"clock_steps"`
			}
		}
		Calls   []steppedCall
		Streams []steppedStream
	}
	if err := json.Unmarshal(report, &doc); err != nil {
		t.Fatal(err)
	}
	calls, streams = make(map[string]steppedCall), make(map[string]steppedStream)
	for _, c := range doc.Calls {
		calls[c.ID] = c
	}
	for _, s := range doc.Streams {
		streams[s.SSRC] = s
	}
	return calls, streams, doc.Capture.Health.ClockSteps.Count
}

// TestClockStep: a clock that is set while calls are captured changes neither how
// they end, nor the order of what happened in them, nor the quality of their
// streams; and no time is told that crosses a step back.
func TestClockStep(t *testing.T) {
	program := build(t)
	for _, by := range []time.Duration{-time.Hour, -30 * time.Second, time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			// The same calls, before and after the step was made.
			wantCalls, wantStreams, _ := steppedReport(t, program, stepped(t, 0))
			calls, streams, steps := steppedReport(t, program, stepped(t, by))
			if steps != 1 {
				t.Errorf("%d steps are told, want 1", steps)
			}
			if len(calls) != len(wantCalls) || len(streams) != len(wantStreams) {
				t.Fatalf("%d calls and %d streams, want %d and %d", len(calls), len(streams), len(wantCalls), len(wantStreams))
			}
			crossed := 0
			for id, want := range wantCalls {
				if sameCall(t, calls[id], want, by, 0) {
					crossed++
				}
			}
			if crossed < 3 || crossed == len(calls) {
				t.Errorf("%d of %d calls were going on at the step", crossed, len(calls))
			}
			for ssrc, want := range wantStreams {
				got := streams[ssrc]
				// One packet, the first behind the step, does not count in the jitter.
				if math.Abs(got.Jitter.Mean-want.Jitter.Mean) > 0.05 || got.Jitter.Max > want.Jitter.Max+0.05 {
					t.Errorf("stream %s: jitter %v, without a step %v", ssrc, got.Jitter, want.Jitter)
				}
				if got.Jitter = want.Jitter; got != want {
					t.Errorf("stream %s: %+v\nwithout a step: %+v", ssrc, got, want)
				}
			}
		})
	}
}

// sameCall compares a call with what it is without a step, and reports whether
// it was going on at the step. Times may differ by so many ms.
func sameCall(t *testing.T, got, want steppedCall, by time.Duration, ms float64) (crossed bool) {
	t.Helper()
	// An hour without a packet looks the same as a clock set forward: who waited
	// for an answer is said to have waited in vain until then.
	story := func(c steppedCall) (events []string) {
		for _, s := range c.Story {
			if s.Event != "no_final_response" {
				events = append(events, s.Event)
			}
		}
		return events
	}
	if got.State != want.State || got.Status != want.Status || got.Messages != want.Messages || got.Again != want.Again || got.EndedBy != want.EndedBy ||
		!slices.Equal(story(got), story(want)) || !slices.Equal(got.StreamIDs, want.StreamIDs) {
		t.Errorf("%+v\nwithout a step: %+v", got, want)
	}
	began, ended := got.Started.Sub(want.Started).Round(time.Minute/2), got.Ended.Sub(want.Ended).Round(time.Minute/2)
	if began != 0 && began != by || ended != 0 && ended != by {
		t.Errorf("%s: began %v and ended %v from where it did", got.ID, began, ended)
	}
	check := func(what string, got, want *float64, from, to time.Time) {
		switch {
		case to.Sub(from) >= 0 && to.Sub(from) < time.Minute: // by the same clock
			if (got == nil) != (want == nil) || got != nil && math.Abs(*got-*want) > ms {
				t.Errorf("%s is %v, without a step %v", what, deref(got), deref(want))
			}
		case by < 0 && got != nil:
			t.Errorf("%s is %v across the step", what, *got)
		}
	}
	check("the set-up", got.Setup, want.Setup, got.Started, got.Answered)
	check("the duration", got.Duration, want.Duration, got.Answered, got.Ended)
	return began != ended
}
