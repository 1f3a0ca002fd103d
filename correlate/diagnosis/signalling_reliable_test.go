package diagnosis

func reliableScenarios() []scenario {
	const three = `
		0.0 A>B INVITE 1 sdp +Supported:100rel
		0.1 B>A 183 INVITE 1 sdp +Require:100rel +RSeq:1
		0.6 B>A 183 INVITE 1 sdp +Require:100rel +RSeq:1
		1.6 B>A 183 INVITE 1 sdp +Require:100rel +RSeq:1`
	return []scenario{
		{rule: "SIG-32", name: "no PRACK", severity: "warning", says: []string{"3 times"}, script: three + "\n1.7 A>B OPTIONS 1 id=o\n1.8 B>A 200 OPTIONS 1 id=o", confidence: "strong"},
		{rule: "SIG-32", name: "420", confidence: "proven", says: []string{"100rel"}, script: `
		0.0 A>B INVITE 1 sdp +Require:100rel
		0.1 B>A 420 INVITE 1 +Unsupported:100rel
		0.2 A>B ACK 1 nack`},
		{rule: "SIG-32", name: "a gap", confidence: "proven", says: []string{"RSeq 3 comes after 1"}, script: `
		0.0 A>B INVITE 1 sdp +Supported:100rel
		0.1 B>A 183 INVITE 1 sdp +Require:100rel +RSeq:1
		0.2 A>B PRACK 2 +RAck:1_1_INVITE
		0.3 B>A 200 PRACK 2
		0.6 B>A 180 INVITE 1 +Require:100rel +RSeq:3`},
		{rule: "SIG-32", name: "confirmed late", silent: true, script: three + "\n1.7 A>B PRACK 2 +RAck:1_1_INVITE\n1.8 B>A 200 PRACK 2"},
		{rule: "SIG-32", name: "real programs", silent: true, capture: "../../pcaps/reliable.pcap"},
	}
}
