# 302 followed under a new Call-ID and not followed, 181 and Diversion, History-Info: dialogues/forwarded.txt, SIPp at both ends.
dialogue_hosts 10 20 21 40
record "$OUT"
dialogue forwarded
record_stop
