# Three callers of one focus, one of them by Join: dialogues/conference.txt, SIPp at both ends.
dialogue_hosts 10 20 21 50
record "$OUT"
dialogue conference
record_stop
