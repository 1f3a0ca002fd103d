package diagnosis

func dialogScenarios() []scenario {
	const timed = `
		0.00 A>B INVITE 1 sdp +Session-Expires:90;refresher=uac +Supported:timer
		0.05 B>A 180 INVITE 1
		0.10 B>A 200 INVITE 1 sdp +Session-Expires:90;refresher=uac +Require:timer
		0.12 A>B ACK 1`
	return []scenario{
		{rule: "SIG-22", name: "491 once", severity: "info", confidence: "proven", capture: "../../pcaps/races.pcap"},
		{rule: "SIG-22", name: "three in a row", severity: "warning", says: []string{"refused 3 times"}, script: established + `
		1.0 A>B INVITE 2 to=b sdp
		1.1 B>A 491 INVITE 2
		2.0 A>B INVITE 3 to=b sdp
		2.1 B>A 491 INVITE 3
		3.0 A>B INVITE 4 to=b sdp
		3.1 B>A 491 INVITE 4`},
		{rule: "SIG-22", name: "488", silent: true, script: established + `
		1.0 A>B INVITE 2 to=b sdp
		1.1 B>A 488 INVITE 2`},

		{rule: "SIG-29", name: "not refreshed", severity: "error", confidence: "strong", says: []string{"60.0 s after the last refresh", "90 s"}, script: timed + `
		60.1 B>A BYE 1
		60.2 A>B 200 BYE 1`},
		{rule: "SIG-29", name: "refresh answered 481", severity: "error", says: []string{"UPDATE", "was answered with 481"}, script: timed + `
		45.0 A>B UPDATE 2 +Session-Expires:90
		45.1 B>A 481 UPDATE 2
		45.2 A>B BYE 3
		45.3 B>A 481 BYE 3`},
		{rule: "SIG-29", name: "refreshed", silent: true, script: timed + `
		45.0 A>B UPDATE 2 +Session-Expires:90
		45.1 B>A 200 UPDATE 2 +Session-Expires:90
		60.1 B>A BYE 1
		60.2 A>B 200 BYE 1`},
		{rule: "SIG-29", name: "no timer", silent: true, script: established + `
		60.1 B>A BYE 1
		60.2 A>B 200 BYE 1`},
		{rule: "SIG-29", name: "timers of real programs", silent: true, capture: "../../pcaps/timers.pcap"},

		{rule: "SIG-30", name: "re-INVITE", severity: "error", confidence: "proven", frames: []int{5, 6}, says: []string{"INVITE with 481"}, script: established + `
		9.0 A>B INVITE 2 to=b sdp
		9.1 B>A 481 INVITE 2
		9.2 A>B ACK 2 nack`},
		{rule: "SIG-30", name: "crossing BYEs", severity: "info", says: []string{"at the same time"}, script: established + `
		9.00 A>B BYE 2
		9.01 B>A BYE 1
		9.10 B>A 481 BYE 2
		9.11 A>B 481 BYE 1`},
		{rule: "SIG-30", name: "CANCEL too late", silent: true, script: established + `
		0.20 A>B CANCEL 1
		0.21 B>A 481 CANCEL 1
		9.00 A>B BYE 2
		9.10 B>A 200 BYE 2`},
	}
}
