package diagnosis

import (
	"fmt"
	"strings"
)

// logins writes REGISTERs of one phone, one every step seconds, each with a
// Call-ID of its own when it is asked for.
func logins(n int, step float64, rest func(i int) string) string {
	var b strings.Builder
	for i := range n {
		request, response, ok := strings.Cut(rest(i), "/")
		fmt.Fprintf(&b, "%.1f A>B REGISTER %d %s\n", float64(i)*step, i+1, request)
		if ok {
			fmt.Fprintf(&b, "%.1f B>A %s REGISTER %d\n", float64(i)*step+0.1, response, i+1)
		}
	}
	return b.String()
}

func registrationScenarios() []scenario {
	return []scenario{
		{rule: "SIG-14", name: "403 three times", severity: "error", confidence: "proven", count: 1, says: []string{"bob could not register 3 times in a row", "answered 403"}, script: logins(3, 10, func(int) string { return "/403" })},
		{rule: "SIG-14", name: "not answered", severity: "error", confidence: "suspect", script: logins(3, 40, func(int) string { return "" }) + "200 end"},
		{rule: "SIG-14", name: "under Call-IDs of their own", says: []string{"4 times"}, script: `
		0 A>B REGISTER 1 id=one
		1 B>A 503 REGISTER 1 id=one
		20 A>B REGISTER 1 id=two
		21 B>A 503 REGISTER 1 id=two
		40 A>B REGISTER 1 id=three
		41 B>A 503 REGISTER 1 id=three
		60 A>B REGISTER 1 id=four
		61 B>A 503 REGISTER 1 id=four`},
		{rule: "SIG-14", name: "without a Call-ID nobody knows what was answered", silent: true, script: `
		0.0 A>B OPTIONS 1 id=other
		0.1 B>A 200 OPTIONS 1 id=other
		` + logins(3, 40, func(int) string { return "-Call-ID" }) + `
		100.0 A>B OPTIONS 2 id=other
		100.1 B>A 200 OPTIONS 2 id=other
		200 end`},
		{rule: "SIG-14", name: "the third works", silent: true, script: logins(5, 10, func(i int) string {
			if i == 2 {
				return "/200"
			}
			return "/503"
		})},
		{rule: "SIG-14", name: "challenges", silent: true, script: logins(5, 10, func(int) string { return "/401" })},

		{rule: "SIG-15", name: "in and out", severity: "warning", confidence: "strong", says: []string{"went 4 times"}, script: logins(6, 20, func(i int) string {
			return fmt.Sprintf("+Expires:%d/200", 3600*((i+1)%2))
		})},
		{rule: "SIG-15", name: "contact moves", says: []string{"changed its contact 3 times"}, script: logins(5, 60, func(i int) string {
			return fmt.Sprintf("contact=bob@192.0.2.65:%d +Expires:3600/200", 5060+i)
		})},
		{rule: "SIG-15", name: "renewed too late", says: []string{"after it had run out"}, script: logins(2, 100, func(int) string { return "+Expires:60/200" })},
		{rule: "SIG-15", name: "refreshed in time", silent: true, script: logins(20, 25, func(int) string { return "+Expires:60/200" })},
		{rule: "SIG-15", name: "out once", silent: true, script: logins(3, 60, func(i int) string { return fmt.Sprintf("+Expires:%d/200", 3600*((i+1)%2)) })},

		{rule: "SIG-16", name: "the port changed", severity: "error", confidence: "strong", says: []string{"registered from 203.0.113.7:30000", "from port 30001"}, script: bindingScript(300, 30001)},
		{rule: "SIG-16", name: "the port stayed", silent: true, script: bindingScript(300, 30000)},
		{rule: "SIG-16", name: "not idle", silent: true, script: bindingScript(20, 30001)},
	}
}

// bindingScript is a phone behind NAT that registers, is called in vain, and
// registers again from a port.
func bindingScript(idle, port int) string {
	return fmt.Sprintf(`
		host A 203.0.113.7:30000
		host C 203.0.113.7:%d
		0 A>B REGISTER 1 id=reg +Expires:3600
		1 B>A 200 REGISTER 1 id=reg
		%d B>A INVITE 1 sdp from=x to= id=inv callee=alice
		%d.5 B>A INVITE 1 sdp from=x to= id=inv callee=alice
		%d B>A INVITE 1 sdp from=x to= id=inv callee=alice
		%d C>B REGISTER 2 id=reg +Expires:3600
		%d B>C 200 REGISTER 2 id=reg
		%d end`, port, idle, idle, idle+2, idle+60, idle+61, idle+100)
}
