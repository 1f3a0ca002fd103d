package diagnosis

import (
	"fmt"
	"strings"
)

const (
	md5Challenge  = `+WWW-Authenticate:Digest_realm="x",nonce="n",qop="auth",algorithm=SHA-256`
	credentialsOf = `+Authorization:Digest_username="u",realm="x",nonce="n",uri="sip:x",response="0"`
)

func passwordScenarios() []scenario {
	attempt := func(source, status string) string {
		return fmt.Sprintf(`
			0.0 %[1]s>B REGISTER 1 id=%[1]sg# from=t callee=alice caller=alice %[3]s
			0.1 B>%[1]s %[2]s REGISTER 1 id=%[1]sg# from=t callee=alice caller=alice %[4]s`, source, status, credentialsOf, md5Challenge)
	}
	distributed := ""
	for i := range 10 {
		distributed += fmt.Sprintf("host S%d 198.51.%d.1\n", i, i)
	}
	for i := range 10 {
		distributed += repeat(5, float64(i), 100, attempt(fmt.Sprintf("S%d", i), "401"))
	}
	return []scenario{
		{rule: "SEC-02", name: "ten passwords for one user", severity: "error", confidence: "strong", count: 1, says: []string{"192.0.2.65 tried 10 passwords for alice@example.org"},
			script: repeat(10, 0, 3, attempt("A", "401"))},
		{rule: "SEC-02", name: "nine", silent: true, script: repeat(9, 0, 3, attempt("A", "401"))},
		{rule: "SEC-02", name: "ten in an hour", silent: true, script: repeat(10, 0, 360, attempt("A", "401"))},
		{rule: "SEC-02", name: "out of date", silent: true, script: repeat(20, 0, 1, strings.ReplaceAll(attempt("A", "401"), `nonce="n",qop`, `nonce="n",stale=true,qop`))},
		{rule: "SEC-02", name: "without credentials", silent: true, script: repeat(40, 0, 1, strings.ReplaceAll(attempt("A", "401"), credentialsOf, ""))},
		{rule: "SEC-02", name: "fifty for any users", count: 1, says: []string{"192.0.2.65 tried 50 passwords in"}, script: repeat(50, 0, 1, strings.ReplaceAll(attempt("A", "403"), "=alice", "=u#"))},
		{rule: "SEC-02", name: "from ten sources", count: 1, says: []string{"10 sources together tried 50 passwords for alice"}, script: distributed},
		{rule: "SEC-02", name: "a phone that logs in", silent: true, script: repeat(40, 0, 1, `
			0.0 A>B REGISTER 1 id=g#
			0.1 B>A 401 REGISTER 1 id=g# `+md5Challenge+`
			0.2 A>B REGISTER 2 id=g# `+credentialsOf+`
			0.3 B>A 200 REGISTER 2 id=g#`)},
		{rule: "SEC-08", name: "MD5 without qop", severity: "info", confidence: "proven", count: 1, says: []string{"192.0.2.66", "MD5 without qop"}, script: `
			0 A>B REGISTER 1
			0.1 B>A 401 REGISTER 1 +WWW-Authenticate:Digest_realm="x",nonce="n"`},
		{rule: "SEC-08", name: "Basic", severity: "warning", count: 1, says: []string{"in the clear"}, script: `
			0 A>B REGISTER 1
			0.1 B>A 401 REGISTER 1 +WWW-Authenticate:Basic_realm="x"`},
		{rule: "SEC-08", name: "with qop", silent: true, script: `
			0 A>B REGISTER 1
			0.1 B>A 401 REGISTER 1 ` + md5Challenge},
		{rule: "SEC-08", name: "the other end asks for the password", severity: "warning", count: 1, says: []string{"inside the call"}, script: answeredCall + `
			1.0 A>B INVITE 2 sdp to=b
			1.1 B>A 401 INVITE 2 ` + md5Challenge + `
			1.2 A>B ACK 2 nack
			1.3 A>B INVITE 3 sdp to=b ` + credentialsOf + `
			1.4 B>A 200 INVITE 3 sdp
			1.5 A>B ACK 3`},
		{rule: "SEC-08", name: "a nonce counted backwards", count: 1, says: []string{"count 00000001 after 00000002"}, script: counted("00000002", "00000001")},
		{rule: "SEC-08", name: "a nonce counted on", silent: true, script: counted("00000001", "00000002")},
		{rule: "SEC-08", name: "who asked for the password does not get it", silent: true, script: answeredCall + `
			1.0 A>B INVITE 2 sdp to=b
			1.1 B>A 401 INVITE 2 ` + md5Challenge + `
			1.2 A>B ACK 2 nack`},
	}
}

// counted is two registrations with one nonce.
func counted(first, second string) string {
	with := func(nc string) string { return strings.Replace(credentialsOf, `nonce="n"`, `nonce="n",nc=`+nc, 1) }
	return `
		0.0 A>B REGISTER 1
		0.1 B>A 401 REGISTER 1 ` + md5Challenge + `
		0.2 A>B REGISTER 2 ` + with(first) + `
		0.3 B>A 200 REGISTER 2
		60.2 A>B REGISTER 3 ` + with(second) + `
		60.3 B>A 200 REGISTER 3`
}

// answeredCall is a call that is up, at a second.
const answeredCall = `
	0.0 A>B INVITE 1 sdp
	0.1 B>A 180 INVITE 1
	0.5 B>A 200 INVITE 1 sdp
	0.6 A>B ACK 1
`
