// Package column reads what users ask for with --column: a value of each call
// that stands in its messages, under a name of their own.
package column
