// Package fax accounts what one side of a fax call sends over T.38: its
// losses, what redundancy made good of them, and how far the fax got.
// Arithmetic on one stream: no clock, no goroutine, no maps.
package fax
