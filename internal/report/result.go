package report

import (
	"sipsniff/correlate"
	"sipsniff/internal/pipeline"
)

// A Result is what a report is made of.
type Result struct {
	Version  string // of the program
	Status   pipeline.Status
	Snapshot *correlate.Snapshot
}
