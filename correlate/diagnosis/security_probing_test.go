package diagnosis

import (
	"fmt"
	"strings"
)

// repeat makes n lines, or groups of them: %[1]d is the number, %[2]s a time that
// begins at start and goes on by step.
func repeat(n int, start, step float64, lines string) string {
	var b strings.Builder
	for i := range n {
		for _, line := range strings.Split(lines, "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			offset, rest, _ := strings.Cut(line, " ")
			var at float64
			if _, err := fmt.Sscan(offset, &at); err != nil {
				panic(err)
			}
			fmt.Fprintf(&b, "%.4f %s\n", start+float64(i)*step+at, strings.ReplaceAll(rest, "#", fmt.Sprint(i)))
		}
	}
	return b.String()
}

func probingScenarios() []scenario {
	const asks = `
		0.0 A>B REGISTER 1 id=r# callee=10# caller=10# branch=z9hG4bK#
		0.1 B>A %s REGISTER 1 id=r# callee=10# caller=10# branch=z9hG4bK#`
	refused := func(status string) string { return fmt.Sprintf(asks, status) }
	return []scenario{
		{rule: "SEC-01", name: "the name of a scanner", severity: "warning", confidence: "proven", count: 1, frames: []int{1}, says: []string{"192.0.2.65", "friendly-scanner", "1 request"}, script: `
			0 A>B OPTIONS 1 +User-Agent:friendly-scanner
			0.1 B>A 200 OPTIONS 1`},
		{rule: "SEC-01", name: "in the From", says: []string{"sipvicious"}, script: `
			0 A>B OPTIONS 1 -From +From:\"sipvicious\"<sip:100@1.1.1.1>;tag=1
			9 end`},
		{rule: "SEC-01", name: "another program", silent: true, script: `
			0 A>B OPTIONS 1 +User-Agent:Scanner_Phone_3
			0.1 B>A 404 OPTIONS 1`},
		{rule: "SEC-01", name: "twenty users", severity: "warning", confidence: "strong", count: 1, says: []string{"192.0.2.65", "20 different users"}, script: repeat(20, 0, 2, refused("404"))},
		{rule: "SEC-01", name: "nineteen users", silent: true, script: repeat(19, 0, 2, refused("404"))},
		{rule: "SEC-01", name: "twenty users in an hour", silent: true, script: repeat(20, 0, 180, refused("404"))},
		{rule: "SEC-01", name: "a trunk that is down", silent: true, script: repeat(40, 0, 1, refused("503"))},
		{rule: "SEC-01", name: "one in two succeeds", silent: true, script: repeat(25, 0, 1, refused("404")) + repeat(25, 0.5, 1, `
			0.0 A>B OPTIONS 1 id=o# branch=z9hG4bKo#
			0.1 B>A 200 OPTIONS 1 id=o# branch=z9hG4bKo#`)},
		{rule: "SEC-01", name: "twenty hosts that do not answer", count: 1, says: []string{"20 different hosts"}, script: hosts(20) + repeat(1, 0, 1, probes(20)) + "90 end\n"},
		{rule: "SEC-03", name: "users that exist and users that do not", severity: "warning", confidence: "strong", count: 1, says: []string{"24 different users", "12 do not exist", "12 do"},
			script: repeat(12, 0, 2, refused("404")) + strings.NewReplacer("=10", "=20", "id=r", "id=s", "branch=z9hG4bK", "branch=z9hG4bKs").Replace(repeat(12, 1, 2, refused("403"))) + "60 end\n"},
		{rule: "SEC-03", name: "all answered alike", silent: true, script: repeat(30, 0, 1, refused("401"))},
		{rule: "SEC-03", name: "a few wrong numbers", silent: true, script: repeat(6, 0, 2, refused("404")) + strings.NewReplacer("=10", "=20", "id=r", "id=s", "branch=z9hG4bK", "branch=z9hG4bKs").Replace(repeat(6, 1, 2, refused("403")))},
	}
}

// hosts names n hosts H0, H1 … of a network, and probes sends an OPTIONS to each.
func hosts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "host H%d 198.51.100.%d\n", i, i+1)
	}
	return b.String()
}

func probes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d A>H%d OPTIONS 1 id=o%d branch=z9hG4bKo%d\n", i, i, i, i)
	}
	return b.String()
}
