// Package health says how far a capture can be trusted: what was lost, cut or
// captured twice, how its clock went, and which side of a talk it shows. It
// judges the capture, not the calls in it.
package health
