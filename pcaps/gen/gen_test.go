package gen

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// faults is the preset with everything in it, made small.
func faults(t *testing.T) Options {
	t.Helper()
	o, err := Preset("faults")
	if err != nil {
		t.Fatal(err)
	}
	o.Calls, o.Length = 60, 3*time.Second
	return o
}

func generate(t *testing.T, o Options) ([]byte, *Truth) {
	t.Helper()
	var b bytes.Buffer
	truth, err := Write(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), truth
}

func TestSameSeedSameOctets(t *testing.T) {
	o := faults(t)
	first, truth := generate(t, o)
	second, again := generate(t, o)
	if sha256.Sum256(first) != sha256.Sum256(second) {
		t.Error("the same options made two different captures")
	}
	if a, b := asJSON(t, truth), asJSON(t, again); a != b {
		t.Error("the same options made two different truths")
	}
	o.Seed++
	if other, _ := generate(t, o); bytes.Equal(first, other) {
		t.Error("another seed made the same capture")
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTruthAddsUp(t *testing.T) {
	for _, name := range Presets() {
		t.Run(name, func(t *testing.T) {
			o, err := Preset(name)
			if err != nil {
				t.Fatal(err)
			}
			o.Calls, o.Length, o.Flood = min(o.Calls, 40), min(o.Length, 10*time.Second), min(o.Flood, 1000)
			_, truth := generate(t, o)
			addUp(t, o, truth)
		})
	}
}

func addUp(t *testing.T, o Options, truth *Truth) {
	t.Helper()
	want := truth.Totals
	got := Totals{SIPMessages: want.Strangers, RTPPackets: want.Strangers}
	for _, c := range truth.Calls {
		got.SIPMessages += uint64(c.Messages + c.Duplicates)
		if c.Method == "REGISTER" {
			got.Registrations++
		} else {
			got.Calls++
		}
		for _, s := range c.Streams {
			got.Streams++
			got.RTPPackets += uint64(s.Packets + s.Copies)
			got.Lost += uint64(s.Lost)
			got.Duplicates += uint64(s.Duplicates)
			if s.Packets-s.Duplicates+s.Lost != s.Sent || s.Expected != s.Sent {
				t.Errorf("stream %s: %d recorded of which %d twice, %d lost, %d sent", s.SSRC, s.Packets, s.Duplicates, s.Lost, s.Sent)
			}
		}
	}
	if got.SIPMessages != want.SIPMessages || got.RTPPackets != want.RTPPackets || got.Lost != want.Lost ||
		got.Duplicates != want.Duplicates || got.Streams != want.Streams {
		t.Errorf("calls add up to %+v, totals are %+v", got, want)
	}
	if got.Calls+got.Registrations != uint64(len(truth.Calls)) || got.Registrations != want.Registrations {
		t.Errorf("%d calls and %d registrations, totals say %d and %d", got.Calls, got.Registrations, want.Calls, want.Registrations)
	}
	if want.Strangers != uint64(o.Flood) {
		t.Errorf("%d strangers, %d were asked for", want.Strangers, o.Flood)
	}
	if n := want.Calls/uint64(max(o.Legs, 1)) + want.Registrations; n != uint64(o.Calls) {
		t.Errorf("%d exchanges, %d were asked for", n, o.Calls)
	}
	if sumOf(want.Methods)+sumOf(want.Responses) != want.SIPMessages || sumOf(want.Transports) != want.SIPMessages {
		t.Errorf("methods %v, responses %v, transports %v, but %d messages", want.Methods, want.Responses, want.Transports, want.SIPMessages)
	}
}

func sumOf(m map[string]uint64) (n uint64) {
	for _, v := range m {
		n += v
	}
	return n
}

func TestPlainCall(t *testing.T) {
	_, truth := generate(t, Options{Calls: 1})
	c := truth.Calls[0]
	if c.State != "completed" || c.Messages != 7 || c.FinalStatus != 200 || c.Transport != "udp" {
		t.Errorf("got %+v, want INVITE 100 180 200 ACK BYE 200", c)
	}
	if len(c.Streams) != 2 {
		t.Fatalf("%d streams, want 2", len(c.Streams))
	}
	for _, s := range c.Streams {
		if s.Lost != 0 || s.Octets != 160*s.Packets || s.Packets < 390 || s.Packets > 610 {
			t.Errorf("stream %+v, want 8 to 12 s of 20 ms packets, none lost", s)
		}
	}
	if talk := c.Ended.Sub(c.Answered); talk < 8*time.Second || talk > 12100*time.Millisecond {
		t.Errorf("talked %s, want 10 s and up to a fifth more or less", talk)
	}
}

func TestTwoLegs(t *testing.T) {
	o, err := Preset("burst")
	if err != nil {
		t.Fatal(err)
	}
	_, truth := generate(t, o)
	if len(truth.Calls) != 2 || truth.Totals.RTCPPackets == 0 {
		t.Fatalf("%d legs and %d RTCP packets, want 2 and some", len(truth.Calls), truth.Totals.RTCPPackets)
	}
	lossy := 0
	for i, c := range truth.Calls {
		if other := truth.Calls[1-i].CallID; len(c.Legs) != 1 || c.Legs[0] != other || c.DTMF != "14#" {
			t.Errorf("leg %s: other legs %v, digits %q; want %s and 14#", c.CallID, c.Legs, c.DTMF, other)
		}
		for _, s := range c.Streams {
			if s.Lost > 0 {
				lossy++
				if s.Source != c.Streams[0].Source || s.Lost/s.LossRuns < 2 {
					t.Errorf("stream %+v lost packets; only the caller's first hop may, in bursts", s)
				}
			}
		}
	}
	if lossy != 1 {
		t.Errorf("%d streams with loss, want 1", lossy)
	}
}

// What is lost in front of the B2BUA is missing behind it as well, as often and
// in as many runs.
func TestRelayedLoss(t *testing.T) {
	o, err := Preset("upstream")
	if err != nil {
		t.Fatal(err)
	}
	o.Length = 100 * time.Second
	_, truth := generate(t, o)
	if len(truth.Calls) != 2 {
		t.Fatalf("%d legs", len(truth.Calls))
	}
	a, b := truth.Calls[0].Streams, truth.Calls[1].Streams
	if a[0].Lost == 0 || a[1].Lost != 0 || b[1].Lost != 0 {
		t.Errorf("lost %d and %d on the first leg, %d the other way on the second", a[0].Lost, a[1].Lost, b[1].Lost)
	}
	if d := a[0].LossRuns - b[0].LossRuns; d > 1 || d < -1 || b[0].Lost == 0 {
		t.Errorf("%d runs of losses on one leg, %d on the other", a[0].LossRuns, b[0].LossRuns)
	}
}

func TestStates(t *testing.T) {
	mixes := map[string]Mix{
		"completed": {Auth: 1}, "busy": {Busy: 1}, "cancelled": {Cancelled: 1}, "no_answer": {NoAnswer: 1},
		"rejected": {Rejected: 1}, "failed": {Failed: 1}, "timeout": {Timeout: 1}, "moved": {Moved: 1},
	}
	messages := map[string]int{"completed": 10, "busy": 4, "cancelled": 7, "no_answer": 5, "rejected": 5, "failed": 4, "timeout": 7, "moved": 4}
	for state, mix := range mixes {
		_, truth := generate(t, Options{Calls: 3, Mix: mix, NoMedia: true})
		for _, c := range truth.Calls {
			if c.State != state || c.Messages != messages[state] {
				t.Errorf("%s: state %s with %d messages, want %d", state, c.State, c.Messages, messages[state])
			}
		}
	}
}

func TestLogListsTheMessages(t *testing.T) {
	_, truth := generate(t, Options{Calls: 40, Mix: EverydayMix(), RegisterShare: 0.2, RegisterFail: 0.5, Retransmit: 0.3, NoMedia: true, Log: true})
	refused := 0
	for _, c := range truth.Calls {
		again := 0
		for _, m := range c.Log {
			if m.Again {
				again++
			}
		}
		if len(c.Log) != c.Messages || again != c.Retransmissions || !c.Log[0].At.Equal(c.Started) || !c.Log[len(c.Log)-1].At.Equal(c.Ended) {
			t.Errorf("%s: %d messages, %d again, want %d and %d", c.State, len(c.Log), again, c.Messages, c.Retransmissions)
		}
		if c.Method == "REGISTER" && c.State == "failed" && c.Log[len(c.Log)-1].Status == 403 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no registration was refused")
	}
}

func TestCaptureLastsAsLongAsTheTimeout(t *testing.T) {
	_, truth := generate(t, Options{Calls: 2, Mix: Mix{Timeout: 1}})
	c := truth.Calls[1]
	if c.Ended.Sub(c.Started) != 31500*time.Millisecond || c.Retransmissions != 6 { // RFC 3261 §17.1.1.2
		t.Errorf("%d retransmissions over %s, want 6 over 31.5 s", c.Retransmissions, c.Ended.Sub(c.Started))
	}
	if wait := truth.Totals.Last.Sub(c.Ended); wait < 32*time.Second {
		t.Errorf("the capture ends %s after the last INVITE, before anyone gives up", wait)
	}
}

func TestEvilNamesAreThere(t *testing.T) {
	o, err := Preset("evil")
	if err != nil {
		t.Fatal(err)
	}
	o.MTU = 9000 // whole in one frame each
	b, _ := generate(t, o)
	for _, name := range append(evilNames(), "[2001:db8:ab::b]", strings.Repeat("five kilobytes ", 300)) {
		if !bytes.Contains(b, []byte(name)) {
			t.Errorf("%q is nowhere in the capture", name)
		}
	}
}

func TestOnCallKeepsNothing(t *testing.T) {
	seen := 0
	o := Options{Calls: 25, NoMedia: true, OnCall: func(*Call) error { seen++; return nil }}
	truth, err := Write(io.Discard, o)
	if err != nil || seen != 25 || len(truth.Calls) != 0 {
		t.Errorf("%d calls handed out, %d kept, error %v; want 25, 0, nil", seen, len(truth.Calls), err)
	}
	stop := errors.New("enough")
	o.OnCall = func(*Call) error { return stop }
	if _, err := Write(io.Discard, o); !errors.Is(err, stop) {
		t.Errorf("error %v, want the one of OnCall", err)
	}
}

func TestOptionsRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"loss over 1":   {Loss: 1.5},
		"negative mix":  {Mix: Mix{Answered: -1}},
		"tiny mtu":      {MTU: 100},
		"three legs":    {Legs: 3},
		"unknown codec": {Codec: "G.711"},
		"letters":       {DTMF: "hello"},
		"short call":    {Length: time.Millisecond},
	} {
		if _, err := Write(io.Discard, o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: error %v, want ErrOptions", name, err)
		}
	}
	if _, err := Preset("nothing like it"); !errors.Is(err, ErrOptions) {
		t.Errorf("unknown preset: error %v, want ErrOptions", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	o := Options{Calls: 50, Length: 20 * time.Second, Loss: 0.01, Jitter: 5 * time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		truth, err := Write(io.Discard, o)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(truth.Totals.Octets))
	}
}
