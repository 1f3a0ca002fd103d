// Package scene makes snapshots for tests: a short text becomes frames, these go
// through the whole pipeline, and what it knows in the end comes back. Captures
// of the project can be played as well.
//
// A line is one packet:
//
//	1.250 B>A 183 INVITE 1 sdp
//	^     ^   ^
//	|     |   what: METHOD CSEQ, or STATUS METHOD CSEQ
//	|     from and to: A is the caller, the other letters are callees, P is a proxy
//	seconds
//
// Lines of "host A 10.0.0.5" or "host A 10.0.0.5:5080" give a letter another
// address; without one A is 192.0.2.65:5060, B is 192.0.2.66:5060 and so on.
// Behind the CSeq may stand, in any order:
//
//	from=x to=x      tags; without them the caller has "a", each callee its
//	                 letter in lower case; an INVITE of the caller has no To tag
//	branch=x         instead of one made from link, method and CSeq
//	vias=2           how many Via headers; links of P without A have 2
//	reason=x         the reason phrase, underscores are spaces
//	uri=x            the Request-URI sip:x@example.org, or x as it stands when
//	                 there is an @ in it
//	contact=x        the Contact sip:x; "-" for none. Without it INVITE, its
//	                 responses from 101 and REGISTER have that of the sender
//	caller=x callee=x  the users of From and To instead of alice and bob
//	id=x             the Call-ID, "call" without it
//	nack             of an ACK: to a failure, with the branch of its INVITE
//	+Name:value      a header; underscores are spaces, "\_" is an underscore
//	-Name            leaves out a header that would be there
//	sdp sdp=x,y      a description of audio at port 4000 of the sender: x is a
//	                 codec in lower case (pcmu, pcma, g729, g722, opus, dtmf), a
//	                 direction, port:N, at:ADDRESS, origin:ADDRESS, ptime:N,
//	                 proto:RTP/SAVP, crypto, video, novideo, t38, zero,
//	                 attr:TEXT (underscores are spaces), version:N,
//	                 pt:N:NAME (another payload type), as:N, tias:N, rs:N, rr:N
//	body=TYPE:TEXT   another body; underscores are spaces, "|" ends a line
//	raw=TEXT         is put in front of everything else, to break a message
//
// Media, and other packets:
//
//	2.0 A>B rtp 150            packets, with pt=0 port=4000 to=4000 every=20 (ms)
//	                           ssrc=N seq=N size=160 payload=N (its octets; loud
//	                           without) mark step=N (of the timestamp) ticks=N
//	                           (the first) lose=N (each Nth) late=N by=100 (each
//	                           Nth, ms) twice dscp=46 ttl=64 pieces (fragments);
//	                           event=N end=N length=N volume=10 (RFC 4733)
//	6.0 B>A rtcp about=SSRC    a report, with port=4001 to=4001 ssrc=N highest=N
//	                           lost=N fraction=N jitter=N last=N delay=N; packets=N
//	                           ntp=N make it a sender report; count=N every=5000
//	                           (ms) step=250 (of highest and packets) for several
//	2.0 A>B hex 4000 4000 00AA a datagram of these octets
//	2.0 A>B udp 5060 5060 TEXT a datagram; underscores are spaces
//	2.0 B>A icmp 3/3 FRAME     an ICMP error that quotes frame number FRAME
//	9.0 end                    the capture goes on up to here (a packet of nobody)
package scene
