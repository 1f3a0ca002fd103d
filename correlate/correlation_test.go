package correlate

import (
	"testing"

	"sipsniff/decode/rtp"
)

// RTCP of an agent belongs to the call that the agent names, also when no
// description has its addresses and whichever comes first.
func TestCorrelatedControl(t *testing.T) {
	const from, to = "203.0.113.7:30001", "203.0.113.8:40001"
	for _, first := range []bool{false, true} {
		tr := NewTracker(Config{})
		report := func(seconds float64, callID string) {
			b := rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{{SSRC: 1, FractionLost: 64, CumulativeLost: 25, Highest: 100, Jitter: 80}}}.octets()
			p := (&scene{t: t}).packet(from, to, at(seconds), b)
			p.Agent, p.Correlation = 1, []byte(callID)
			tr.Datagram(p)
			copy(p.Correlation, "overwritten, because it was borrowed")
		}
		if first {
			report(-1, "call")
		}
		parseScript(t, "0.0 A>B INVITE 1\n0.1 B>A 200 INVITE 1\n0.2 A>B ACK 1").play(t, tr)
		if !first {
			report(1, "call")
		}
		report(2, "another")
		tr.Flush()
		s := tr.Publish()
		if len(s.Streams) != 1 || s.Totals.RTCPPackets != 1 || s.Totals.Streams != 0 {
			t.Fatalf("first %v: %d streams, totals %+v", first, len(s.Streams), s.Totals)
		}
		st := s.Streams[0]
		if st.Call == nil || st.Call.CallID != "call" || st.SSRC != 1 || st.Src.String() != "203.0.113.8:40000" || st.Dst.String() != "203.0.113.7:30000" {
			t.Errorf("first %v: stream %+v", first, st)
		}
		if c := st.Control; c == nil || !c.Only || c.Received.Fraction != 0.25 || c.Received.HasJitter {
			t.Errorf("first %v: control %+v", first, c)
		}
		if ids := s.Calls[0].StreamIDs; len(ids) != 1 || ids[0] != st.ID {
			t.Errorf("first %v: the call has the streams %v", first, ids)
		}
	}
}
