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
	if n := s.d.streams.connections.count; n != 1 {
		t.Fatalf("%d connections", n)
	}
	checkStreams(t, s.d.streams)
	for c := s.d.streams.oldest; c != nil; c = c.newer {
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

// What was not looked at is not missing: of a direction that is ignored, or
// that carried no octets here, nothing was lost when its end is acknowledged.
func TestIgnoredIsNotUnseen(t *testing.T) {
	page := "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + strings.Repeat("page ", 800)
	for name, c := range map[string]struct {
		play func(s *talk)
		want uint64
	}{
		"a page of HTTP": {play: func(s *talk) {
			s.syn()
			s.send(client, 0, "GET / HTTP/1.1\r\n\r\n")
			for at := 0; at < len(page); at += 1000 {
				s.send(server, at, page[at:min(at+1000, len(page))])
			}
			s.fin(server, len(page))
			s.ack(client, len(page)+1)
		}},
		"a direction without octets, from the middle": {play: func(s *talk) {
			s.send(client, 5000, invite)
			s.fin(server, 7000)
			s.ack(client, 7001)
		}},
		"the end of a message": {want: 1, play: func(s *talk) {
			s.syn()
			s.send(server, 0, ringng)
			s.fin(server, len(ringng)+300)
			s.ack(client, len(ringng)+301)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTalk(t)
			c.play(s)
			s.d.Flush()
			if got := s.d.Stats().Signalling.Unseen; got != c.want {
				t.Errorf("%d pieces unseen, want %d", got, c.want)
			}
		})
	}
}
