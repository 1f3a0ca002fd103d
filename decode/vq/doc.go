// Package vq reads what telephones report of their calls: voice quality
// reports (RFC 6035) and the statistics headers of BYE. Text comes in, values
// go out. What is not there, or makes no sense, is absent.
package vq
