package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
)

// chatter sends OPTIONS to a port of this host, each with a Call-ID of its own,
// until the test ends.
func chatter(t *testing.T) (port int) {
	t.Helper()
	to, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = to.LocalAddr().(*net.UDPAddr).Port
	from, err := net.Dial("udp4", to.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			text := fmt.Sprintf("OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nFrom: <sip:b@127.0.0.1>;tag=%d\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: %d@here\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
				from.LocalAddr(), n, n, n)
			_, _ = from.Write([]byte(text)) // who captures sees what was sent
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-ended; _, _ = from.Close(), to.Close() })
	return port
}

// A capture filter that stops the SIP there is: the screen says on which port it
// comes, and Enter lets it in.
func TestScoutFindsThePort(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("capturing needs root")
	}
	port := chatter(t)
	x := newTmux(t, 200, 30, "exec "+build(t)+" -i lo udp port 9")
	x.wait("No SIP yet", fmt.Sprintf("SIP ports seen: %d.", port), fmt.Sprintf("%d (", port), "looks like SIP!",
		fmt.Sprintf("press Enter to listen on port %d too", port), fmt.Sprintf("Enter  use port %d too", port))
	x.keys("Enter")
	x.wait(fmt.Sprintf(`"(udp port 9) or port %d"`, port), "OPT", "b", "a")
	x.until("requests are in the list", func(l listing) bool { return l.dialogs > 2 && !strings.Contains(l.screen, "No SIP yet") })
}

// The scout ends when SIP comes through, and looks again after a rest.
func TestScoutRests(t *testing.T) {
	var none *scout
	if none.look(0, time.Now()) {
		t.Error("nobody looked")
	}
	none.close()
	start := time.Now()
	s := &scout{ifaces: []string{"there-is-no-such-interface"}, next: start.Add(scoutAfter)}
	for _, step := range []struct {
		at   time.Duration
		next time.Duration // when it tries again
	}{{0, scoutAfter}, {scoutAfter, scoutAfter + scoutRest}, {scoutAfter + scoutRest, scoutAfter + 2*scoutRest}} {
		if looked := s.look(0, start.Add(step.at)); looked || !s.next.Equal(start.Add(step.next)) {
			t.Errorf("at %v: looked %v, tries again at %v, want %v", step.at, looked, s.next.Sub(start), step.next)
		}
	}
	s.seen.Traffic.Ports, s.looked = []pipeline.Port{{Number: 5080, Packets: 3, SIP: true}}, true
	if !s.look(0, start) || len(s.seen.Traffic.Ports) != 1 {
		t.Errorf("between two looks: %+v", s.seen.Traffic)
	}
	if s.look(1, start) || len(s.seen.Traffic.Ports) != 0 {
		t.Errorf("with calls there: %+v", s.seen.Traffic)
	}
}

// The ports of streams are no news.
func TestTrafficWithoutStreams(t *testing.T) {
	snap := &correlate.Snapshot{Streams: []*correlate.Stream{{Src: netip.MustParseAddrPort("192.0.2.1:4000"), Dst: netip.MustParseAddrPort("192.0.2.2:6000")}}}
	got := trafficOf(pipeline.Traffic{Ports: []pipeline.Port{{Number: 4000, Packets: 9}, {Number: 53, Packets: 2}}, Tagged: 1, Tunnel: "gre"}, snap, true)
	if len(got.Ports) != 1 || got.Ports[0].Number != 53 || got.Tagged != 1 || got.Tunnel != "gre" || !got.Beside {
		t.Errorf("%+v", got)
	}
}
