package report

import (
	"sipsniff/capture/hepnet"
	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/correlate/mos"
	"sipsniff/internal/column"
	"sipsniff/internal/pipeline"
)

// A Result is what a report is made of.
type Result struct {
	Version  string // of the program
	Status   pipeline.Status
	Snapshot *correlate.Snapshot
	Columns  column.Set // of the calls, besides those they have

	// Filter is set when Snapshot holds only the calls that match one. Its
	// totals are of the whole capture all the same.
	Filter *Filter

	// Diagnosis is what the rules say of the snapshot; nil: the report runs
	// them, as they are by default.
	Diagnosis *diagnosis.Result

	// Scorer is what the scores of the snapshot were made with.
	Scorer mos.Scorer

	// PrefixDigits is how many digits of the called number its calls are also
	// added up by; 0 for not at all.
	PrefixDigits int
	// ShowBodies shows what people wrote to each other, which is masked
	// otherwise (spec §9.14).
	ShowBodies bool
	// ShowDTMF shows which keys were pressed, likewise.
	ShowDTMF bool

	// Sent is what became of the packets for each collector of HEP.
	Sent []hepnet.Sent

	Verbose bool // print the story of every call
	single  bool // of calls that were asked for by name, see Only
}

// A Filter says which calls of a capture are in a report.
type Filter struct {
	Expression string `json:"expression"`
	Matched    int    `json:"matched"`
	Of         int    `json:"of"` // all calls that are known
}
