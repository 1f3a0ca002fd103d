# The same with Session-ID passed on both ways: dialogues/session-id.txt.
dialogue_hosts 6 7 10 20
b2bua 6 192.0.2.7:5060 drop=+1 keep=Session-ID
b2bua 7 192.0.2.20:5060+ add=001 keep=Session-ID
record "$OUT"
dialogue session-id
record_stop
