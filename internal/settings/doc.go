// Package settings reads and writes the file in which users keep what they
// like: keys, looks, limits. It knows no screen and no flag; whoever reads it
// decides what the values mean.
package settings
