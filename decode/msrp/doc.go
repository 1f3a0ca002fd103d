// Package msrp reads the Message Session Relay Protocol (RFC 4975, RFC 4976)
// off a stream of octets: which requests and responses went by and how long
// their bodies were. Bodies are counted and never kept.
package msrp
