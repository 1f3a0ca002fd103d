package diagnosis

func secrecyScenarios() []scenario {
	return []scenario{
		{rule: "SEC-09", name: "over UDP", severity: "warning", confidence: "proven", count: 1, frames: []int{1}, says: []string{"192.0.2.65:5060 sent the keys of the audio", "udp"}, script: `
			0.0 A>B INVITE 1 sdp=pcmu,crypto,proto:RTP/SAVP
			0.5 B>A 200 INVITE 1 sdp=pcmu,crypto,proto:RTP/SAVP
			0.6 A>B ACK 1`},
		{rule: "SEC-09", name: "without keys", silent: true, script: answeredCall},
		{rule: "SEC-09", name: "within TLS", silent: true, capture: "../../pcaps/srtp-sdes-tls.pcap"},
	}
}
