// Package extract finds the frames of calls in a capture: those of their
// messages, with the IP fragments and TCP segments that brought them, and
// those of their media.
package extract
