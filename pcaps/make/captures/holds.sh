# Holds by sendonly, inactive and 0.0.0.0, by both sides, and one refused: dialogues/holds.txt, SIPp at both ends.
dialogue_hosts 10 20
record "$OUT"
dialogue holds
record_stop
