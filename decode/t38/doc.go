// Package t38 reads fax over IP: UDPTL and the packets in it (ITU-T T.38), and
// of T.30 what says how the fax went. Standard library only.
package t38
