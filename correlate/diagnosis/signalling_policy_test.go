package diagnosis

func policyScenarios() []scenario {
	refused := func(status, rest string) string {
		return "0.0 A>B INVITE 1 sdp\n0.1 B>A 100 INVITE 1\n0.2 B>A " + status + " INVITE 1 " + rest + "\n0.3 A>B ACK 1 nack"
	}
	return []scenario{
		{rule: "SIG-23", name: "603", severity: "info", confidence: "proven", frames: []int{1, 3}, says: []string{"refused the call to bob: 603 Decline"}, script: refused("603", "reason=Decline")},
		{rule: "SIG-23", name: "608 with a Reason", says: []string{"Reason: rejected (Q.850 21)"}, script: refused("608", "+Reason:Q.850;cause=21")},
		{rule: "SIG-23", name: "486", silent: true, script: refused("486", "")},
		{rule: "SIG-23", name: "403 to REGISTER", severity: "info", count: 1, frames: []int{1, 2}, says: []string{"192.0.2.66:5060 refused REGISTER: 403 Forbidden"}, script: "0.0 A>B REGISTER 1\n0.1 B>A 403 REGISTER 1 reason=Forbidden"},
		{rule: "SIG-23", name: "403 to REGISTER, then another way", silent: true, script: "0.0 A>B REGISTER 1\n0.1 B>A 403 REGISTER 1\n0.2 A>B REGISTER 2\n0.3 B>A 200 REGISTER 2"},
		{rule: "SIG-23", name: "404 to SUBSCRIBE", silent: true, script: "0.0 A>B SUBSCRIBE 1\n0.1 B>A 404 SUBSCRIBE 1"},

		{rule: "SIG-36", name: "503 with words", severity: "warning", confidence: "suspect", says: []string{"Channel limit reached"}, script: refused("503", "reason=Channel_limit_reached")},
		{rule: "SIG-36", name: "486 with cause 34", says: []string{"Q.850 34"}, script: refused("486", "+Reason:Q.850;cause=34")},
		{rule: "SIG-36", name: "busy", silent: true, script: refused("486", "reason=Busy_Here +Reason:Q.850;cause=17")},

		{rule: "SIG-37", name: "busy with cause", severity: "info", says: []string{"user busy (Q.850 17)"}, script: refused("486", "+Reason:Q.850;cause=17")},
		{rule: "SIG-37", name: "404", says: []string{"Q.850 1 "}, script: refused("404", "reason=Not_Found")},
		{rule: "SIG-37", name: "normal clearing", silent: true, script: established + `
		9.0 A>B BYE 2 +Reason:Q.850;cause=16;text="Normal"
		9.1 B>A 200 BYE 2`},
		{rule: "SIG-37", name: "cancelled", silent: true, capture: "../../pcaps/cancelled.pcap"},
	}
}
