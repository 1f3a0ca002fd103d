package diagnosis

func acknowledgementScenarios() []scenario {
	const repeated = `
		0.00 A>B INVITE 1 sdp
		0.05 B>A 180 INVITE 1
		1.00 B>A 200 INVITE 1 sdp
		1.50 B>A 200 INVITE 1 sdp
		2.50 B>A 200 INVITE 1 sdp
		4.50 B>A 200 INVITE 1 sdp`
	const longer = repeated + `
		8.50 B>A 200 INVITE 1 sdp
		12.5 B>A 200 INVITE 1 sdp
		16.5 B>A 200 INVITE 1 sdp
		20.5 B>A 200 INVITE 1 sdp`
	return []scenario{
		{rule: "SIG-02", name: "no ACK", severity: "error", confidence: "strong", count: 1, frames: []int{3, 4, 5, 6}, says: []string{"sent that 4 times in 3.5 s", "about 32 s"}, script: repeated + "\n10 end"},
		{rule: "SIG-02", name: "the ACK went elsewhere", confidence: "strong", script: longer + "\n1.1 A>C ACK 1 to=b"},
		{rule: "SIG-02", name: "nobody missed the ACK", severity: "info", confidence: "suspect", script: `
		0.00 A>B INVITE 1 sdp
		1.00 B>A 200 INVITE 1 sdp
		9.00 A>B BYE 2
		9.10 B>A 200 BYE 2
		60 end`},
		{rule: "SIG-02", name: "nobody missed the ACK of an ipip tunnel", severity: "info", capture: "../../../shared/pcaps/files/c0075.pcap"},
		{rule: "SIG-02", name: "a late ACK", silent: true, script: repeated + "\n4.60 A>B ACK 1\n10 end"},
		{rule: "SIG-02", name: "two copies", silent: true, script: `
		0.00 A>B INVITE 1 sdp
		1.00 B>A 200 INVITE 1 sdp
		1.50 B>A 200 INVITE 1 sdp
		10 end`},
		{rule: "SIG-02", name: "only responses captured", silent: true, script: `
		1.00 B>A 200 INVITE 1 sdp
		1.50 B>A 200 INVITE 1 sdp
		2.50 B>A 200 INVITE 1 sdp
		10 end`},

		{rule: "SIG-03", name: "BYE of the callee at 32 s", severity: "error", says: []string{"cut the call 32.0 s after its answer"}, script: longer + `
		33.0 B>A BYE 1
		33.1 A>B 200 BYE 1`},
		{rule: "SIG-03", name: "BYE of the caller at 32 s", silent: true, script: longer + `
		33.0 A>B BYE 2
		33.1 B>A 200 BYE 2`},
		{rule: "SIG-03", name: "BYE at 32 s of a confirmed call", silent: true, script: established + `
		32.1 B>A BYE 1
		32.2 A>B 200 BYE 1`},

		{rule: "SIG-04", name: "ACK with the branch of the INVITE", severity: "error", confidence: "strong", says: []string{"sent the answer twice more"}, script: `
		0.00 A>B INVITE 1 sdp
		1.00 B>A 200 INVITE 1 sdp
		1.10 A>B ACK 1 branch=z9hG4bK-call-AB-INVITE-1
		1.50 B>A 200 INVITE 1 sdp
		2.50 B>A 200 INVITE 1 sdp
		4.50 B>A 200 INVITE 1 sdp
		9.00 end`},
		{rule: "SIG-04", name: "copies that crossed the ACK", silent: true, script: `
		0.00 A>B INVITE 1 sdp
		0.40 B>A 100 INVITE 1
		1.00 B>A 200 INVITE 1 sdp
		1.50 B>A 200 INVITE 1 sdp
		1.60 A>B ACK 1
		2.40 B>A 200 INVITE 1 sdp
		9.00 end`},
	}
}
