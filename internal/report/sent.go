package report

import (
	"fmt"

	"sipsniff/capture/hepnet"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// SentLine says what became of the packets for a collector of HEP.
func SentLine(to hepnet.Sent) string {
	line := fmt.Sprintf("%s: %s HEP packets sent, %s dropped", clean.Line(to.Name), amount.Grouped(to.Sent), amount.Grouped(to.Dropped))
	if to.Truncated > 0 {
		line += fmt.Sprintf(", %s too long and sent without their end", amount.Grouped(to.Truncated))
	}
	if to.Error != "" {
		line += fmt.Sprintf("; %s failures, the latest: %s", amount.Grouped(to.Failed), clean.Line(to.Error))
	}
	return line
}
