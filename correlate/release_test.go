package correlate

import "testing"

// What a call without media announced is forgotten with how it came about; what
// follows from it is not.
func TestDescriptionsAreReleased(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		left int // descriptions
	}{
		"no media": {worked, 0},
		"still up": {setup + "2 B>A 200 INVITE 1 sdp\n 2.1 A>B ACK 1", 2},
		"rejected": {setup + "2 B>A 486 INVITE 1", 0},
	} {
		tr := NewTracker(Config{})
		parseScript(t, c.text).play(t, tr)
		before, facts := tr.streams.memory(), tr.streams.mediaOf(tr.order[0].ref)
		tr.Advance(at(1000))
		if tr.streams.parties != c.left || (c.left == 0) != (tr.streams.expectations == 0 && len(tr.streams.expected) == 0 && tr.streams.lines == 0) {
			t.Errorf("%s: %d descriptions, %d expectations, %d lines are left", name, tr.streams.parties, tr.streams.expectations, tr.streams.lines)
		}
		if after := tr.streams.memory(); c.left == 0 && after >= before {
			t.Errorf("%s: %d octets, %d before", name, after, before)
		}
		if known := len(tr.streams.calls); (c.left == 0) != (known == 0) {
			t.Errorf("%s: the streams know of %d calls", name, known)
		}
		if after := tr.streams.mediaOf(tr.order[0].ref); after != facts {
			t.Errorf("%s: %+v, before %+v", name, after, facts)
		}
	}
}

// Whether a call was to be encrypted is known afterwards, and what signalling
// says anew holds again; descriptions of streams stay.
func TestReleasedCallGoesOn(t *testing.T) {
	s := newScene(t)
	secure := describe(alice, "m=audio PORT RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj")
	s.describes(1, caller, 0, secure)
	s.table.callEnded(callRef(1), 10*sec)
	if s.table.release(callRef(1), 10*sec+endGrace) || s.table.parties != 1 {
		t.Fatal("released while packets can still be of the call")
	}
	if !s.table.release(callRef(1), 80*sec) || s.table.parties != 0 || !s.table.mediaOf(callRef(1)).encrypted {
		t.Errorf("%d descriptions, %+v", s.table.parties, s.table.mediaOf(callRef(1)))
	}
	s.describes(1, caller, 90*sec, audio(alice))
	s.describes(1, callee, 91*sec, audio(bob))
	if s.table.mediaOf(callRef(1)).encrypted {
		t.Error("encrypted, as before")
	}
	s.talk(&source{src: alice, dst: bob, ssrc: 1}, 92*sec, 50)
	if got := s.only(); got.Call == nil || got.Packets != 50 {
		t.Errorf("%+v", got)
	}
	s.table.callEnded(callRef(1), 95*sec)
	if s.table.release(callRef(1), 200*sec) || s.table.parties != 2 {
		t.Errorf("%d descriptions of a call with a stream, want 2", s.table.parties)
	}
}
