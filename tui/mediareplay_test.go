package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/tui/internal/sample"
)

// hourOfSpeech is a call of an hour with one stream, and its packets.
func hourOfSpeech() (*correlate.Snapshot, []quality.Packet) {
	const count = 3600 * 50
	b := sample.New(1, "hour", "sip:a@b", "sip:c@d", 0)
	b.Request("192.0.2.1:5060", "192.0.2.9:5060", "INVITE")
	packets := make([]quality.Packet, 0, count)
	account := quality.Account{}
	for i := range count {
		if i%400 < 3 {
			continue
		}
		p := quality.Packet{Arrival: b.Call.Started + int64(i)*20e6 + int64(i%7)*9e6, Frame: i, Timestamp: uint32(i * 160), ClockRate: 8000,
			SequenceNumber: uint16(i), Octets: 160, Role: quality.Media}
		packets = append(packets, p)
		account.Add(&p)
	}
	s := &correlate.Stream{ID: 1, SSRC: 7, Codec: "PCMU", ClockRate: 8000, FromCaller: true, Packets: uint64(len(packets)),
		First: packets[0].Arrival, Last: packets[len(packets)-1].Arrival, Quality: account.Report()}
	b.Call.StreamIDs = []int{1}
	return &correlate.Snapshot{Calls: []*correlate.Call{&b.Call}, Streams: []*correlate.Stream{s}, First: s.First, Last: s.Last}, packets
}

// No key waits for the packets of an hour to be counted anew: what was shown
// stays, and is named, until that is done.
func TestReplayBesideTheEventLoop(t *testing.T) {
	snap, packets := hourOfSpeech()
	r := newRig(t, rigOptions{w: 120, h: 40, snap: snap, status: fileStatus()})
	r.config.Packets = func([]*correlate.Stream) (map[int]Rereading, error) {
		return map[int]Rereading{1: {Packets: packets}}, nil
	}
	r.press("v").has("Buffer  a1 (measured)")
	ended := make(chan struct{})
	defer close(ended)
	r.workshop.open(ended)
	done := func() { (<-r.workshop.results)() }
	r.press("b").has("Buffer  f20: reading the packets again")
	done()
	var waits []time.Duration
	for _, name := range []string{"f20", "f40", "f80", "f100", "f120", "f150"} {
		begin := time.Now()
		r.has("Buffer  " + name + ": counting")
		waits = append(waits, time.Since(begin))
		if !strings.Contains(r.text(), ", still ") {
			t.Errorf("%s: it is not said whose figures stand there:\n%s", name, r.text())
		}
		done()
		r.has("Buffer  " + name + " (counted again from the packets)")
		r.press("b")
		if name == "f40" {
			r.has("Buffer  f60 (measured)").press("b")
		}
	}
	if wait := slices.Min(waits); wait > 50*time.Millisecond { // the least: other tests run beside
		t.Errorf("a key waits for %v at least: %v", wait, waits)
	}
	r.press("B").has("Buffer  f150 (counted again")
}

// Who goes on to another size does not wait for the one before.
func TestReplayOfTheLatestWish(t *testing.T) {
	snap, packets := hourOfSpeech()
	r := newRig(t, rigOptions{w: 120, h: 40, snap: snap, status: fileStatus()})
	r.config.Packets = func([]*correlate.Stream) (map[int]Rereading, error) {
		return map[int]Rereading{1: {Packets: packets}}, nil
	}
	r.press("v", "b").has("Buffer  f20 (counted")
	ended := make(chan struct{})
	defer close(ended)
	r.workshop.open(ended)
	r.press("b").has("Buffer  f40: counting", "still f20")
	r.press("b").has("Buffer  f60 (measured)").press("b").has("Buffer  f80: counting", "still f60")
	for range 2 {
		(<-r.workshop.results)()
	}
	r.has("Buffer  f80 (counted again")
	v := r.top().(*mediaView)
	if got := v.replayed(v.stream(), v.buffer); got == nil || got.Expected != v.stream().Quality.Expected {
		t.Errorf("counted %+v", got)
	}
}
