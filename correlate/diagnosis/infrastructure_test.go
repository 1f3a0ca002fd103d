package diagnosis

import (
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/decode"
	"sipsniff/internal/scene"
)

func trunkScenarios() []scenario {
	ping := `0.0 A>B OPTIONS 1 id=o#`
	answered := `
		0.0 A>B OPTIONS 1 id=o#
		0.1 B>A 200 OPTIONS 1 id=o#`
	return []scenario{
		{rule: "INF-01", name: "three without an answer", severity: "critical", confidence: "strong", count: 1, says: []string{"192.0.2.66:5060 did not answer 3 OPTIONS requests in a row"},
			script: repeat(2, 0, 30, `
				0.0 A>B OPTIONS 1 id=before#
				0.1 B>A 200 OPTIONS 1 id=before#`) + repeat(3, 60, 30, ping) + "200 end\n"},
		{rule: "INF-01", name: "nothing was ever seen of it", confidence: "suspect", script: repeat(3, 0, 30, ping) + "200 end\n"},
		{rule: "INF-01", name: "two without an answer", silent: true, script: repeat(2, 0, 30, ping) + "200 end\n"},
		{rule: "INF-01", name: "the capture ends before", silent: true, script: repeat(3, 0, 10, ping)},
		{rule: "INF-01", name: "one in two", silent: true, script: repeat(6, 0, 30, ping+"\n15.0 A>B OPTIONS 1 id=p#\n15.1 B>A 200 OPTIONS 1 id=p#") + "300 end\n"},
		{rule: "INF-01", name: "503", severity: "critical", confidence: "proven", count: 1, says: []string{"503"}, script: "0 A>B OPTIONS 1\n0.1 B>A 503 OPTIONS 1\n"},
		{rule: "INF-01", name: "405 is an answer", silent: true, script: "0 A>B OPTIONS 1\n0.1 B>A 405 OPTIONS 1\n"},
		{rule: "INF-01", name: "it came back", severity: "error", says: []string{"answered again later"}, script: repeat(3, 0, 30, ping) + repeat(1, 120, 1, strings.ReplaceAll(answered, "id=o", "id=back")) + "200 end\n"},
		{rule: "INF-01", name: "ICMP says so", confidence: "proven", says: []string{"port unreachable"}, script: `
			0 A>B OPTIONS 1 id=a
			0.01 B>A icmp 3/3 1
			20 A>B OPTIONS 1 id=b
			20.01 B>A icmp 3/3 3
			40 A>B OPTIONS 1 id=c
			40.01 B>A icmp 3/3 5`},
	}
}

// snapshotOf is a capture with what the pipeline says of it.
func snapshotOf(in correlate.Input) *correlate.Snapshot {
	return &correlate.Snapshot{Input: in, Totals: correlate.Totals{SIPMessages: 1000}, Last: 100e9}
}

func sightScenarios() []scenario {
	oneSided := "0 A>B INVITE 1 sdp\n0.6 A>B ACK 1\n9 A>B BYE 2\n"
	on := func(request, response string, vlan uint16) *correlate.Snapshot {
		s := &correlate.Snapshot{}
		a, b := netip.MustParseAddrPort("192.0.2.1:5060"), netip.MustParseAddrPort("192.0.2.2:5060")
		s.Calls = []*correlate.Call{(&correlate.Call{Index: 1}).WithMessages([]*correlate.Message{
			{Frame: 1, Nanos: 1e9, Src: a, Dst: b, Method: "OPTIONS", Branch: "x", Interface: request},
			{Frame: 2, Nanos: 2e9, Src: b, Dst: a, StatusCode: 200, Branch: "x", Interface: response, VLAN: vlan},
		})}
		return s
	}
	return []scenario{
		{rule: "INF-02", name: "requests only", severity: "info", confidence: "proven", count: 1, says: []string{"192.0.2.65 and 192.0.2.66", "no response"}, script: oneSided},
		{rule: "INF-02", name: "both sides", silent: true, script: answeredCall},
		{rule: "INF-02", name: "on two interfaces", count: 1, says: []string{"Requests are captured on eth0, their responses on eth1"}, frames: []int{1, 2}, snapshot: on("eth0", "eth1", 0)},
		{rule: "INF-02", name: "on a VLAN", says: []string{"on eth0, their responses on eth0 VLAN 7"}, snapshot: on("eth0", "eth0", 7)},
		{rule: "INF-02", name: "on one interface", silent: true, snapshot: on("eth0", "eth0", 0)},
	}
}

