// Package detect judges whether packets that nothing describes are a stream of
// RTP, and guesses what it carries (spec §5.4 and its appendix B). It has no
// state and no clock: packets in, a verdict out.
package detect
