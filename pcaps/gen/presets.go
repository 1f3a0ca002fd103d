package gen

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// presets are the fixtures that tests and measurements ask for by name.
func presets() map[string]Options {
	return map[string]Options{
		"calls": {Calls: 50, Mix: EverydayMix(), RegisterShare: 0.15, RTCP: true},
		"dialogs": {
			Calls: 100_000, Rate: 250, Length: 30 * time.Second, RegisterShare: 0.15, Mix: EverydayMix(), NoMedia: true, Retransmit: 0.02,
		},
		"burst": {
			Calls: 1, Legs: 2, Length: 75 * time.Second, Codec: "PCMA", RTCP: true, DTMF: "14#",
			Loss: 0.05, Burst: 4, LossAfter: 50 * time.Second, LossFrom: Caller, Jitter: 2 * time.Millisecond,
		},
		"upstream": {
			Calls: 1, Legs: 2, Length: 480 * time.Second, Codec: "PCMA", RTCP: true, DTMF: "14#",
			Loss: 0.05, Burst: 4, LossAfter: 50 * time.Second, LossFrom: Caller, LossRelay: true, Jitter: 2 * time.Millisecond,
		},
		"oneway": {Calls: 1, Length: 20 * time.Second, Codec: "PCMA", OneWay: true},
		"evil":   {Calls: 24, Evil: true, Length: 2 * time.Second, NoMedia: true, Rate: 20},
		"live":   {Calls: 2000, Rate: 1.5, Length: 2 * time.Second, Mix: EverydayMix(), Loss: 0.01},
		"rtp": {
			Calls: 100, Rate: 2, Length: 200 * time.Second, Loss: 0.01, Burst: 2, Jitter: 5 * time.Millisecond, Duplicates: 0.001, Reorder: 0.001,
		},
		"flood": {Calls: 50, Rate: 0.5, Flood: 1_000_000},
		"faults": {
			Calls: 200, Rate: 10, Length: 5 * time.Second, RegisterShare: 0.1, Mix: EverydayMix(), Retransmit: 0.1, RTCP: true,
			Loss: 0.03, Burst: 3, Jitter: 15 * time.Millisecond, Duplicates: 0.01, Reorder: 0.01, CaptureDuplicates: 0.02,
			IPv6: 0.3, VLAN: 42, Large: 0.2, TCP: 0.3, SegmentSize: 400, Coalesce: 0.5, SwapSegments: 0.1, Resend: 0.05, Noise: 20,
		},
	}
}

// Preset returns options known by name; they may be changed before use.
func Preset(name string) (Options, error) {
	if o, ok := presets()[name]; ok {
		return o, nil
	}
	return Options{}, fmt.Errorf("%w: no preset %q, there are %s", ErrOptions, name, strings.Join(Presets(), ", "))
}

// Presets lists the names that Preset knows, sorted.
func Presets() []string {
	var names []string
	for name := range presets() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
