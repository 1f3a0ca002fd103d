package tui

import "context"

// emptySaver offers every format and writes nothing.
func emptySaver() Saver {
	return Saver{
		Formats: func() []SaveFormat {
			return []SaveFormat{{Name: "pcapng", Packets: true}, {Name: "pcap", Packets: true}, {Name: "txt"}, {Name: "json"}, {Name: "csv"}, {Name: "wav", Note: "(stereo)"}}
		},
		Run: func(context.Context, SaveRequest, func(float64)) (SaveResult, error) { return SaveResult{}, nil },
	}
}
