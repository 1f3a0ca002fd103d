// Package hide takes out of captured frames what is not to be handed on: telephone numbers and names of users, IP
// addresses, credentials, sound. Frames come in, frames of the same length go out, so that lengths, sequence numbers
// and Content-Length stay true and a reader finds the same calls with the same quality. What is the same before is
// the same after, and nothing else is. A frame of which it is not sure never goes out: it is left out, and counted.
package hide
