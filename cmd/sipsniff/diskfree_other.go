//go:build !linux && !darwin && !freebsd

package main

// diskFree does not know.
func diskFree(string) (octets uint64, ok bool) { return 0, false }
