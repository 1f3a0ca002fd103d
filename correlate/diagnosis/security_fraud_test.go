package diagnosis

import (
	"fmt"

	"sipsniff/correlate"
)

func fraudScenarios() []scenario {
	expensive := `
		0.0 A>B INVITE 1 id=c# uri=+88213300#@example.org sdp
		0.1 B>A 486 INVITE 1 id=c#
		0.2 A>B ACK 1 nack id=c#`
	long := `
		0.0 A>B INVITE 1 id=c uri=0088213300@example.org sdp
		0.1 B>A 200 INVITE 1 id=c sdp
		0.2 A>B ACK 1 id=c
		%d A>B BYE 2 id=c
		%d.1 B>A 200 BYE 2 id=c`
	cancelled := `
		0.0 A>B INVITE 1 id=c# caller=25261234 sdp
		0.1 B>A 180 INVITE 1 id=c#
		%g A>B CANCEL 1 id=c# caller=25261234
		%g1 B>A 200 CANCEL 1 id=c#
		%g2 B>A 487 INVITE 1 id=c#
		%g3 A>B ACK 1 nack id=c#`
	short := `
		0.0 A>B INVITE 1 id=c# callee=%s uri=%s sdp
		0.1 B>A 200 INVITE 1 id=c# callee=%[1]s sdp
		0.2 A>B ACK 1 id=c# callee=%[1]s
		%[3]d A>B BYE 2 id=c# callee=%[1]s
		%[3]d.1 B>A 200 BYE 2 id=c# callee=%[1]s`
	return []scenario{
		{rule: "SEC-04", name: "five expensive numbers", severity: "critical", confidence: "suspect", count: 1, says: []string{"alice@example.org called 5 different expensive numbers"}, script: repeat(5, 0, 60, expensive)},
		{rule: "SEC-04", name: "four", silent: true, script: repeat(4, 0, 60, expensive)},
		{rule: "SEC-04", name: "five in two hours", silent: true, script: repeat(5, 0, 1500, expensive)},
		{rule: "SEC-04", name: "an hour and more", says: []string{"talked for 1:09 h"}, script: fmt.Sprintf(long, 4200, 4200)},
		{rule: "SEC-04", name: "ten minutes", silent: true, script: fmt.Sprintf(long, 600, 600)},
		{rule: "SEC-04", name: "short numbers that begin so", silent: true, script: repeat(9, 0, 10, `
			0.0 A>B INVITE 1 id=c# uri=8820#@example.org sdp
			0.1 B>A 486 INVITE 1 id=c#
			0.2 A>B ACK 1 nack id=c#`)},
		{rule: "SEC-04", name: "more at once than ever", count: 1, says: []string{"7 calls at once"}, snapshot: learned(7)},
		{rule: "SEC-04", name: "as many as may be", silent: true, snapshot: learned(6)},
		{rule: "SEC-11", name: "twenty that ring once", severity: "warning", confidence: "suspect", count: 1, says: []string{"20 calls", "less than 3 s"}, script: repeat(20, 0, 10, fmt.Sprintf(cancelled, 1.5, 1.5, 1.5, 1.5))},
		{rule: "SEC-11", name: "that ring for long", silent: true, script: repeat(20, 0, 10, fmt.Sprintf(cancelled, 8.5, 8.5, 8.5, 8.5))},
		{rule: "SEC-11", name: "a few", silent: true, script: repeat(12, 0, 10, fmt.Sprintf(cancelled, 1.5, 1.5, 1.5, 1.5))},
		{rule: "SEC-12", name: "thirty short calls", severity: "info", confidence: "suspect", count: 1, says: []string{"30 calls to 30 callees"}, script: repeat(30, 0, 15, fmt.Sprintf(short, "b#", "b#", 5))},
		{rule: "SEC-12", name: "to the same callee", silent: true, script: repeat(30, 0, 15, fmt.Sprintf(short, "bob", "bob", 5))},
		{rule: "SEC-12", name: "that are talked", silent: true, script: repeat(30, 0, 15, fmt.Sprintf(short, "b#", "b#", 14))},
		{rule: "SEC-12", name: "twenty-nine", silent: true, script: repeat(29, 0, 15, fmt.Sprintf(short, "b#", "b#", 5))},
	}
}

// learned is a capture of 20 days in which an account has one call at a time,
// and on the last day n at once.
func learned(n int) *correlate.Snapshot {
	const day = int64(86400e9)
	s := &correlate.Snapshot{First: day, Last: 22 * day}
	add := func(at int64) {
		i := len(s.Calls) + 1
		s.Calls = append(s.Calls, (&correlate.Call{
			Index: i, Method: "INVITE", From: "sip:alice@example.org", Started: at, Answered: at + 1e9, Ended: at + 600e9,
		}).WithMessages([]*correlate.Message{{Frame: i, Nanos: at, Method: "INVITE"}}))
	}
	for d := int64(1); d < 20; d++ {
		for hour := range int64(8) {
			add(d*day + hour*3600e9)
		}
	}
	for i := range n {
		add(21*day + int64(i)*1e9)
	}
	return s
}
