# Three calls through two B2BUAs (b2bua.py) that pass on no header and write the numbers differently: +1 202 …, 202 …, 001 202 …;
# three legs each, between the SIPp of dialogues/b2bua.txt.
dialogue_hosts 6 7 10 20
b2bua 6 192.0.2.7:5060 drop=+1
b2bua 7 192.0.2.20:5060+ add=001
record "$OUT"
dialogue b2bua
record_stop
