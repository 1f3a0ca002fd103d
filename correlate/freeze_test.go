package correlate

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// frozen plays a script and lets time pass until its only call is frozen.
func frozen(t *testing.T, text string) (*Tracker, *callRecord) {
	t.Helper()
	tr := NewTracker(Config{})
	parseScript(t, text).play(t, tr)
	tr.Advance(at(1000))
	r := tr.order[0]
	if r.following != nil {
		t.Fatal("the call is not frozen")
	}
	return tr, r
}

// spread is a call that holds its messages as they are, packed or not, without
// what ties them to those they were unpacked with.
func spread(c *Call) *Call {
	list, now := c.Messages(), map[*Message]*Message{}
	for _, m := range list {
		single := *m
		single.home = nil
		now[m] = &single
	}
	messages, described := make([]*Message, len(list)), []Description(nil)
	for i, m := range list {
		messages[i] = now[m]
		messages[i].First = now[m.First]
	}
	for _, d := range c.Descriptions() {
		described = append(described, Description{now[d.Message], d.FromCaller})
	}
	return c.WithMessages(messages, described...)
}

func TestFrozenCallIsTheSame(t *testing.T) {
	for name, text := range map[string]string{"worked": worked, "proxied": proxied, "failed": setup + "2 B>A 486 INVITE 1"} {
		t.Run(name, func(t *testing.T) {
			plain := NewTracker(Config{})
			parseScript(t, text).play(t, plain)
			want := plain.Publish()
			tr, r := frozen(t, text)
			s := tr.Publish()
			got := s.Calls[0]
			same := spread(want.Calls[0])
			if !reflect.DeepEqual(spread(got), same) || s.Totals != want.Totals {
				t.Error(cmp.Diff(same, spread(got), cmp.Exporter(func(reflect.Type) bool { return true })))
			}
			if got.packed == nil {
				t.Error("it is not packed")
			}
			messages := got.Messages()
			if tr.thaw(r); r.following == nil || r.messages[0] != messages[0] {
				t.Error("thawed, the messages are others")
			}
			if again := tr.build(r); !reflect.DeepEqual(spread(again), same) {
				t.Error("thawed:", cmp.Diff(same, spread(again), cmp.Exporter(func(reflect.Type) bool { return true })))
			}
		})
	}
}

func TestFrozenCallGoesOn(t *testing.T) {
	tr, _ := frozen(t, setup+"2 B>A 486 INVITE 1")
	before := tr.memory
	parseScript(t, "1001 A>B INVITE 2\n 1001.1 B>A 180 INVITE 2\n 1002 B>A 200 INVITE 2\n 1002.1 A>B ACK 2").play(t, tr)
	c := onlyCall(t, tr.Publish())
	if c.State != StateInCall || c.MessageCount != 8 || strings.Join(c.Flags, " ") != "serial_attempt" {
		t.Errorf("state %v, %d messages, flags %v", c.State, c.MessageCount, c.Flags)
	}
	if tr.memory <= before {
		t.Errorf("memory went from %d to %d", before, tr.memory)
	}
}

// Freezing gives back memory, and all of it is accounted for.
func TestFrozenCallsAreSmaller(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, worked).play(t, tr)
	live := tr.memory
	tr.Advance(at(1000))
	if tr.memory >= live*3/4 {
		t.Errorf("frozen %d octets, before %d", tr.memory, live)
	}
	tr.evict(tr.order[0])
	if tr.memory != 0 || tr.live != 0 || tr.known.settled.first != nil {
		t.Errorf("left are %d octets, %d calls", tr.memory, tr.live)
	}
}

// registered is one REGISTER for 600 s and its response, by seconds and CSeq.
func registered(nanos, number string) string {
	return nanos + " A>B REGISTER " + number + " +Contact:<sip:x@192.0.2.1>;expires=600\n " + nanos + ".1 B>A 200 REGISTER " + number + " +Contact:<sip:x@192.0.2.1>;expires=600\n"
}

