package tui

import (
	"context"
	"testing"
)

// emptySaver offers every format and writes nothing.
func emptySaver() Saver {
	return Saver{
		Formats: func() []SaveFormat {
			return []SaveFormat{{Name: "pcapng", Packets: true}, {Name: "pcap", Packets: true}, {Name: "txt"}, {Name: "html"}, {Name: "json"}, {Name: "csv"}, {Name: "wav", Note: "(stereo)"}}
		},
		Run: func(context.Context, SaveRequest, func(float64)) (SaveResult, error) { return SaveResult{}, nil },
	}
}

// What is saved is what the screen is about: of the demo, calls 4 and 6 have media,
// and the first problem is of call 6.
func TestSaveIsAboutTheScreen(t *testing.T) {
	r := readCapture(t, "../pcaps/demo.pcap", 80, 24)
	r.press("3", "Enter").has("Media #6").press("[").has("Media #4").press("S").has("this call #4").press("Esc")
	r.press("Esc", "1", "Home", "Space", "5", "S").has("this call #6", "(•) this call", "(•) html")
	orphans := readCapture(t, capturePath(t, "c0110"), 80, 24)
	orphans.press("3", "S").has("it is in no call").hasNot("Save (F2)")
}
