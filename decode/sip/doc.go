// Package sip turns the octets of a SIP message (RFC 3261) into a Message.
// It is forgiving in what it reads and exact about what it saw: every message
// with a start line is understood as far as possible, and what is wrong with
// it becomes a Finding with a place. It uses the standard library only.
package sip
