// Package tls reads TLS connections that somebody else holds: the handshake
// as far as it is in the clear, and with the secrets of a key log or the RSA
// key of the server what was encrypted (RFC 5246, RFC 8446). It takes records
// one at a time, holds nothing but what is unfinished, and never speaks.
package tls