func captureScenarios() []scenario {
	outages := func(n int, apart int64) *correlate.Snapshot {
		s := snapshotOf(correlate.Input{})
		for i := range n {
			at := 10e9 + int64(i)*apart
			s.Streams = append(s.Streams, &correlate.Stream{ID: i + 1, Src: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 4000),
				Quality: quality.Report{Outages: []quality.Outage{{Start: at, End: at + 3e8, Lost: 15}}}})
		}
		return s
	}
	receiver := func(reported int32) *correlate.Snapshot {
		s := snapshotOf(correlate.Input{})
		s.Streams = []*correlate.Stream{{ID: 1, Quality: quality.Report{Expected: 1000, Lost: 50},
			Control: &correlate.Control{Received: correlate.ReceiverControl{Reports: 5, CumulativeLost: reported, Last: 9e9}}}}
		return s
	}
	stats := func(f func(*decode.Stats)) correlate.Input {
		in := correlate.Input{Frames: 1000}
		f(&in.Decode)
		return in
	}
	return []scenario{
		{rule: "INF-03", name: "drops that were counted", severity: "warning", confidence: "proven", count: 1, says: []string{"7 packets were dropped", "2 by the network interface"},
			snapshot: snapshotOf(correlate.Input{Dropped: correlate.Dropped{Kernel: 7, Interface: 2}})},
		{rule: "INF-03", name: "no drops", silent: true, snapshot: snapshotOf(correlate.Input{Frames: 10})},
		{rule: "INF-03", name: "acknowledged and never seen", confidence: "strong", count: 1, says: []string{"3 pieces were acknowledged"}, snapshot: snapshotOf(stats(func(d *decode.Stats) { d.Signalling.Unseen = 3 }))},
		{rule: "INF-03", name: "gaps that nobody acknowledged", silent: true, snapshot: snapshotOf(stats(func(d *decode.Stats) { d.Signalling.Gaps = 3 }))},
		{rule: "INF-03", name: "three senders at once", confidence: "strong", count: 1, says: []string{"3 senders"}, snapshot: outages(3, 20e6)},
		{rule: "INF-03", name: "two senders", silent: true, snapshot: outages(2, 20e6)},
		{rule: "INF-03", name: "one after the other", silent: true, snapshot: outages(5, 60e6)},
		{rule: "INF-03", name: "the receiver misses nothing", count: 1, says: []string{"50 packets (5.0 %) are missing here"}, snapshot: receiver(0)},
		{rule: "INF-03", name: "the receiver misses them too", silent: true, snapshot: receiver(50)},
		{rule: "INF-04", name: "set back", severity: "warning", confidence: "proven", count: 1, frames: []int{17}, says: []string{"1 time", "by 1:00 h back", "frame 17"},
			snapshot: snapshotOf(correlate.Input{Clock: correlate.ClockFaults{Steps: 1, Largest: -3600e9, FirstFrame: 17}})},
		{rule: "INF-04", name: "out of order only", silent: true, snapshot: snapshotOf(correlate.Input{Clock: correlate.ClockFaults{OutOfOrder: 9}})},
		{rule: "INF-05", name: "6 %", severity: "info", confidence: "proven", count: 1, says: []string{"60 of 1,000 frames (6.0 %)"}, snapshot: snapshotOf(stats(func(d *decode.Stats) { d.Duplicates = 60 }))},
		{rule: "INF-05", name: "5 %", silent: true, snapshot: snapshotOf(stats(func(d *decode.Stats) { d.Duplicates = 50 }))},
		{rule: "INF-06", name: "2 of 1000", severity: "warning", confidence: "proven", count: 1, says: []string{"2 of 1,000 SIP messages"}, snapshot: snapshotOf(correlate.Input{CutMessages: map[string]uint64{"snaplen": 2}})},
		{rule: "INF-06", name: "1 of 1000", silent: true, snapshot: snapshotOf(correlate.Input{CutMessages: map[string]uint64{"snaplen": 1}})},
		{rule: "INF-06", name: "cut by something else", silent: true, snapshot: snapshotOf(correlate.Input{CutMessages: map[string]uint64{"tcp_gap": 500}})},
	}
}

