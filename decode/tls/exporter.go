package tls

// Export derives keying material for another protocol from the master secret
// of a connection of TLS 1.2 or before, without a context (RFC 5705 §4).
func Export(version, suite uint16, master []byte, label string, client, server Random, n int) []byte {
	s := suiteOf(suite)
	return prf(version, s.prf, master, label, append(client[:], server[:]...), n)
}
