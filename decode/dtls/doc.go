// Package dtls looks on at DTLS handshakes (RFC 6347, RFC 9147): who is the
// client, what both said in clear, and with a master secret from elsewhere
// the keys for SRTP that come of it (RFC 5764). It decrypts nothing.
package dtls
