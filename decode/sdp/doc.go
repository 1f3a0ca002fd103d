// Package sdp reads session descriptions (RFC 8866) tolerantly: a body with
// faults still gives every media line that can be understood, and the faults
// become findings. It uses the standard library only.
package sdp
