package diagnosis

import (
	"fmt"
	"strings"

	"sipsniff/decode/dtls/dtlstest"
)

func mediaPathScenarios() []scenario {
	const ice = "pcmu,attr:ice-ufrag:abcd,attr:candidate:1_1_UDP_1_192.0.2.65_4000_typ_host"
	request, success := "000100082112a442000102030405060708090a0b00060004613a6220", "010100002112a442000102030405060708090a0b"
	checks := func(way string, n int, message string) (lines string) {
		for i := range n {
			lines += fmt.Sprintf("%.2f %s hex 4000 4000 %s\n", 2.1+float64(i)*0.5, way, message)
		}
		return lines
	}
	hello := fmt.Sprintf("%x", dtlstest.Whole(1, 0, dtlstest.ClientHello(0x40, 1)))
	answer := fmt.Sprintf("%x", dtlstest.Whole(2, 0, dtlstest.ServerHelloMKI(0x80, 0xC02B, nil, 1)))
	certificate := fmt.Sprintf("%x", dtlstest.Whole(11, 1, dtlstest.Certificate([]byte("another"))))
	const alert = "15fefd000000000000000900020228"
	const secure = "pcmu,proto:UDP/TLS/RTP/SAVPF,attr:setup:actpass,attr:fingerprint:sha-256_" + "AA:BB"
	return []scenario{
		{rule: "MED-35", name: "no answer on any pair", severity: "critical", confidence: "strong", count: 1, says: []string{"1 pair of addresses with 8 checks"}, script: callOf(ice, ice, 22.2, checks("A>B", 8, request))},
		{rule: "MED-35", name: "one answer", silent: true, script: callOf(ice, ice, 22.2, checks("A>B", 8, request)+"4.0 B>A hex 4000 4000 "+success+"\n")},
		{rule: "MED-35", name: "three checks", silent: true, script: callOf(ice, ice, 22.2, checks("A>B", 3, request))},
		{rule: "MED-35", name: "media flow all the same", silent: true, script: callOf(ice, ice, 22.2, checks("A>B", 8, request)+bothTalk)},

		{rule: "MED-36", name: "no answer", severity: "critical", confidence: "proven", count: 1, says: []string{"The caller began the DTLS handshake 3 times", "the callee did not answer"}, script: callOf(secure, secure, 22.2, checks("A>B", 3, hello))},
		{rule: "MED-36", name: "an alert", says: []string{"handshake failure"}, script: callOf(secure, secure, 22.2, checks("A>B", 1, hello)+"2.2 B>A hex 4000 4000 "+alert+"\n")},
		{rule: "MED-36", name: "another certificate", says: []string{"The certificate that the callee shows"},
			script: callOf(secure, strings.Replace(secure, "AA:BB", "CC:DD", 1), 22.2, checks("A>B", 1, hello)+"2.2 B>A hex 4000 4000 "+answer+"\n2.21 B>A hex 4000 4000 "+certificate+"\n")},
		{rule: "MED-36", name: "two hellos", silent: true, script: callOf(secure, secure, 22.2, checks("A>B", 2, hello))},
		{rule: "MED-36", name: "answered", silent: true, script: callOf(secure, secure, 22.2, checks("A>B", 3, hello)+"3.5 B>A hex 4000 4000 "+answer+"\n")},
		{rule: "MED-36", name: "DTLS that works", capture: "../../pcaps/srtp-dtls.pcap", silent: true},
	}
}