func connectionScenarios() []scenario {
	connections := func(n int, requests uint64, change func(*decode.TCPConnection)) *correlate.Snapshot {
		in := correlate.Input{}
		for i := range n {
			c := decode.TCPConnection{
				Client: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), uint16(30000+i)), Server: netip.MustParseAddrPort("192.0.2.2:5060"),
				FirstFrame: i + 1, First: int64(i) * 1e9, SYNs: 1, SIP: true,
			}
			c.FromClient.Requests = requests
			if change != nil {
				change(&c)
			}
			in.Connections = append(in.Connections, c)
		}
		return snapshotOf(in)
	}
	return []scenario{
		{rule: "INF-08", name: "one for each request", severity: "warning", confidence: "proven", count: 1, says: []string{"192.0.2.1 made 12 connections to 192.0.2.2 for 12 requests"}, snapshot: connections(12, 1, nil)},
		{rule: "INF-08", name: "five requests on each", silent: true, snapshot: connections(12, 5, nil)},
		{rule: "INF-08", name: "a few", silent: true, snapshot: connections(9, 1, nil)},
		{rule: "INF-08", name: "whose beginning was not seen", silent: true, snapshot: connections(12, 1, func(c *decode.TCPConnection) { c.SYNs = 0 })},
		{rule: "INF-09", name: "no room for two seconds", severity: "warning", confidence: "proven", count: 1, says: []string{"192.0.2.2:5060 could take nothing from 192.0.2.1:30000 for 2.0 s"},
			snapshot: connections(1, 1, func(c *decode.TCPConnection) { c.FromServer.ZeroWindow = 2e9 })},
		{rule: "INF-09", name: "for half a second", silent: true, snapshot: connections(1, 1, func(c *decode.TCPConnection) { c.FromServer.ZeroWindow = 5e8 })},
		{rule: "INF-09", name: "4 % sent again", count: 1, says: []string{"192.0.2.1:30000 sent 8 of 200 segments to 192.0.2.2:5060 again (4.0 %)"},
			snapshot: connections(1, 1, func(c *decode.TCPConnection) { c.FromClient.Segments, c.FromClient.Retransmitted = 200, 8 })},
		{rule: "INF-09", name: "3 %", silent: true, snapshot: connections(1, 1, func(c *decode.TCPConnection) { c.FromClient.Segments, c.FromClient.Retransmitted = 200, 6 })},
		{rule: "INF-09", name: "of a few", silent: true, snapshot: connections(1, 1, func(c *decode.TCPConnection) { c.FromClient.Segments, c.FromClient.Retransmitted = 50, 9 })},
	}
}

func translationScenarios() []scenario {
	register := func(host, more string) string {
		return host + `
			0.0 A>B REGISTER 1 contact=alice@10.0.0.5
			0.1 B>A 200 REGISTER 1 contact=alice@10.0.0.5 +Expires:3600
			` + more
	}
	return []scenario{
		{rule: "INF-10", name: "a minute of silence", severity: "info", confidence: "proven", count: 1, says: []string{"its Contact says 10.0.0.5", "60.0 s"},
			script: register("", "60.1 B>A OPTIONS 1 id=o\n60.2 A>B 200 OPTIONS 1 id=o\n")},
		{rule: "INF-10", name: "keep-alives in between", silent: true, script: register("", "20 A>B udp 5060 5060 \r\n\r\n\n40 A>B udp 5060 5060 jaK\n55 B>A OPTIONS 1 id=o\n")},
		{rule: "INF-10", name: "not behind a router", silent: true, script: `
			0.0 A>B REGISTER 1 contact=alice@192.0.2.65
			0.1 B>A 200 REGISTER 1 contact=alice@192.0.2.65
			90 B>A OPTIONS 1 id=o`},
		{rule: "INF-10", name: "within its own network", silent: true, script: register("host A 10.0.0.5", "90 B>A OPTIONS 1 id=o\n")},
	}
}

