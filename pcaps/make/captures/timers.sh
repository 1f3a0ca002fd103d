# Session timers: refreshed by re-INVITE and UPDATE; 422 and a longer one: dialogues/timers.txt, SIPp at both ends.
dialogue_hosts 10 20
record "$OUT"
dialogue timers
record_stop
