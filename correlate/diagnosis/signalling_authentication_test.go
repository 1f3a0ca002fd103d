package diagnosis

// challenge and answer make the headers of digest authentication.
func challenge(nonce string) string {
	return ` +WWW-Authenticate:Digest_realm="example.org",nonce="` + nonce + `"`
}

func answer(nonce string) string {
	return ` +Authorization:Digest_username="alice",realm="example.org",nonce="` + nonce + `",uri="sip:example.org",response="00"`
}

func authenticationScenarios() []scenario {
	return []scenario{
		{rule: "SIG-13", name: "same nonce again", severity: "error", confidence: "proven", count: 1, frames: []int{2, 3, 4},
			says: []string{"twice", `user "alice"`, `realm "example.org"`},
			script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 401 REGISTER 2` + challenge("n1")},
		{rule: "SIG-13", name: "new nonce three times", confidence: "proven", says: []string{"3 times, each time anew"}, script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 401 REGISTER 2` + challenge("n2") + `
				0.4 A>B REGISTER 3` + answer("n2") + `
				0.5 B>A 401 REGISTER 3` + challenge("n3")},
		{rule: "SIG-13", name: "new nonces after it was let in", confidence: "proven", says: []string{"It had accepted them before (frame 3)"}, script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 200 REGISTER 2
				60.0 A>B REGISTER 3
				60.1 B>A 401 REGISTER 3` + challenge("n2") + `
				80.2 A>B REGISTER 4` + answer("n2") + `
				80.3 B>A 401 REGISTER 4` + challenge("n3") + `
				99.4 A>B REGISTER 5` + answer("n3") + `
				99.5 B>A 401 REGISTER 5` + challenge("n4")},
		{rule: "SIG-13", name: "the request itself was not captured", silent: true, script: `
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.5 A>B OPTIONS 1 id=other
				0.6 B>A 200 OPTIONS 1 id=other
				40 A>B OPTIONS 2 id=other
				40.1 B>A 200 OPTIONS 2 id=other`},
		{rule: "SIG-13", name: "403 after credentials", confidence: "proven", says: []string{"403 Forbidden after it gave its credentials"}, script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 403 REGISTER 2 reason=Forbidden`},
		{rule: "SIG-13", name: "never tried again", confidence: "strong", says: []string{"did not try again"}, script: `
				0.0 A>B INVITE 1 sdp
				0.1 B>A 401 INVITE 1` + challenge("n1") + `
				0.2 A>B ACK 1 nack
				40 A>B OPTIONS 1 id=other
				40.1 B>A 200 OPTIONS 1 id=other`},
		{rule: "SIG-13", name: "wrong password of a real phone", capture: "../../pcaps/register-digest.pcap", severity: "error"},
		{rule: "SIG-13", name: "accepted at once", silent: true, script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 200 REGISTER 2
				60 end`},
		{rule: "SIG-13", name: "stale nonces", silent: true, script: `
				0.0 A>B REGISTER 1` + answer("n0") + `
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `,stale=true
				0.2 A>B REGISTER 2` + answer("n1") + `
				0.3 B>A 401 REGISTER 2` + challenge("n2") + `,stale=true
				0.4 A>B REGISTER 3` + answer("n2") + `
				0.5 B>A 401 REGISTER 3` + challenge("n3") + `,stale=true
				0.6 A>B REGISTER 4` + answer("n3") + `
				0.7 B>A 200 REGISTER 4
				60 end`},
		{rule: "SIG-13", name: "the capture ends too soon", silent: true, script: `
				0.0 A>B REGISTER 1
				0.1 B>A 401 REGISTER 1` + challenge("n1") + `
				20 end`},
		{rule: "SIG-13", name: "OPTIONS that is challenged", silent: true, script: `
				0.0 A>B OPTIONS 1
				0.1 B>A 401 OPTIONS 1` + challenge("n1") + `
				60 end`},
		{rule: "SIG-13", name: "challenged by proxy and by server", silent: true, script: `
				0.0 A>B INVITE 1 sdp
				0.1 B>A 407 INVITE 1 +Proxy-Authenticate:Digest_realm="proxy",nonce="p1"
				0.1 A>B ACK 1 nack
				0.2 A>B INVITE 2 sdp +Proxy-Authorization:Digest_username="alice",realm="proxy",nonce="p1",response="00"
				0.3 B>A 401 INVITE 2` + challenge("n1") + `
				0.3 A>B ACK 2 nack
				0.4 A>B INVITE 3 sdp` + answer("n1") + `
				0.5 B>A 200 INVITE 3 sdp
				0.6 A>B ACK 3
				60 A>B BYE 4
				60 B>A 200 BYE 4`},
	}
}
