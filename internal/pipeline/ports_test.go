package pipeline

import (
	"fmt"
	"net/netip"
	"testing"

	"sipsniff/decode"
)

func TestPortTally(t *testing.T) {
	packet := func(src, dst uint16) *decode.Packet {
		a := netip.MustParseAddr("192.0.2.1")
		return &decode.Packet{Src: netip.AddrPortFrom(a, src), Dst: netip.AddrPortFrom(a, dst)}
	}
	for _, always := range []bool{true, false} {
		tally := portTally{always: always}
		for range 3 {
			tally.add(packet(53, 40_000), false)
		}
		tally.add(packet(40_001, 123), false)
		tagged := packet(40_001, 123)
		tagged.VLANCount, tagged.Tunnel = 1, "gre"
		tally.add(tagged, false)
		if got, want := fmt.Sprint(tally.busiest()), "{[{53 3 false} {123 2 false}] 1 gre}"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		tally.add(packet(4000, 5080), true)
		response := packet(5080, 4000)
		response.Payload = []byte("SIP/2.0 200 OK")
		tally.add(response, true)
		want := "{[] 0 }"
		if always {
			want = "{[{53 3 false} {123 2 false} {5080 2 true}] 1 gre}"
		}
		if got := fmt.Sprint(tally.busiest()); got != want {
			t.Errorf("always %v, when SIP came: %s, want %s", always, got, want)
		}
	}
	var tally portTally
	for port := range 2 * mostPorts {
		tally.add(packet(uint16(port), 65_535), false)
	}
	if len(tally.packets) != mostPorts || len(tally.busiest().Ports) != shownPorts {
		t.Errorf("%d ports are counted, %d published", len(tally.packets), len(tally.busiest().Ports))
	}
}
