package diagnosis

func malformedScenarios() []scenario {
	return []scenario{
		{rule: "SIG-35", name: "no From", severity: "warning", confidence: "proven", says: []string{"missing from"}, script: `
		0.0 A>B OPTIONS 1 -From
		0.1 B>A 200 OPTIONS 1`},
		{rule: "SIG-35", name: "refused for it", severity: "error", says: []string{"missing from"}, script: `
		0.0 A>B OPTIONS 1 -From
		0.1 B>A 400 OPTIONS 1`},
		{rule: "SIG-35", name: "only odd", silent: true, script: `
		0.0 A>B OPTIONS 1 -Contact +Accept:text/plain +Unknown-Header:x
		0.1 B>A 200 OPTIONS 1`},
	}
}
