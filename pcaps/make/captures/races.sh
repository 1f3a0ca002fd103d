# CANCEL crossing the 200 both ways, re-INVITE crossing re-INVITE (491), BYE crossing BYE: dialogues/races.txt, SIPp at both ends.
dialogue_hosts 10 20
record "$OUT"
dialogue races
record_stop
