package decode

import (
	"strings"
	"testing"
)

// A direction is given up as no SIP while segments of it still wait for
// others. When the peer turns out to speak SIP, it is looked at again, and
// nothing is left of what waited.
func TestIgnoredWhileSegmentsWait(t *testing.T) {
	s := newTalk(t)
	noise := strings.Repeat("no protocol at all ", 10_000)
	s.send(client, 0, noise[:10])
	s.send(client, 20, noise[20:]) // waits for ten octets
	behind := len(noise) + 1000
	s.send(client, behind, noise) // and this for a thousand more
	s.send(client, 10, noise[10:20])
	if a := s.d.streams.connections; len(a) != 1 {
		t.Fatalf("%d connections", len(a))
	}
	checkStreams(t, s.d.streams)
	for _, c := range s.d.streams.connections {
		if !c.sides[0].ignored && !c.sides[1].ignored {
			t.Fatal("the noise is not ignored: this test shows nothing")
		}
	}
	s.send(server, 0, ringng)
	s.send(client, 2*behind, invite)
	s.pass(5000)
	s.send(client, 2*behind+len(invite), bye)
	checkStreams(t, s.d.streams)
	if len(s.heard) != 3 {
		t.Errorf("heard %+v", s.heard)
	}
}
