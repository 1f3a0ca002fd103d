# Attended transfer, a failed one, one without NOTIFY, one declined: dialogues/transfers.txt, SIPp at both ends.
dialogue_hosts 10 20 21
record "$OUT"
dialogue transfers
record_stop
