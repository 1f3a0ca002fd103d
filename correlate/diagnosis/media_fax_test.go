package diagnosis

import "fmt"

func faxScenarios() []scenario {
	change := func(status string) string {
		return `
			10.0 B>A INVITE 7 sdp=t38
			10.1 A>B ` + status + ` INVITE 7
			10.11 B>A ACK 7 nack
		`
	}
	const accepted = `
			10.0 B>A INVITE 7 sdp=t38
			10.1 A>B 200 INVITE 7 sdp=t38
			10.11 B>A ACK 7
	`
	const g729 = "g729"
	return []scenario{
		{rule: "MED-32", name: "refused, and only G.729", severity: "error", confidence: "strong", count: 1, says: []string{"T.38 was refused with 488", "no G.711 either"},
			script: callOf(g729, g729, 22.2, "2.05 A>B rtp 1000 pt=18 size=20\n2.05 B>A rtp 1000 pt=18 size=20\n"+change("488"))},
		{rule: "MED-32", name: "refused, G.711 stays", severity: "info", says: []string{"the call stayed with G.711"}, script: call(22.2, bothTalk+change("488"))},
		{rule: "MED-32", name: "a real fax", capture: "../../../shared/pcaps/files/c0077.pcap", severity: "info", says: []string{"T.38 was refused with 488", "frame 1402", "G.711"}},
		{rule: "MED-32", name: "packets lost", severity: "error", confidence: "proven", says: []string{"% of the fax of the callee was lost"}, script: call(32.2, accepted+udptl(100, 10))},
		{rule: "MED-32", name: "all came", silent: true, script: call(32.2, accepted+udptl(100, 0))},
		{rule: "MED-32", name: "a codec refused", silent: true, script: callOf(g729, g729, 22.2, `
			10.0 B>A INVITE 7 sdp=pcmu
			10.1 A>B 488 INVITE 7
			10.11 B>A ACK 7 nack
		`)},
		{rule: "MED-32", name: "challenged, then accepted", silent: true, script: call(22.2, `
			10.0 B>A INVITE 7 sdp=t38
			10.1 A>B 407 INVITE 7
			10.11 B>A ACK 7 nack
			10.2 B>A INVITE 8 sdp=t38
			10.3 A>B 200 INVITE 8 sdp=t38
			10.31 B>A ACK 8
		`)},
	}
}

// udptl is packets of T.38 of the callee without redundancy, each lose-th left
// out: a number, an indicator of no signal, and no recovery.
func udptl(packets, lose int) (lines string) {
	for i := range packets {
		if lose == 0 || i%lose != lose-1 {
			lines += fmt.Sprintf("%.2f B>A hex 4004 4004 %04x0100000000\n", 11+float64(i)*0.1, i)
		}
	}
	return lines
}
