# Reliable 183 with audio, PRACK, UPDATE before the answer: dialogues/reliable.txt, SIPp at both ends.
dialogue_hosts 10 20
record "$OUT"
dialogue reliable
record_stop
