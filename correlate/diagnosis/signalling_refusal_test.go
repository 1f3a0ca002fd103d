package diagnosis

func refusalScenarios() []scenario {
	return []scenario{
		{rule: "SIG-24", name: "404", severity: "warning", confidence: "proven", count: 1, frames: []int{1, 3}, says: []string{`"4930123" does not exist there (404 Not Found)`}, script: `
				0.0 A>B INVITE 1 sdp uri=4930123@example.org
				0.1 B>A 100 INVITE 1
				0.2 B>A 404 INVITE 1 reason=Not_Found
				0.3 A>B ACK 1 nack`},
		{rule: "SIG-24", name: "others work with another form", says: []string{"with +, such as +4930999; this one is with 00"}, script: `
				0.0 A>B INVITE 1 id=good uri=+4930999@example.org
				0.1 B>A 200 INVITE 1 id=good
				0.2 A>B ACK 1 id=good
				1.0 A>B BYE 2 id=good
				1.1 B>A 200 BYE 2 id=good
				2.0 A>B INVITE 1 id=bad uri=004930123@example.org
				2.2 B>A 404 INVITE 1 id=bad
				2.3 A>B ACK 1 nack id=bad`},
		{rule: "SIG-24", name: "a real proxy", capture: "../../pcaps/not-found.pcap", severity: "warning"},
		{rule: "SIG-24", name: "busy", silent: true, script: `
				0.0 A>B INVITE 1 sdp uri=4930123@example.org
				0.2 B>A 486 INVITE 1
				0.3 A>B ACK 1 nack`},
		{rule: "SIG-24", name: "overlap dialling", silent: true, script: `
				0.0 A>B INVITE 1 id=one uri=4930@example.org
				0.2 B>A 484 INVITE 1 id=one
				0.3 A>B ACK 1 nack id=one
				2.0 A>B INVITE 1 id=two uri=4930123@example.org
				2.2 B>A 200 INVITE 1 id=two
				2.3 A>B ACK 1 id=two
				5.0 A>B BYE 2 id=two
				5.1 B>A 200 BYE 2 id=two`},
		{rule: "SIG-24", name: "404 of one branch, another answers", silent: true, script: `
				0.00 A>P INVITE 1 sdp
				0.01 P>B INVITE 1 sdp branch=z9hG4bKb
				0.01 P>C INVITE 1 sdp branch=z9hG4bKc
				0.10 B>P 404 INVITE 1 branch=z9hG4bKb
				0.11 P>B ACK 1 nack branch=z9hG4bKb
				0.50 C>P 200 INVITE 1 sdp branch=z9hG4bKc
				0.51 P>A 200 INVITE 1 sdp to=c
				0.60 A>P ACK 1 to=c
				0.61 P>C ACK 1
				9.00 A>P BYE 2 to=c
				9.01 P>C BYE 2
				9.02 C>P 200 BYE 2
				9.03 P>A 200 BYE 2 to=c`},
	}
}
