package diagnosis

func noAnswerScenarios() []scenario {
	const dead = `
		0.0 A>B INVITE 1 sdp
		0.5 A>B INVITE 1 sdp
		1.5 A>B INVITE 1 sdp
		3.5 A>B INVITE 1 sdp`
	return []scenario{
		{rule: "SIG-01", name: "no packet of the server at all", severity: "error", confidence: "suspect", count: 1, frames: []int{1, 2, 3, 4}, says: []string{"INVITE was sent 4 times to 192.0.2.66:5060", "in 3.5 s", "nobody answered"},
			script: dead + "\n10 end"},
		{rule: "SIG-01", name: "the server speaks otherwise", confidence: "strong", says: []string{"in 32.0 s"}, script: dead + `
		9.0 A>B OPTIONS 1 id=other
		9.1 B>A 200 OPTIONS 1 id=other
		40 end`},
		{rule: "SIG-01", name: "sent for 32 s", confidence: "strong", severity: "error", capture: "../../pcaps/timeout.pcap", says: []string{"INVITE was sent 7 times", "in 32.0 s"}},
		{rule: "SIG-01", name: "ICMP", confidence: "proven", frames: []int{1, 2}, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A icmp 3/3 1`},
		{rule: "SIG-01", name: "a real phone system that is not there", capture: "../../../shared/pcaps/files/c0032.pcap", silent: true},
		{rule: "SIG-01", name: "a late 100", silent: true, script: dead + `
		3.9 B>A 100 INVITE 1
		5.0 B>A 200 INVITE 1 sdp
		5.1 A>B ACK 1
		40 A>B BYE 2
		40.1 B>A 200 BYE 2`},
		{rule: "SIG-01", name: "the capture ends at once", silent: true, script: dead},
		{rule: "SIG-01", name: "the capture ends with the fifth", confidence: "strong", count: 1, says: []string{"INVITE was sent 5 times"}, script: `
		0.0 B>A OPTIONS 1 id=other
		0.1 A>B 200 OPTIONS 1 id=other` + dead + `
		7.5 A>B INVITE 1 sdp`},
		{rule: "SIG-01", name: "a fork to three ports of one host", count: 1, frames: []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13},
			says: []string{"INVITE was sent 4 times to 192.0.2.66:5060", "The same became of 2 more that went to the same host"}, script: `
		host C 192.0.2.66:5100
		host D 192.0.2.66:5200
		0.0 A>P INVITE 1 sdp
		0.1 P>B INVITE 1 sdp branch=z9hG4bKb
		0.1 P>C INVITE 1 sdp branch=z9hG4bKc
		0.1 P>D INVITE 1 sdp branch=z9hG4bKd
		0.6 P>B INVITE 1 sdp branch=z9hG4bKb
		0.6 P>C INVITE 1 sdp branch=z9hG4bKc
		0.6 P>D INVITE 1 sdp branch=z9hG4bKd
		1.6 P>B INVITE 1 sdp branch=z9hG4bKb
		1.6 P>C INVITE 1 sdp branch=z9hG4bKc
		1.6 P>D INVITE 1 sdp branch=z9hG4bKd
		3.6 P>B INVITE 1 sdp branch=z9hG4bKb
		3.6 P>C INVITE 1 sdp branch=z9hG4bKc
		3.6 P>D INVITE 1 sdp branch=z9hG4bKd
		4.0 P>A 100 INVITE 1
		10 end`},
		{rule: "SIG-01", name: "the response comes from another port and address of the server", silent: true, script: `
		host C 192.0.2.99:5999
		0.0 A>B OPTIONS 1
		0.1 C>A 200 OPTIONS 1 branch=z9hG4bK-call-AB-OPTIONS-1
		40 end`},
		{rule: "SIG-01", name: "the capture lacks all responses", silent: true, script: dead + `
		0.1 A>B INVITE 1 sdp id=two
		0.2 A>B ACK 1 id=two
		60 end`},

		{rule: "SIG-20", name: "408 of a proxy", severity: "error", says: []string{"192.0.2.80:5060 gave up waiting for 192.0.2.66:5060", "408", "after 30.0 s"}, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>A 100 INVITE 1
		0.02 P>B INVITE 1 sdp
		0.52 P>B INVITE 1 sdp
		30.00 P>A 408 INVITE 1
		30.01 A>P ACK 1 nack`},
		{rule: "SIG-20", name: "487 after CANCEL", silent: true, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>A 100 INVITE 1
		5.00 A>P CANCEL 1
		5.10 P>A 200 CANCEL 1
		9.00 P>A 408 INVITE 1
		9.01 A>P ACK 1 nack`},

		{rule: "SIG-20", name: "408 though the CANCEL was not taken", severity: "error", says: []string{"408", "after 34.0 s"}, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>A 100 INVITE 1
		32.00 A>P CANCEL 1 branch=z9hG4bKother
		32.50 A>P CANCEL 1 branch=z9hG4bKother
		34.00 P>A 408 INVITE 1
		34.01 A>P ACK 1 nack
		60.0 P>A 408 CANCEL 1 branch=z9hG4bKother`},
		{rule: "SIG-20", name: "a real proxy", severity: "error", capture: "../../../shared/pcaps/files/c0032.pcap", count: 1, says: []string{"408"}},

		{rule: "SIG-38", name: "nobody confirms", severity: "warning", confidence: "strong", says: []string{"BYE was sent 5 times"}, script: established + `
		10.0 A>B BYE 2
		10.5 A>B BYE 2
		11.5 A>B BYE 2
		13.5 A>B BYE 2
		17.5 A>B BYE 2
		60 end`},
		{rule: "SIG-38", name: "nobody is there any more", severity: "error", confidence: "proven", count: 1, says: []string{"BYE was sent twice"}, script: established + `
		10.0 A>B BYE 2
		10.001 B>A icmp 3/3 5
		10.5 A>B BYE 2
		10.501 B>A icmp 3/3 5`},
		{rule: "SIG-38", name: "confirmed late", silent: true, script: established + `
		10.0 A>B BYE 2
		10.5 A>B BYE 2
		11.5 A>B BYE 2
		13.5 A>B BYE 2
		17.5 A>B BYE 2
		17.9 B>A 200 BYE 2
		60 end`},

		{rule: "SIG-40", name: "503, then another server", severity: "info", confidence: "proven", frames: []int{1, 4}, says: []string{"192.0.2.66:5060 did not work (503", "to 192.0.2.67:5060"}, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 503 INVITE 1
		0.2 A>B ACK 1 nack
		0.9 A>C INVITE 2 sdp
		1.0 C>A 200 INVITE 2 sdp
		1.1 A>C ACK 2
		9.0 A>C BYE 3
		9.1 C>A 200 BYE 3`},
		{rule: "SIG-40", name: "forked at the same time", silent: true, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>B INVITE 1 sdp branch=z9hG4bKb
		0.01 P>C INVITE 1 sdp branch=z9hG4bKc
		0.10 C>P 180 INVITE 1 branch=z9hG4bKc
		1.00 C>P 200 INVITE 1 sdp branch=z9hG4bKc
		1.01 P>A 200 INVITE 1 sdp to=c
		1.02 A>P ACK 1 to=c
		1.03 P>C ACK 1`},
	}
}

// established is a call that was answered at 0.1 s.
const established = `
		0.00 A>B INVITE 1 sdp
		0.05 B>A 180 INVITE 1
		0.10 B>A 200 INVITE 1 sdp
		0.12 A>B ACK 1`
