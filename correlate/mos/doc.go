// Package mos makes one estimate of quality from what was measured of a
// stream (correlate/quality) and what is known of its codec (emodel). It is a
// function of its arguments; nothing is kept.
package mos
