# Forks of a proxy, Kamailio with kamailio/router.cfg, between the SIPp of dialogues/forks.txt: serial, all branches fail,
# two answers, cancelled.
dialogue_hosts 5 10 20 21
sip_router 5
record "$OUT"
dialogue forks
record_stop
