package correlate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/internal/allowance"
)

// A long call is the same in whatever order its messages come and whenever it
// is published meanwhile.
func TestLongCallInAnyOrder(t *testing.T) {
	lines := longCall(t, 300)
	want := playAll(t, lines, nil)
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	orders := map[string]script{"reversed": reversed}
	for seed := range uint64(allowance.Share(8, 2)) {
		shuffled := slices.Clone(lines)
		rand.New(rand.NewPCG(seed, 3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		orders[fmt.Sprintf("shuffled %d", seed)] = shuffled
	}
	for name, order := range orders {
		for _, every := range []int{0, 7, 100} {
			got := playAll(t, order, func(n int) bool { return every > 0 && n%every == 0 })
			if diff := cmp.Diff(brief(want), brief(got)); diff != "" {
				t.Errorf("%s, published every %d messages: %s", name, every, diff)
			}
		}
	}
}

// longCall is a call with n requests inside of it.
func longCall(t testing.TB, n int) script {
	text := "0.0 A>B INVITE 1 sdp\n0.1 B>A 180 INVITE 1\n1.0 B>A 200 INVITE 1 sdp\n1.1 A>B ACK 1\n"
	for i := range n {
		from, to := "A", "B"
		if i%3 == 2 {
			from, to = to, from
		}
		text += fmt.Sprintf("%d.0 %s>%s INFO %d\n%d.1 %s>%s 200 INFO %d\n", i+2, from, to, i+2, i+2, to, from, i+2)
	}
	return parseScript(t, text+fmt.Sprintf("%d.0 A>B BYE %d\n%d.1 B>A 200 BYE %d\n", n+3, n+3, n+3, n+3))
}

func playAll(t testing.TB, lines script, publish func(int) bool) *Snapshot {
	tr := NewTracker(Config{})
	for i, l := range lines {
		l.play(t, tr)
		if publish != nil && publish(i) {
			tr.Publish()
		}
	}
	tr.Flush()
	return tr.Publish()
}

// brief says what a snapshot knows of its calls.
func brief(s *Snapshot) (lines []string) {
	for _, c := range s.Calls {
		lines = append(lines, fmt.Sprintf("%s %v by %s, %v to %v, %d messages, %d repeated, flags %v, dialogs %v", c.Method, c.State, c.EndedBy,
			c.Answered, c.Ended, c.MessageCount, c.Retransmissions, c.Flags, c.Dialogs))
		for _, m := range c.Messages() {
			lines = append(lines, fmt.Sprint(m.Nanos, m.Method, m.StatusCode, m.CSeq.Number))
		}
	}
	return append(lines, fmt.Sprintf("%+v", s.Totals))
}

// BenchmarkReversedCall plays a call of 10,000 messages backwards.
func BenchmarkReversedCall(b *testing.B) {
	lines := longCall(b, 4997)
	slices.Reverse(lines)
	b.ReportAllocs()
	for b.Loop() {
		if n := len(playAll(b, lines, nil).Calls[0].Messages()); n != len(lines) {
			b.Fatalf("%d messages of %d", n, len(lines))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(lines)), "ns/message")
}
