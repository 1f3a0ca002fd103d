package diagnosis

func cancelScenarios() []scenario {
	const ringing = `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 180 INVITE 1`
	const answeredTwice = `
		0.00 A>P INVITE 1 sdp
		0.01 P>B INVITE 1 sdp branch=z9hG4bKb
		0.01 P>C INVITE 1 sdp branch=z9hG4bKc
		1.00 B>P 200 INVITE 1 sdp branch=z9hG4bKb
		1.01 P>A 200 INVITE 1 sdp to=b
		1.02 A>P ACK 1 to=b
		1.03 P>B ACK 1
		1.10 C>P 200 INVITE 1 sdp branch=z9hG4bKc
		1.11 P>A 200 INVITE 1 sdp to=c
		1.12 A>P ACK 1 to=c
		1.13 P>C ACK 1`
	return []scenario{
		{rule: "SIG-17", name: "aaa.pcap, call 2", capture: "../../../shared/pcaps/files/c0032.pcap", severity: "warning", confidence: "strong", count: 1,
			says: []string{"11 CANCELs"}},
		{rule: "SIG-17", name: "no end of the INVITE", severity: "warning", confidence: "strong", says: []string{"gave up with a CANCEL", "did not end the INVITE in 32.0 s"}, script: ringing + `
		5.0 A>B CANCEL 1
		5.1 B>A 200 CANCEL 1
		60 end`},
		{rule: "SIG-17", name: "answered after it", severity: "error", confidence: "proven", says: []string{"answered 500 ms later with 200"}, script: ringing + `
		5.0 A>B CANCEL 1
		5.1 B>A 200 CANCEL 1
		5.5 B>A 200 INVITE 1 sdp
		5.6 A>B ACK 1
		60 end`},
		{rule: "SIG-17", name: "481 to the CANCEL", severity: "warning", confidence: "strong", says: []string{"it answered 481"}, script: ringing + `
		5.0 A>B CANCEL 1 branch=z9hG4bKother
		5.1 B>A 481 CANCEL 1 branch=z9hG4bKother
		9.0 B>A 486 INVITE 1
		9.1 A>B ACK 1 nack`},
		{rule: "SIG-17", name: "crossed, and hung up", silent: true, script: ringing + `
		5.0 A>B CANCEL 1
		5.1 B>A 200 INVITE 1 sdp
		5.2 B>A 200 CANCEL 1
		5.3 A>B ACK 1
		5.4 A>B BYE 2
		5.5 B>A 200 BYE 2
		60 end`},
		{rule: "SIG-17", name: "487", silent: true, capture: "../../pcaps/cancelled.pcap"},
		{rule: "SIG-17", name: "races of real programs", silent: true, capture: "../../pcaps/races.pcap"},

		{rule: "SIG-31", name: "the second stays open", severity: "warning", confidence: "strong", says: []string{"2 devices answered"}, script: answeredTwice + `
		60 end`},
		{rule: "SIG-31", name: "the second is ended", silent: true, script: answeredTwice + `
		1.2 A>P BYE 2 to=c
		1.3 P>C BYE 2
		1.4 C>P 200 BYE 2
		1.5 P>A 200 BYE 2 to=c
		60 end`},
		{rule: "SIG-31", name: "forks of real programs", silent: true, capture: "../../pcaps/forks.pcap"},
	}
}
