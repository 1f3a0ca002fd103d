package correlate

import (
	"testing"

	"sipsniff/decode/rtp"
)

// FuzzControl plays RTCP of strangers, both ways, beside a stream and a call
// without one. Nothing grows without bound, and no figure is beyond reason.
func FuzzControl(f *testing.F) {
	block := rtp.ReportBlock{SSRC: 1, FractionLost: 12, CumulativeLost: -2, Highest: 149, Jitter: 80, LastSR: 0xB2C38000, Delay: 4096}
	sr := rtcpReport{ssrc: 1, ntp: 0xE5A1B2C380000000, packets: 50}.octets()
	rr := rtcpReport{ssrc: 2, blocks: []rtp.ReportBlock{block, {SSRC: 9, Highest: 5}}}.octets()
	f.Add(sr, rr)
	f.Add(append(sr, "\x81\xCA\x00\x03\x00\x00\x00\x01\x01\x03a@b\x00\x00\x00"...), append(rr, "\x81\xCB\x00\x01\x00\x00\x00\x02"...))
	f.Add([]byte("\x80\xCF\x00\x04\x00\x00\x00\x01\x04\x00\x00\x02\xE5\xA1\xB2\xC3\x80\x00\x00\x00"),
		[]byte("\x80\xCF\x00\x05\x00\x00\x00\x02\x05\x00\x00\x03\x00\x00\x00\x01\xB2\xC3\x80\x00\x00\x00\x20\x00"))
	f.Add(sr, []byte("\x84\xCE\x00\x04\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		s := &scene{t: t, table: newStreamTable(0)}
		s.described()
		m := &source{src: alice, dst: bob, ssrc: 1, sequence: 100}
		s.talk(m, sec, 50)
		for i := range int64(3) {
			s.reports(aliceControl, bobControl, (3+i)*sec, one)
			s.reports(bobControl, aliceControl, (3+i)*sec+40*msec, two)
			s.talk(m, (3+i)*sec+100*msec, 20)
		}
		streams := s.table.publish()
		if len(streams) > maxReported+1 || s.table.reporting > maxReported+1 || len(s.table.early.ring) > maxEarlyControls {
			t.Fatalf("%d streams, %d with reports", len(streams), s.table.reporting)
		}
		for _, st := range streams {
			c := st.Control
			if c == nil {
				continue
			}
			if percent, ok := c.Received.Percent(); ok && (percent < 0 || percent > 100) || c.Trip.Total > 2*maxTrip || c.Received.Jitter > 2000 || len(c.CNAME) > maxControlText {
				t.Fatalf("%+v", c)
			}
		}
	})
}
