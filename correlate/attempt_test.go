package correlate

import (
	"testing"
)

// ms makes ns of milliseconds; -1 stays what it is, unknown.
func ms(n int64) int64 {
	if n < 0 {
		return n
	}
	return n * millisecond
}

// untimed is a Timing of which nothing is known.
func untimed() Timing {
	return Timing{PostDialDelay: -1, TryingDelay: -1, RequestDelay: -1, RequestDelayFailed: -1, Ring: -1, Setup: -1, AnswerToACK: -1,
		DisconnectDelay: -1, DisconnectFailed: -1, Session: -1, SessionFailed: -1, Talk: -1,
		AnswerToMediaCaller: -1, AnswerToMediaCallee: -1, MediaBeforeAnswer: -1}
}

func checkTiming(t *testing.T, a *Attempt, change func(*Timing)) {
	t.Helper()
	want := untimed()
	change(&want)
	if got := a.Timing(); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// talkInto plays RTP between the ports of a script's descriptions, 20 ms apart.
func talkInto(t *testing.T, tr *Tracker, s script, from, to string, first, last float64) script {
	t.Helper()
	src, dst := scriptAddr(from).Addr(), scriptAddr(to).Addr()
	m := &source{src: src.String() + ":4000", dst: dst.String() + ":4000", ssrc: uint32(from[0])}
	sc := &scene{t: t}
	for n := at(first); n <= at(last); n += 20 * msec {
		p := sc.packet(m.src, m.dst, n, rtpPacket(m, 160))
		m.sequence++
		m.timestamp += 160
		s = append(s, scriptLine{nanos: n, packet: *p})
	}
	return s
}

// playMixed plays signalling and RTP in the order of time.
func playMixed(t *testing.T, tr *Tracker, s script) {
	t.Helper()
	for {
		best := -1
		for i := range s {
			if s[i].nanos >= 0 && (best < 0 || s[i].nanos < s[best].nanos) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		if l := s[best]; l.packet.Payload != nil {
			tr.Datagram(&l.packet)
		} else {
			l.play(t, tr)
		}
		s[best].nanos = -1
	}
}

// The example of spec §4.4, with its RTP.
func TestTimingOfTheWorkedExample(t *testing.T) {
	tr := NewTracker(Config{})
	s := parseScript(t, worked)
	s = talkInto(t, tr, s, "A", "B", 8.080, 67.98)
	s = talkInto(t, tr, s, "B", "A", 1.300, 68.02)
	playMixed(t, tr, s)
	a := onlyCall(t, tr.Publish()).Attempt
	checkTiming(t, &a, func(w *Timing) {
		w.TryingDelay, w.PostDialDelay, w.PostDialEvent = ms(70), ms(1250), DialProgress
		w.RequestDelay, w.Ring, w.Setup, w.AnswerToACK = ms(1200), ms(6000), ms(8000), ms(60)
		w.Session, w.Talk, w.DisconnectDelay = ms(60_000), ms(60_000), ms(45)
		w.AnswerToMediaCaller, w.AnswerToMediaCallee, w.EarlyCallee, w.MediaBeforeAnswer = ms(80), 0, true, ms(6700)
		w.MediaTail, w.HasMediaTail = ms(20), true
	})
	if a.Described != at(1.25) || a.Credited != at(0.05) || a.Invited != at(0) || !a.Completed() || a.Repeated != 0 {
		t.Errorf("%+v", a)
	}
}

// redirect is a call that is sent elsewhere, refused there, and answered at
// its third target.
const redirect = `
	0.000 A>B INVITE 1 sdp
	0.100 B>A 100 INVITE 1
	0.300 B>A 302 INVITE 1
	0.320 A>B ACK 1 nack
	0.400 A>C INVITE 2 sdp
	0.500 C>A 100 INVITE 2
	0.700 C>A 503 INVITE 2
	0.720 A>C ACK 2 nack
	0.900 A>D INVITE 3 sdp
	1.400 A>D INVITE 3 sdp
	1.450 D>A 100 INVITE 3
	2.400 D>A 180 INVITE 3
	6.400 D>A 200 INVITE 3 sdp
	6.430 A>D ACK 3
	36.400 A>D BYE 4
	36.430 D>A 200 BYE 4`

func TestAttemptsOfOneCall(t *testing.T) {
	c := onlyCall(t, runScript(t, redirect))
	if len(c.EarlierAttempts) != 2 || c.AttemptsLost != 0 {
		t.Fatalf("%d attempts before the last", len(c.EarlierAttempts))
	}
	moved, refused, last := &c.EarlierAttempts[0], &c.EarlierAttempts[1], &c.Attempt
	for i, row := range []struct {
		a           *Attempt
		to          string
		counted     float64
		state       State
		status      int
		redirected  bool
		repeated    int
		completable bool
	}{
		{moved, "B", 0, StateMoved, 302, true, 0, false},
		{refused, "C", 0.4, StateFailed, 503, false, 0, false},
		{last, "D", 0.9, StateCompleted, 200, false, 1, true},
	} {
		a := row.a
		if a.Destination != scriptAddr(row.to) || a.Source != scriptAddr("A") || a.Counted != at(row.counted) || a.State != row.state ||
			a.FinalStatus != row.status || a.Redirected != row.redirected || a.Repeated != row.repeated || a.Completed() != row.completable {
			t.Errorf("attempt %d: %+v", i+1, *a)
		}
	}
	checkTiming(t, moved, func(*Timing) {})
	checkTiming(t, refused, func(w *Timing) { // dialled at 0
		w.TryingDelay, w.PostDialDelay, w.PostDialEvent, w.RequestDelayFailed = ms(100), ms(700), DialFailure, ms(300)
	})
	checkTiming(t, last, func(w *Timing) {
		w.TryingDelay, w.PostDialDelay, w.PostDialEvent, w.RequestDelay = ms(550), ms(1500), DialRinging, ms(1500)
		w.Ring, w.Setup, w.AnswerToACK, w.Session, w.Talk, w.DisconnectDelay = ms(4000), ms(5500), ms(30), ms(30_000), ms(30_000), ms(30)
	})
	if c.PostDialDelay != ms(1500) || c.Setup != ms(5500) {
		t.Errorf("the call says otherwise: %d %d", c.PostDialDelay, c.Setup)
	}
}

func TestTimings(t *testing.T) {
	ringing := func(w *Timing) {
		w.TryingDelay, w.PostDialDelay, w.PostDialEvent, w.RequestDelay = ms(100), ms(1000), DialRinging, ms(1000)
	}
	answered := func(w *Timing) {
		ringing(w)
		w.Ring, w.Setup, w.AnswerToACK = ms(2000), ms(3000), ms(100)
	}
	for _, row := range []struct {
		name, script string
		change       func(*Timing)
	}{
		{"busy", setup + "2 B>A 486 INVITE 1", func(w *Timing) {
			ringing(w)
			w.Ring, w.RequestDelayFailed = ms(1000), ms(2000)
		}},
		{"refused at once", "0 A>B INVITE 1\n 0.2 B>A 404 INVITE 1", func(w *Timing) {
			w.PostDialDelay, w.PostDialEvent, w.RequestDelayFailed = ms(200), DialFailure, ms(200)
		}},
		{"nobody there", "0 A>B INVITE 1\n 0.5 A>B INVITE 1\n advance 40", func(w *Timing) { w.RequestDelayFailed = ms(32_000) }},
		{"nobody there yet", "0 A>B INVITE 1\n advance 20", func(*Timing) {}},
		{"cancelled", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 CANCEL 1\n 2.2 B>A 487 INVITE 1", func(w *Timing) {
			ringing(w)
			w.Ring, w.RequestDelayFailed = ms(1000), ms(2200)
		}},
		{"cancelled before anything", "0 A>B INVITE 1\n 0.1 B>A 100 INVITE 1\n 2 A>B CANCEL 1\n 2.2 B>A 487 INVITE 1", func(w *Timing) {
			w.TryingDelay, w.PostDialDelay, w.PostDialEvent, w.RequestDelayFailed = ms(100), ms(2200), DialFailure, ms(2200)
		}},
		{"refused credentials", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B INVITE 2\n 0.3 B>A 407 INVITE 2\n advance 40", func(*Timing) {}},
		{"answer without ringing", "0 A>B INVITE 1\n 0.7 B>A 200 INVITE 1", func(w *Timing) {
			w.PostDialDelay, w.PostDialEvent, w.RequestDelay, w.Setup = ms(700), DialAnswer, ms(700), ms(700)
		}},
		{"no request seen", "1 B>A 180 INVITE 1\n 3 B>A 200 INVITE 1", func(w *Timing) { w.Ring = ms(2000) }},
		{"BYE refused", answer + "13 A>B BYE 2\n 13.1 B>A 481 BYE 2", func(w *Timing) {
			answered(w)
			w.Session, w.Talk, w.DisconnectFailed = ms(10_000), ms(10_000), ms(100)
		}},
		{"BYE unanswered", answer + "13 A>B BYE 2\n advance 50", func(w *Timing) {
			answered(w)
			w.SessionFailed, w.Talk, w.DisconnectFailed = ms(42_000), ms(10_000), ms(32_000)
		}},
		{"BYE challenged", answer + "13 A>B BYE 2\n 13.1 B>A 407 BYE 2\n 13.2 A>B BYE 3\n 13.25 B>A 200 BYE 3", func(w *Timing) {
			answered(w)
			w.Session, w.Talk, w.DisconnectDelay = ms(10_000), ms(10_000), ms(50)
		}},
		{"BYE through a proxy, by the callee", answer + "13 B>P BYE 2 to=a from=b\n 13.01 P>A BYE 2 to=a from=b\n" +
			"13.05 A>P 200 BYE 2 to=a from=b\n 13.06 P>B 200 BYE 2 to=a from=b", func(w *Timing) {
			answered(w)
			w.Session, w.Talk, w.DisconnectDelay = ms(10_000), ms(10_000), ms(60)
		}},
		{"on hold for ten seconds, then by both until the end", answer + `
			10 A>B INVITE 2 to=b sdp=sendonly
			10.1 B>A 200 INVITE 2 sdp=recvonly
			10.2 A>B ACK 2
			20 A>B INVITE 3 to=b sdp
			20.1 B>A 200 INVITE 3 sdp
			20.2 A>B ACK 3
			25 B>A INVITE 9 to=a sdp=inactive
			25.5 A>B 200 INVITE 9 sdp=inactive
			25.6 B>A ACK 9
			33 A>B BYE 4
			33.1 B>A 200 BYE 4`, func(w *Timing) {
			answered(w)
			w.Session, w.Talk, w.DisconnectDelay = ms(30_000), ms(12_500), ms(100)
		}},
		{"glare", "0 A>B INVITE 1\n 0.1 B>A 491 INVITE 1\n 1 A>B INVITE 2\n 2 B>A 180 INVITE 2", func(w *Timing) {
			w.PostDialDelay, w.PostDialEvent, w.RequestDelay = ms(2000), DialRinging, ms(1000)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := onlyCall(t, runScript(t, row.script))
			if len(c.EarlierAttempts) != 0 {
				t.Errorf("%d earlier attempts", len(c.EarlierAttempts))
			}
			checkTiming(t, &c.Attempt, row.change)
			if d := c.Attempt.Timing(); d.PostDialDelay != c.PostDialDelay || d.RequestDelay != c.SessionRequestDelay || d.Ring != c.Ring || d.Setup != c.Setup {
				t.Errorf("the call says otherwise: %d %d %d %d", c.PostDialDelay, c.SessionRequestDelay, c.Ring, c.Setup)
			}
		})
	}
}

// On the caller's link the response of a far hop comes first; it is not the
// one that answers there.
func TestDisconnectDelayOnOneHop(t *testing.T) {
	c := onlyCall(t, runScript(t, `
		0 A>P INVITE 1
		0.01 P>B INVITE 1 to=
		1 B>P 200 INVITE 1
		1.01 P>A 200 INVITE 1
		1.1 A>P ACK 1 to=b
		1.11 P>B ACK 1
		5 A>P BYE 2 to=b
		5.01 P>B BYE 2
		5.11 B>P 200 BYE 2
		5.13 P>A 200 BYE 2`))
	if d := c.Attempt.Timing().DisconnectDelay; d != ms(130) {
		t.Errorf("%d ms, want 130", d/millisecond)
	}
	if len(c.EarlierAttempts) != 0 || c.Attempt.Destination != scriptAddr("P") {
		t.Errorf("%+v", c.Attempt)
	}
}

func TestNoAttempt(t *testing.T) {
	for _, script := range []string{"0 A>B BYE 2", "0 A>B INVITE 7 to=b", "0 A>B OPTIONS 1", "0 A>B REGISTER 1"} {
		if c := onlyCall(t, runScript(t, script)); c.Attempt.Known() || len(c.EarlierAttempts) > 0 {
			t.Errorf("%s: %+v", script, c.Attempt)
		}
	}
}

// A client that uses one Call-ID for all its calls (spec §9.12).
func TestAttemptsUnderOneCallID(t *testing.T) {
	one := answer + "13 A>B BYE 2\n 13.1 B>A 200 BYE 2\n"
	c := onlyCall(t, runScript(t, one+"100 A>B INVITE 11\n 101 B>A 486 INVITE 11"))
	if len(c.EarlierAttempts) != 1 {
		t.Fatalf("%d earlier attempts", len(c.EarlierAttempts))
	}
	before := &c.EarlierAttempts[0]
	if before.Timing().Session != ms(10_000) || !before.Completed() || c.Attempt.FinalStatus != 486 || c.Attempt.Counted != at(100) {
		t.Errorf("%+v\n%+v", *before, c.Attempt)
	}
}

// A stranger cannot make us remember attempts without end.
func TestAttemptsAreBounded(t *testing.T) {
	m := newCallMachine(&hopTable{}, &dialogTable{})
	m.attempts, m.state = 1, StateFailed
	for range maxAttempts + 5 {
		m.shelve(m.attemptNow())
	}
	if len(m.past) != maxAttempts || m.pastLost != 5 {
		t.Errorf("%d kept, %d lost", len(m.past), m.pastLost)
	}
}
