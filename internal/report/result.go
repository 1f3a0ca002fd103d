package report

import (
	"sipsniff/capture/hepnet"
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
)

// A Result is what a report is made of.
type Result struct {
	Version  string // of the program
	Status   pipeline.Status
	Snapshot *correlate.Snapshot

	// Sent is what became of the packets for each collector of HEP.
	Sent []hepnet.Sent
}
