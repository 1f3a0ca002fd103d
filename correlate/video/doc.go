// Package video accounts the frames of one video stream: how many came whole,
// where the picture stood still, and the key frames. Arithmetic on one stream:
// no clock, no goroutine, no maps.
package video
