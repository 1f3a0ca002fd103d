// Package audio turns the payload of RTP packets into samples, and samples
// into WAV files and levels. It knows no packets, no calls and no clock.
package audio
