package page

import (
	"time"

	"sipsniff/correlate"
)

// Options choose how pictures and pages are written.
type Options struct {
	ShowKeys bool           // which keys were pressed; stars stand for them otherwise
	Location *time.Location // of clocks; nil for UTC

	// Link returns the address that the arrow of a message leads to, "" for
	// none; nil: no arrow leads anywhere.
	Link func(*correlate.Message) string
	// Marks are frames that a finding names, with how bad it is.
	Marks map[int]correlate.Severity
}

func (o *Options) location() *time.Location {
	if o.Location == nil {
		return time.UTC
	}
	return o.Location
}

func (o *Options) clock(nanos int64) string {
	return time.Unix(0, nanos).In(o.location()).Format("15:04:05.000")
}

func (o *Options) moment(nanos int64) string {
	if nanos == 0 {
		return ""
	}
	return time.Unix(0, nanos).In(o.location()).Format("2006-01-02 15:04:05.000")
}