// A registration that runs is frozen, and runs out all the same: 605 s after the
// response.
func TestFrozenRegistrationExpires(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, registered("0", "1")).play(t, tr)
	tr.Advance(at(500))
	if c := onlyCall(t, tr.Publish()); tr.order[0].following != nil || c.State != StateRegistered || len(c.Flags) > 0 {
		t.Errorf("frozen %v, state %v, flags %v", tr.order[0].following == nil, c.State, c.Flags)
	}
	tr.Advance(at(605))
	if c := onlyCall(t, tr.Publish()); len(c.Flags) > 0 {
		t.Errorf("flags %v before it ran out", c.Flags)
	}
	tr.Advance(at(606))
	if c := onlyCall(t, tr.Publish()); strings.Join(c.Flags, " ") != "expired" {
		t.Errorf("flags %v", c.Flags)
	}
	tr.Advance(at(701))
	if c := onlyCall(t, tr.Publish()); strings.Join(c.Flags, " ") != "expired" || tr.order[0].following != nil {
		t.Errorf("flags %v", c.Flags)
	}
}

func TestFrozenRegistrationIsRefreshed(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, registered("0", "1")).play(t, tr)
	tr.Advance(at(299))
	if tr.order[0].following != nil {
		t.Fatal("not frozen")
	}
	parseScript(t, registered("300", "2")).play(t, tr)
	tr.Advance(at(905))
	if c := onlyCall(t, tr.Publish()); c.State != StateRegistered || len(c.Flags) > 0 || c.MessageCount != 4 {
		t.Errorf("state %v, flags %v, %d messages", c.State, c.Flags, c.MessageCount)
	}
	tr.Advance(at(906))
	if c := onlyCall(t, tr.Publish()); strings.Join(c.Flags, " ") != "expired" {
		t.Errorf("flags %v", c.Flags)
	}
	before := tr.memory
	tr.evict(tr.order[0])
	if tr.memory != 0 {
		t.Errorf("left are %d of %d octets", tr.memory, before)
	}
}

// One with many messages would be read again at each refresh: it stays as it is
// until the capture ends.
func TestLongRegistrationIsFrozenAtTheEnd(t *testing.T) {
	tr := NewTracker(Config{})
	for i := range restLimit {
		parseScript(t, registered(strconv.Itoa(100*i), strconv.Itoa(i+1))).play(t, tr)
	}
	tr.Advance(at(100*restLimit + 80))
	if tr.order[0].following == nil {
		t.Error("frozen while a refresh may come")
	}
	tr.Flush()
	if c := onlyCall(t, tr.Publish()); tr.order[0].following != nil || c.State != StateRegistered || c.MessageCount != 2*restLimit {
		t.Errorf("frozen %v, state %v, %d messages", tr.order[0].following == nil, c.State, c.MessageCount)
	}
}

// Messages that the capture cut are read again as they were read first: what is
// there of their last line does not count.
func TestThawedCutMessagesAreTheSame(t *testing.T) {
	const headers = "Via: SIP/2.0/UDP a.example.org;branch=z9hG4bK-1\r\nCall-ID: call\r\nFrom: <sip:a@example.org>;tag=a\r\nTo: <sip:b@example.org>"
	invite, busy := "INVITE sip:b@example.org SIP/2.0\r\n"+headers+"\r\nCSeq: 1 INV", "SIP/2.0 486 Busy\r\n"+headers+";tag=b\r\nCSeq: 1 I"
	play := func(pause bool) *Call {
		tr := NewTracker(Config{})
		message := func(frame int, seconds float64, from, to, text string) {
			m := new(sip.Message)
			if err := sip.ParseWith(m, text, sip.Options{Cut: true}); err != nil {
				t.Fatal(err)
			}
			nanos := at(seconds)
			tr.Message(&decode.Packet{Frame: frame, LastFrame: frame, Nanos: nanos, LastNanos: nanos, Src: scriptAddr(from), Dst: scriptAddr(to), Cut: "snaplen"}, m)
		}
		message(1, 0, "A", "B", invite)
		message(2, 1, "B", "A", busy)
		if pause {
			tr.Advance(at(1) + calmAfter + 1)
			if tr.order[0].following != nil {
				t.Fatal("the call is not frozen")
			}
		}
		message(3, 9, "B", "A", busy) // before the time at which it would be frozen
		return onlyCall(t, tr.Publish())
	}
	want, got := play(false), play(true)
	if want.State != StateBusy || want.Retransmissions != 1 {
		t.Fatalf("state %v, %d retransmissions", want.State, want.Retransmissions)
	}
	if diff := cmp.Diff(brief(&Snapshot{Calls: []*Call{want}}), brief(&Snapshot{Calls: []*Call{got}})); diff != "" {
		t.Error(diff)
	}
}
