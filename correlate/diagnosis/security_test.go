package diagnosis

import "slices"

func securityScenarios() []scenario {
	return slices.Concat(
		probingScenarios(), passwordScenarios(), fraudScenarios(), floodScenarios(), intrusionScenarios(), secrecyScenarios(), callerScenarios(),
	)
}

func infrastructureScenarios() []scenario {
	return slices.Concat(
		trunkScenarios(), sightScenarios(), captureScenarios(), connectionScenarios(), translationScenarios(), sipMarkingScenarios(),
	)
}
