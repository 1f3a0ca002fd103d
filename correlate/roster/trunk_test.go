package roster_test

import (
	"fmt"
	"testing"

	"sipsniff/correlate/roster"
)

func onlyTrunk(t testing.TB, r *roster.Roster) *roster.Trunk {
	t.Helper()
	if len(r.Trunks) != 1 {
		t.Fatalf("%d trunks, want 1", len(r.Trunks))
	}
	return r.Trunks[0]
}

// ping asks once, in a call of its own; status "" gives no answer.
func (s *scene) ping(seconds float64, way, status string, delay float64) {
	id := fmt.Sprint("ping-", way, s.frame)
	s.message(seconds, way, id, "OPTIONS 1")
	if status != "" {
		s.message(seconds+delay, way[2:]+">"+way[:1], id, status+" OPTIONS 1")
	}
}

// Twenty answers of 1, 2 … 20 ms: the 95th of a hundred is the 19th.
func TestTrunkDelays(t *testing.T) {
	s := newScene(t)
	for i := range 20 {
		s.ping(float64(i), "A>R", "200", float64(20-i)/1000)
	}
	r := onlyTrunk(t, s.until(30))
	equal(t, "delays", words(r.DelayMin, r.DelayMean, r.DelayP95, r.DelayMax), words(ms(1), ms(10.5), ms(19), ms(20)))
	equal(t, "counts", words(r.Sent, r.Answered, r.Lost, r.Open), "20 20 0 0")
	equal(t, "state", words(r.State, r.Since-at(0.020)), "up 0")
	equal(t, "ends", words(r.Source, r.Destination), words(party('A'), party('R')))
	equal(t, "last answer", r.LastAnswer, at(19.001))
	equal(t, "responses", joined(r.Responses), "{200 20}")
}

// Three in a row make it down since the first of them; one answer makes it up.
// What was sent less than 32 s before the end is neither answered nor lost.
func TestTrunkDown(t *testing.T) {
	s := newScene(t)
	s.ping(0, "A>R", "200", 0.01) // frames 1, 2
	s.ping(10, "A>R", "", 0)      // 3
	s.ping(20, "A>R", "200", 0.01)
	s.ping(30, "A>R", "", 0) // 6
	s.ping(40, "A>R", "", 0)
	s.ping(50, "A>R", "", 0)
	s.ping(60, "A>R", "", 0)
	s.ping(70, "A>R", "", 0)
	r := onlyTrunk(t, s.until(81))
	equal(t, "two in a row", words(r.State, r.Sent, r.Answered, r.Lost, r.Open), "up 8 2 3 3")
	r = onlyTrunk(t, s.until(82))
	equal(t, "three in a row", words(r.State, r.Since-at(30), r.Lost, r.Open), "down 0 4 2")
	s.ping(110, "A>R", "404", 0.01) // an answer, though not a welcome
	r = onlyTrunk(t, s.until(200))
	equal(t, "changes", changes(r.Changes), "0.010 up 200, 30.000 down 0, 110.010 up 404")
	equal(t, "frame and reason", words(r.Changes[1].Frame, r.Changes[1].Detail), "6 3 unanswered in a row")
	equal(t, "counts", words(r.Sent, r.Answered, r.Lost, r.Open), "9 3 6 0")
}

// 5xx and 408 are answers that say that it is down.
func TestTrunkRefuses(t *testing.T) {
	for status, want := range map[string]roster.State{"503": roster.Down, "500": roster.Down, "408": roster.Down, "405": roster.Up, "603": roster.Up, "486": roster.Up, "302": roster.Up} {
		s := newScene(t)
		s.ping(0, "A>R", status, 0.01)
		r := onlyTrunk(t, s.until(1))
		equal(t, status, words(r.State, r.Answered), words(want, 1))
	}
}

// Retransmissions are one request, its time runs from the first copy; a
// monitor that sends the same message each minute asks anew each time.
func TestTrunkCopies(t *testing.T) {
	s := newScene(t)
	s.message(0, "A>R", "same", "OPTIONS 1")
	s.message(0.5, "A>R", "same", "OPTIONS 1")
	s.message(0.52, "R>A", "same", "200 OPTIONS 1")
	s.message(60, "A>R", "same", "OPTIONS 1")
	s.message(60.03, "R>A", "same", "200 OPTIONS 1")
	r := onlyTrunk(t, s.until(61))
	equal(t, "counts", words(r.Sent, r.Answered, r.Retransmissions), "2 2 1")
	equal(t, "delays", words(r.DelayMin, r.DelayMax), words(ms(30), ms(520)))
}

// Directions are trunks of their own, so are destinations; within a dialog
// OPTIONS belongs to the call; over TCP the source port does not matter.
func TestTrunksApart(t *testing.T) {
	s := newScene(t)
	s.ping(0, "A>R", "200", 0.01)
	s.ping(1, "R>A", "200", 0.01)
	s.ping(2, "A>B", "", 0)
	s.message(3, "A>R", "call", "OPTIONS 1", "To: <sip:alice@example.com>;tag=b")
	s.message(4, "A>R", "tcp1", "OPTIONS 1", "Via: SIP/2.0/TCP 192.0.2.10;branch=z9hG4bK1")
	parties['T'] = "192.0.2.10:40001"
	s.message(5, "T>R", "tcp2", "OPTIONS 1", "Via: SIP/2.0/TCP 192.0.2.10;branch=z9hG4bK2")
	r := s.until(6)
	if len(r.Trunks) != 4 {
		t.Fatalf("%d trunks, want 4", len(r.Trunks))
	}
	equal(t, "never answered", words(r.Trunks[2].State, r.Trunks[2].Open, r.Trunks[2].DelayMean), "pending 1 -1")
	equal(t, "over TCP", words(r.Trunks[3].Sent, r.Trunks[3].Transport, r.Trunks[3].Source), "2 tcp 192.0.2.10:40001")
}
