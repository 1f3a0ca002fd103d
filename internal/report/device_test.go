package report

import (
	"bytes"
	"net/netip"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode/vq"
)

func TestDeviceReports(t *testing.T) {
	phone := netip.MustParseAddrPort("192.0.2.1:5060")
	voice, _ := vq.Parse("VQSessionReport: CallTerm\nCallID: a\nRemoteAddr: IP=192.0.2.2 PORT=5000 SSRC=2\nLocalMetrics:\nPacketLoss:NLR=5.0 JDR=2\nQualityEst:MOSLQ=4.3\n")
	alert, _ := vq.Parse("VQAlertReport: Type=NLR \x1b[31m\nCallID: a\n")
	stat, _ := vq.ParseStat("PS=10,PL=1,JI=3,EN=PCMU")
	list := []*correlate.DeviceReport{
		{Source: "vq-rtcpxr", Frame: 7, Nanos: 1e18, Src: phone, StreamID: 2, Report: &voice},
		{Source: "vq-rtcpxr", Frame: 8, Nanos: 1e18, Src: phone, Report: &alert},
		{Source: "p-rtp-stat", Frame: 9, Nanos: 1e18, Src: phone, HasCaller: true, FromCaller: true, Stat: &stat},
	}
	var b bytes.Buffer
	writeDeviceReports(&b, &correlate.Snapshot{Calls: []*correlate.Call{{Index: 3, DeviceReports: list}}})
	const text = "\nReported by devices and agents:\n" +
		"call 3, vq-rtcpxr session of 192.0.2.1:5060 on stream 2: lost 5 %, discarded 2 %, MOS-LQ 4.3\n" +
		"call 3, vq-rtcpxr alert of 192.0.2.1:5060: Type=NLR ␛[31m\n" +
		"call 3, p-rtp-stat of 192.0.2.1:5060: packets sent 10, lost 1, jitter 3\n"
	if b.String() != text {
		t.Errorf("text\n%q, want\n%q", b.String(), text)
	}
	const at = `"at":"2001-09-09T01:46:40.000000000Z",`
	const want = `[{"source":"vq-rtcpxr","basis":"device","kind":"session","detail":"CallTerm",` + at + `"frame":7,"sender":"192.0.2.1:5060","stream_id":2,` +
		`"call_id":"a","remote":"192.0.2.2:5000","ssrc":"0x00000002","metrics":{"discard_percent":2,"loss_percent":5,"mos_lq":4.3}},` +
		`{"source":"p-rtp-stat","basis":"device",` + at + `"frame":9,"sender":"192.0.2.1:5060","side":"caller","metrics":{"encoder":"PCMU","jitter":3,"packets_lost":1,"packets_sent":10}}]`
	if got := marshal(t, newDeviceReports([]*correlate.DeviceReport{list[0], list[2]})); got != want {
		t.Errorf("JSON\n%s, want\n%s", got, want)
	}
}