// Where signalling or speech is marked otherwise, that can be said.
func TestMarkingLists(t *testing.T) {
	sip := &correlate.Snapshot{Calls: []*correlate.Call{(&correlate.Call{Index: 1}).WithMessages([]*correlate.Message{
		{Frame: 1, Nanos: 1e9, Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"), Method: "OPTIONS", DSCP: 32},
	})}}
	speech := scene.Play(t, call(22.2, "2.05 A>B rtp 1000 dscp=34\n2.05 B>A rtp 1000 dscp=34\n"))
	for _, c := range []struct {
		code, value string
		snap        *correlate.Snapshot
		want        int
	}{
		{"INF-11", "24,26,40,46", sip, 1}, {"INF-11", "+32", sip, 0}, {"INF-11", "32", sip, 0}, {"INF-11", "3", sip, 1},
		{"MED-23", "46", speech, 1}, {"MED-23", "+34", speech, 0}, {"MED-23", "34", speech, 0},
	} {
		var o Options
		if err := o.Set(c.code+".dscp", c.value); err != nil {
			t.Fatal(err)
		}
		if found := of(New(o), c.snap, c.code); len(found) != c.want {
			t.Errorf("%s.dscp=%s: %d findings, want %d", c.code, c.value, len(found), c.want)
		}
	}
}

func sipMarkingScenarios() []scenario {
	as := func(dscp uint8, agent bool) *correlate.Snapshot {
		return &correlate.Snapshot{Calls: []*correlate.Call{(&correlate.Call{Index: 1}).WithMessages([]*correlate.Message{
			{Frame: 1, Nanos: 1e9, Src: netip.MustParseAddrPort("192.0.2.1:5060"), Dst: netip.MustParseAddrPort("192.0.2.2:5060"), Method: "OPTIONS", DSCP: dscp, Agent: agent},
		})}}
	}
	return []scenario{
		{rule: "INF-11", name: "not at all", severity: "info", confidence: "proven", count: 1, says: []string{"192.0.2.1 is not marked at all (DSCP 0)"}, frames: []int{1}, snapshot: as(0, false)},
		{rule: "INF-11", name: "as best effort of another kind", says: []string{"DSCP 8"}, snapshot: as(8, false)},
		{rule: "INF-11", name: "CS3", silent: true, snapshot: as(24, false)},
		{rule: "INF-11", name: "reported by an agent", silent: true, snapshot: as(0, true)},
		{rule: "INF-11", name: "within one machine", silent: true, snapshot: &correlate.Snapshot{Calls: []*correlate.Call{(&correlate.Call{Index: 1}).WithMessages([]*correlate.Message{
			{Frame: 1, Nanos: 1e9, Src: netip.MustParseAddrPort("127.0.0.1:5061"), Dst: netip.MustParseAddrPort("127.0.0.1:5060"), Method: "OPTIONS"},
		})}}},
	}
}

// What belongs to one time is told once, though three signs say it.
func TestCaptureLossOnce(t *testing.T) {
	s := snapshotOf(correlate.Input{Dropped: correlate.Dropped{Kernel: 1}, Decode: decode.Stats{Signalling: decode.SignallingStats{Unseen: 3}}})
	if found := of(New(Options{}), s, "INF-03"); len(found) != 1 {
		t.Errorf("%d findings", len(found))
	}
}

// A list of words can be replaced and added to.
func TestLists(t *testing.T) {
	script := "0 A>B OPTIONS 1 +User-Agent:MyProbe/1\n"
	for value, want := range map[string]int{"myprobe": 1, "+myprobe": 1, "other": 0} {
		var o Options
		if err := o.Set("SEC-01.names", value); err != nil {
			t.Fatal(err)
		}
		if found := of(New(o), scene.Play(t, script), "SEC-01"); len(found) != want {
			t.Errorf("%s: %d findings, want %d", value, len(found), want)
		}
	}
}
