package diagnosis

func floodScenarios() []scenario {
	refused := `
		0.000 A>B REGISTER 1 id=f# callee=bob
		0.001 B>A 403 REGISTER 1 id=f# callee=bob`
	return []scenario{
		{rule: "SEC-06", name: "sixty in a second", severity: "error", confidence: "proven", count: 1, says: []string{"192.0.2.65 sent 60 requests in one second"}, script: repeat(60, 0, 0.01, refused)},
		{rule: "SEC-06", name: "fifty", silent: true, script: repeat(50, 0, 0.01, refused)},
		{rule: "SEC-06", name: "a busy trunk", silent: true, script: repeat(120, 0, 0.005, `
			0.000 A>B OPTIONS 1 id=f#
			0.001 B>A 200 OPTIONS 1 id=f#`)},
		{rule: "SEC-06", name: "many more than in the hour before", count: 1, says: []string{"80 requests in one minute", "in the hour before it were 60"},
			script: repeat(60, 0, 60, refused) + repeat(100, 3600, 0.5, `
				0.000 A>B REGISTER 1 id=g# callee=bob
				0.001 B>A 403 REGISTER 1 id=g# callee=bob`)},
		{rule: "SEC-06", name: "no more than usual", silent: true, script: repeat(800, 0, 5, refused)},
	}
}
