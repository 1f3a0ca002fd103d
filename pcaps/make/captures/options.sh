# SIPp asks a phone five times whether it is there.
host alice 10
host monitor 30
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
record "$OUT"
sipp_on monitor options-uac 192.0.2.10:5060 -i 192.0.2.30 -p 5060 -m 5 -r 5
sleep 0.5
record_stop
fact calls '0'
