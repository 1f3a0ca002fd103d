package report

import (
	"fmt"

	"sipsniff/capture/hepnet"
	"sipsniff/internal/clean"
)

// SentLine says what became of the packets for a collector of HEP.
func SentLine(to hepnet.Sent) string {
	line := fmt.Sprintf("%s: %d HEP packets sent, %d dropped", clean.Line(to.Name), to.Sent, to.Dropped)
	if to.Truncated > 0 {
		line += fmt.Sprintf(", %d too long and sent without their end", to.Truncated)
	}
	if to.Error != "" {
		line += fmt.Sprintf("; %d failures, the latest: %s", to.Failed, clean.Line(to.Error))
	}
	return line
}
