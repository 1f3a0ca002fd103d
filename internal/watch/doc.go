// Package watch writes what happens to calls as it happens, one JSON object a
// line: endings come from the tracker, lines go to a writer that may be slow.
// It never holds up a capture: what does not fit into its bounded queue is
// left out and counted.
package watch
