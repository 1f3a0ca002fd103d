package diagnosis

func protectionScenarios() []scenario {
	const crypto = "pcmu,proto:RTP/SAVP,crypto"
	return []scenario{
		{rule: "MED-25", name: "a key that does not fit", severity: "info", confidence: "proven", count: 1, says: []string{"2 streams of this call cannot be opened", "does not fit"},
			script: callOf(crypto, crypto, 22.2, "2.05 A>B rtp 1000 size=170\n2.05 B>A rtp 1000 size=170\n")},
		{rule: "MED-25", name: "keys in SDP", capture: "../../pcaps/srtp-sdes.pcap", silent: true},
		{rule: "MED-25", name: "plain", silent: true, script: call(22.2, bothTalk)},

		{rule: "MED-26", name: "the caller encrypts", severity: "critical", confidence: "proven", count: 1, says: []string{"The caller sends encrypted audio (each packet is 10 octets longer", "the callee sends plain audio"},
			script: call(22.2, "2.05 A>B rtp 1000 size=170\n2.05 B>A rtp 1000\n")},
		{rule: "MED-26", name: "by the descriptions", says: []string{"RTP/SAVP", "RTP/AVP"}, script: callOf(crypto, "pcmu", 22.2, "")},
		{rule: "MED-26", name: "both encrypt", silent: true, script: callOf(crypto, crypto, 22.2, "2.05 A>B rtp 1000 size=170\n2.05 B>A rtp 1000 size=170\n")},
		{rule: "MED-26", name: "left open, and not used", silent: true, script: callOf("pcmu,crypto", "pcmu", 22.2, bothTalk)},
		{rule: "MED-26", name: "packets of 30 ms one way", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 660 every=30 size=240\n")},
	}
}
