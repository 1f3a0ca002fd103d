// Package press puts key presses together: of the events of RFC 4733 that a
// stream carries, and of tones in its sound. Arithmetic on one stream: no
// clock, no goroutine, no maps.
package press
