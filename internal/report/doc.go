// Package report writes what was found, for people as text and for programs
// as JSON in the shape that the contract of the command line promises.
// Unknown values are left out, never written as 0.
package report
