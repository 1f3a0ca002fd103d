# The same with X-CID, the Call-ID of the leg before, in each INVITE.
dialogue_hosts 6 7 10 20
b2bua 6 192.0.2.7:5060 drop=+1 cid=X-CID
b2bua 7 192.0.2.20:5060+ add=001 cid=X-CID
record "$OUT"
dialogue b2bua
record_stop
