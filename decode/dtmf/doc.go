// Package dtmf reads key presses as telephones tell them: the events of
// RFC 4733 in RTP, and the bodies of SIP INFO. Standard library only.
package dtmf
