package diagnosis

func transferScenarios() []scenario {
	return []scenario{
		{rule: "SIG-33", name: "real programs", severity: "error", capture: "../../pcaps/transfers.pcap"},
		{rule: "SIG-33", name: "refused", confidence: "proven", says: []string{"The transfer to carol was refused with 603"}, script: established + `
		5.0 B>A REFER 1 +Refer-To:<sip:carol@example.org>
		5.1 A>B 603 REFER 1`},
		{rule: "SIG-33", name: "reported as busy", says: []string{"failed with 486"}, script: established + `
		5.0 B>A REFER 1 +Refer-To:<sip:carol@example.org>
		5.1 A>B 202 REFER 1
		6.0 A>B NOTIFY 2 +Event:refer +Subscription-State:terminated body=message/sipfrag:SIP/2.0_486_Busy_Here|
		6.1 B>A 200 NOTIFY 2`},
		{rule: "SIG-33", name: "nothing heard", confidence: "strong", says: []string{"nothing more was heard"}, script: established + `
		5.0 B>A REFER 1 +Refer-To:<sip:carol@example.org>
		5.1 A>B 202 REFER 1
		30 A>B OPTIONS 1 id=o
		30.1 B>A 200 OPTIONS 1 id=o
		60 end`},
		{rule: "SIG-33", name: "Replaces of nothing", says: []string{"was refused with 481"}, script: `
		0.0 A>B INVITE 1 sdp +Replaces:gone;to-tag=1;from-tag=2
		0.1 B>A 481 INVITE 1
		0.2 A>B ACK 1 nack`},
		{rule: "SIG-33", name: "works", silent: true, capture: "../../pcaps/transferred.pcap"},
		{rule: "SIG-33", name: "the capture ends too soon", silent: true, script: established + `
		5.0 B>A REFER 1 +Refer-To:<sip:carol@example.org>
		5.1 A>B 202 REFER 1
		20 end`},

		{rule: "SIG-34", name: "no music", severity: "warning", confidence: "suspect", says: []string{"after 20.0 s of silence"}, script: established + `
		0.2 A>B rtp 240
		0.2 B>A rtp 240
		5.0 B>A INVITE 1 sdp=sendonly
		5.1 A>B 200 INVITE 1 sdp=recvonly
		5.2 B>A ACK 1
		25.1 A>B BYE 2
		25.2 B>A 200 BYE 2`},
		{rule: "SIG-34", name: "the resume failed", says: []string{"taking it back failed with 500"}, script: established + `
		5.0 B>A INVITE 1 sdp=sendonly
		5.1 A>B 200 INVITE 1 sdp=recvonly
		5.2 B>A ACK 1
		10.0 B>A INVITE 2 sdp
		10.1 A>B 500 INVITE 2
		10.2 B>A ACK 2 nack
		99.1 A>B BYE 2
		99.2 B>A 200 BYE 2`},
		{rule: "SIG-34", name: "the holder hangs up", silent: true, script: established + `
		0.2 A>B rtp 240
		0.2 B>A rtp 240
		5.0 B>A INVITE 1 sdp=sendonly
		5.1 A>B 200 INVITE 1 sdp=recvonly
		5.2 B>A ACK 1
		25.0 B>A BYE 2
		25.1 A>B 200 BYE 2`},
		{rule: "SIG-34", name: "music", silent: true, script: established + `
		0.2 A>B rtp 240
		0.2 B>A rtp 1200
		5.0 B>A INVITE 1 sdp=sendonly
		5.1 A>B 200 INVITE 1 sdp=recvonly
		5.2 B>A ACK 1
		25.0 A>B BYE 2
		25.1 B>A 200 BYE 2`},
	}
}
