// Package quality is the arithmetic on one stream: sequence accounting, jitter
// and packet spacing. No clock, no goroutine, no maps; the standard library only.
package quality
