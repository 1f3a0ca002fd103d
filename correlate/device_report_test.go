package correlate

import (
	"strings"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// publishes is a PUBLISH whose body reports on the call "call".
func publishes(t *testing.T, tr *Tracker, seconds float64, callID, about, loss string) {
	t.Helper()
	body := "VQSessionReport: CallTerm\r\nCallID: " + about + "\r\nLocalAddr: IP=192.0.2.66 PORT=4000 SSRC=2\r\nRemoteAddr: IP=192.0.2.65 PORT=4000 SSRC=1\r\n" +
		"LocalMetrics:\r\nPacketLoss:NLR=" + loss + " JDR=2.0\r\n"
	lineOf(t, tr, seconds, "PUBLISH sip:collector@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bK-"+callID+loss+"\r\n"+
		"From: <sip:bob@example.org>;tag=p\r\nTo: <sip:collector@example.org>\r\nCall-ID: "+callID+"\r\nCSeq: 1 PUBLISH\r\nEvent: vq-rtcpxr\r\n"+
		"Content-Type: application/vq-rtcpxr\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func lineOf(t *testing.T, tr *Tracker, seconds float64, text string) {
	t.Helper()
	m, err := sip.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	tr.Message(&decode.Packet{Frame: int(seconds * 1000), Nanos: at(seconds), LastNanos: at(seconds), Src: scriptAddr("B"), Dst: scriptAddr("P")}, m)
}

const answeredCall = `
	0.0 A>B INVITE 1 sdp
	0.1 B>A 200 INVITE 1 sdp
	0.2 A>B ACK 1
	9.0 A>B BYE 2 +P-RTP-Stat:PS=10,PR=9,PL=1,JI=3
	9.1 B>A 200 BYE 2 +X-RTP-Stat:PS=9;PR=10;PL=0,0`

func callNamed(t *testing.T, s *Snapshot, id string) *Call {
	t.Helper()
	for _, c := range s.Calls {
		if c.CallID == id {
			return c
		}
	}
	t.Fatalf("no call %s", id)
	return nil
}

// The report, in whatever order it comes, belongs to the call that it names.
func TestDeviceReports(t *testing.T) {
	for _, before := range []bool{false, true} {
		tr := NewTracker(Config{})
		if before {
			publishes(t, tr, 9.5, "other", "call", "5.0")
			if got := callNamed(t, tr.Publish(), "other").DeviceReports; len(got) != 1 {
				t.Errorf("%d reports wait for their call", len(got))
			}
		}
		parseScript(t, answeredCall).play(t, tr)
		for i := range 20 { // Alice's, which Bob measured
			m := &source{src: "192.0.2.65:4000", dst: "192.0.2.66:4000", ssrc: 1, sequence: uint16(i)}
			p := (&scene{t: t}).packet(m.src, m.dst, at(1)+int64(i)*20*msec, rtpPacket(m, 160))
			tr.Datagram(p)
		}
		if !before {
			publishes(t, tr, 9.5, "other", "call", "5.0")
			publishes(t, tr, 9.6, "other", "call", "5.0") // on another hop
		}
		tr.Flush()
		s := tr.Publish()
		if got := callNamed(t, s, "other").DeviceReports; got != nil {
			t.Errorf("before %v: the PUBLISH has %d reports", before, len(got))
		}
		got := callNamed(t, s, "call").DeviceReports
		if len(got) != 3 || got[0].Source != "p-rtp-stat" || got[1].Source != "x-rtp-stat" || got[2].Source != "vq-rtcpxr" {
			t.Fatalf("before %v: %d reports", before, len(got))
		}
		if !got[0].FromCaller || got[1].FromCaller || got[0].Stat.Numbers["packets_lost"] != 1 || got[1].Stat.Numbers["packets_received"] != 10 {
			t.Errorf("statistics %+v, %+v", got[0], got[1])
		}
		if got[2].Report.LocalMetrics.Numbers["loss_percent"] != 5 || got[2].StreamID != 1 || got[1].StreamID != 1 || got[0].StreamID != 0 {
			t.Errorf("report %+v, streams %d, %d", got[2], got[1].StreamID, got[0].StreamID)
		}
	}
}

func TestDeviceReportsAreBounded(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, answeredCall).play(t, tr)
	for i := range 100 {
		publishes(t, tr, 10+float64(i)/100, "other", "call", strings.Repeat("1", 1+i%2)+"."+itoa(i))
	}
	for i := range 300 {
		publishes(t, tr, 20+float64(i)/100, "lost"+itoa(i), "nobody"+itoa(i), "1")
	}
	c := callNamed(t, tr.Publish(), "call")
	if len(c.DeviceReports) != maxDeviceReports || c.DeviceReports[0].Source != "vq-rtcpxr" {
		t.Errorf("%d reports, the first %s", len(c.DeviceReports), c.DeviceReports[0].Source)
	}
	if len(tr.pending.ring) != maxPendingReports {
		t.Errorf("%d wait for their call", len(tr.pending.ring))
	}
}

// An agent reports every few seconds on a stream that nobody else saw. The
// latest report counts, wherever its call comes.
func TestQualityOfAgents(t *testing.T) {
	quality := func(tr *Tracker, seconds float64, text string) bool {
		p := (&scene{t: t}).packet(alice, bob, at(seconds), []byte(text))
		p.Agent, p.Correlation = 1, []byte("call")
		return tr.Quality(p)
	}
	const one, two = `{"SSRC":1,"TOTAL_PK":100,"PACKET_LOSS":1,"MOS":4.3}`, `{"SSRC":1,"TOTAL_PK":200,"PACKET_LOSS":9,"MOS":4.0}`
	for _, before := range []bool{false, true} {
		tr := NewTracker(Config{})
		if before && !(quality(tr, -2, one) && quality(tr, -1, two)) {
			t.Error("no quality report")
		}
		parseScript(t, answeredCall).play(t, tr)
		if !before && !(quality(tr, 3, one) && quality(tr, 4, two)) {
			t.Error("no quality report")
		}
		if quality(tr, 5, `{"LOG":"text"}`) {
			t.Error("a text without figures is a report")
		}
		var found []*DeviceReport
		for _, d := range onlyCall(t, tr.Publish()).DeviceReports {
			if d.Source == "hep-report" {
				found = append(found, d)
			}
		}
		if len(found) != 1 || found[0].Report.LocalMetrics.Numbers["packets_lost"] != 9 || found[0].Report.Remote.Addr.String() != alice {
			t.Errorf("before %v: %d reports", before, len(found))
		}
	}
}
