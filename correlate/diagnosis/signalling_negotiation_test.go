package diagnosis

func negotiationScenarios() []scenario {
	return []scenario{
		{rule: "SIG-11", name: "488 to the first offer", severity: "error", confidence: "proven", count: 1, frames: []int{1, 3},
			says: []string{"audio with G729, GSM over RTP/AVP", "488 Not Acceptable Here"},
			script: `
				0.000 A>B INVITE 1 sdp=g729,gsm
				0.010 B>A 100 INVITE 1
				0.050 B>A 488 INVITE 1 reason=Not_Acceptable_Here
				0.051 A>B ACK 1 nack`},
		{rule: "SIG-11", name: "the far hop made it", severity: "error", count: 1, frames: []int{2, 3},
			script: `
				0.000 A>P INVITE 1 sdp=g729
				0.001 P>B INVITE 1 sdp=g729
				0.050 B>P 488 INVITE 1
				0.051 P>B ACK 1 nack
				0.052 P>A 488 INVITE 1
				0.053 A>P ACK 1 nack`},
		{rule: "SIG-11", name: "a Warning in another refusal", says: []string{"a media format is not available there (Warning 305)"},
			script: `
				0.000 A>B INVITE 1 sdp=g729
				0.050 B>A 406 INVITE 1 +Warning:305_example.org_"Incompatible_media_format"
				0.051 A>B ACK 1 nack`},
		{rule: "SIG-11", name: "re-INVITE with T.38 refused", severity: "warning", says: []string{"T.38 was refused with 488", "G.711 (PCMU)"},
			script: `
				0.000 A>B INVITE 1 sdp
				0.050 B>A 200 INVITE 1 sdp
				0.060 A>B ACK 1
				5.000 B>A INVITE 1 sdp=t38
				5.050 A>B 488 INVITE 1
				5.060 B>A ACK 1 nack
				9.000 A>B BYE 2
				9.050 B>A 200 BYE 2`},
		{rule: "SIG-11", name: "changes", capture: "../../pcaps/changes.pcap", severity: "warning"},
		{rule: "SIG-12", name: "another codec", severity: "error", confidence: "proven", frames: []int{1, 2}, says: []string{"none of the codecs of the answer, G729, is in the offer"}, script: `
				0.000 A>B INVITE 1 sdp=pcmu,pcma
				0.050 B>A 200 INVITE 1 sdp=g729
				0.060 A>B ACK 1`},
		{rule: "SIG-12", name: "a line more", says: []string{"the answer has 2 media lines, the offer 1"}, script: `
				0.000 A>B INVITE 1 sdp=pcmu
				0.050 B>A 200 INVITE 1 sdp=pcmu,video
				0.060 A>B ACK 1`},
		{rule: "SIG-12", name: "direction", says: []string{"audio offered as sendonly was answered as sendonly"}, script: `
				0.000 A>B INVITE 1 sdp=pcmu,sendonly
				0.050 B>A 200 INVITE 1 sdp=pcmu,sendonly
				0.060 A>B ACK 1`},
		{rule: "SIG-12", name: "no answer", severity: "error", says: []string{"missing answer"}, script: `
				0.000 A>B INVITE 1 sdp=pcmu
				0.050 B>A 200 INVITE 1
				0.060 A>B ACK 1`},
		{rule: "SIG-12", name: "late offer without answer", says: []string{"missing answer"}, script: `
				0.000 A>B INVITE 1
				0.050 B>A 200 INVITE 1 sdp
				0.060 A>B ACK 1`},
		{rule: "SIG-12", name: "only in the 183", severity: "warning", script: `
				0.000 A>B INVITE 1 sdp=pcmu
				0.050 B>A 183 INVITE 1 sdp
				0.060 B>A 200 INVITE 1
				0.070 A>B ACK 1`},
		{rule: "SIG-12", name: "one more codec, late offer, hold", silent: true, script: `
				0.000 A>B INVITE 1
				0.050 B>A 200 INVITE 1 sdp=pcmu
				0.060 A>B ACK 1 sdp=pcmu,dtmf
				5.000 B>A INVITE 1 sdp=sendonly
				5.050 A>B 200 INVITE 1 sdp=recvonly
				5.060 B>A ACK 1
				6.000 A>B UPDATE 2 to=b
				6.050 B>A 200 UPDATE 2`},
		{rule: "SIG-12", name: "real programs", silent: true, capture: "../../pcaps/changes.pcap"},
		{rule: "SIG-11", name: "busy", silent: true, script: `
				0.000 A>B INVITE 1 sdp=g729
				0.050 B>A 486 INVITE 1
				0.051 A>B ACK 1 nack`},
		{rule: "SIG-11", name: "a Warning about something else", silent: true, script: `
				0.000 A>B INVITE 1 sdp=g729
				0.050 B>A 403 INVITE 1 +Warning:399_example.org_"no_codec_for_you"
				0.051 A>B ACK 1 nack`},
		{rule: "SIG-11", name: "488 to SUBSCRIBE", silent: true, script: `
				0.000 A>B SUBSCRIBE 1 +Event:presence
				0.050 B>A 488 SUBSCRIBE 1`},
	}
}
