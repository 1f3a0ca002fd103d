package correlate

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

func TestSnapshotIsNeverNil(t *testing.T) {
	tr := NewTracker(Config{})
	if s := tr.Snapshot(); s == nil || s.Generation != 0 || len(s.Calls) != 0 {
		t.Errorf("%+v", s)
	}
	if tr.Publish() != tr.Snapshot() {
		t.Error("nothing came, but the snapshot is another")
	}
}

// Calls that did not change are shared between snapshots, and an old snapshot
// stays as it was.
func TestSnapshotsShareWhatDidNotChange(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, "0 A>B INVITE 1 id=x\n 1 A>B INVITE 1 id=y").play(t, tr)
	before := tr.Publish()
	parseScript(t, "2 B>A 180 INVITE 1 id=x").play(t, tr)
	after := tr.Publish()
	if after.Generation != before.Generation+1 || tr.Snapshot() != after {
		t.Errorf("generation %d after %d", after.Generation, before.Generation)
	}
	if before.Calls[1] != after.Calls[1] {
		t.Error("the call that did not change is another")
	}
	if before.Calls[0] == after.Calls[0] || before.Calls[0].State != StateNew || len(before.Calls[0].Messages()) != 1 {
		t.Error("the call that changed was changed in place")
	}
	if before.Calls[0].Messages()[0] != after.Calls[0].Messages()[0] || after.Calls[0].State != StateRinging {
		t.Error("the message is another, or the state was not followed")
	}
}

// A message that turns up late does not touch the lists that were published.
func TestLateMessageLeavesOldSnapshotsAlone(t *testing.T) {
	tr := NewTracker(Config{})
	s := parseScript(t, "0 A>B INVITE 1\n 0.5 A>B INVITE 1\n 1 B>A 180 INVITE 1")
	s[1].play(t, tr)
	s[2].play(t, tr)
	before := tr.Publish().Calls[0]
	first := before.Messages()[0]
	s[0].play(t, tr)
	after := tr.Publish().Calls[0]
	if len(before.Messages()) != 2 || before.Messages()[0] != first || first.Retransmission {
		t.Error("the old snapshot changed")
	}
	if len(after.Messages()) != 3 || after.Messages()[0].Frame != 1 || !after.Messages()[1].Retransmission || after.Messages()[1].First != after.Messages()[0] {
		t.Errorf("the new one: %d messages", len(after.Messages()))
	}
	if after.Started != at(0) || after.Retransmissions != 1 {
		t.Errorf("started %d, %d retransmissions", after.Started, after.Retransmissions)
	}
}

func TestCallsStandInOrderOfTime(t *testing.T) {
	tr := NewTracker(Config{})
	s := parseScript(t, "0 A>B INVITE 1 id=x\n 1 A>B INVITE 1 id=y\n 2 A>B INVITE 1 id=z")
	for _, i := range []int{2, 0, 1} {
		s[i].play(t, tr)
	}
	var got string
	for _, c := range tr.Publish().Calls {
		got += fmt.Sprint(c.CallID, c.Index, " ")
	}
	if want := "x2 y3 z1 "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMessageParsesAgain(t *testing.T) {
	c := onlyCall(t, runScript(t, "0 A>B INVITE 1 sdp +Subject:hello"))
	if subject, _ := c.Messages()[0].SIP().Header("subject"); subject != "hello" {
		t.Errorf("subject %q", subject)
	}
}

// Readers look at snapshots while the writer goes on; the race detector
// watches.
func TestReadersDoNotDisturbTheWriter(t *testing.T) {
	tr := NewTracker(Config{MaxCalls: 50})
	s := mixture(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					walk(tr.Snapshot())
				}
			}
		})
	}
	for round := range 20 {
		for i := range s {
			l := s[i]
			l.packet.Nanos += int64(round) * second / 2
			l.play(t, tr)
			if i%7 == 0 {
				tr.Publish()
			}
		}
	}
	close(stop)
	readers.Wait()
	if got, want := tr.Publish().Totals.SIPMessages, uint64(20*len(s)); got != want {
		t.Errorf("%d messages, want %d", got, want)
	}
}

// walk reads everything that a snapshot holds.
func walk(s *Snapshot) (n int) {
	for _, c := range s.Calls {
		n += len(c.Flags) + len(c.Dialogs) + int(c.State) + len(c.UserAgent)
		for _, m := range c.Messages() {
			n += m.Size() + m.Frame
			if m.First != nil {
				n++
			}
			if m.Retransmission {
				n++
			}
		}
	}
	for name, count := range s.Methods {
		n += len(name) + int(count)
	}
	return n
}

func BenchmarkTracker(b *testing.B) {
	s := parseScript(b, worked)
	type packet struct {
		p decode.Packet
		m *sip.Message
	}
	const calls = 1000
	packets := make([]packet, 0, calls*len(s))
	for i := range calls {
		for j := range s {
			l := parseScriptLine(b, "0 A>B OPTIONS 1", 1)
			l.packet = s[j].packet
			l.packet.Nanos += int64(i) * second
			m, err := sip.Parse(s[j].message)
			if err != nil {
				b.Fatal(err)
			}
			m.CallID = fmt.Sprint("call-", i)
			packets = append(packets, packet{l.packet, m})
		}
	}
	slices.SortStableFunc(packets, func(x, y packet) int { return cmp.Compare(x.p.Nanos, y.p.Nanos) })
	b.ReportAllocs()
	b.ResetTimer()
	var tr *Tracker
	for i := range b.N {
		if i%len(packets) == 0 {
			tr = NewTracker(Config{})
		}
		p := &packets[i%len(packets)]
		tr.Message(&p.p, p.m)
	}
}

func BenchmarkPublish(b *testing.B) {
	tr := NewTracker(Config{})
	flood(b, tr, 100_000, 0)
	tr.Advance(at(1000)) // all of them are given up
	tr.Publish()
	l := parseScriptLine(b, "1000 A>B INVITE 1", 1)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		l.play(b, tr)
		l.packet.Nanos += second
		tr.Publish()
	}
}
