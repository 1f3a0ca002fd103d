# Nobody responds: the phone sends its INVITE again and again until timer B
# ends the call after 32 seconds. OPTIONS from another host let the capture last
# 32 seconds longer than the last INVITE, when a bystander may say so too.
host alice 10
host bob 20
host monitor 30
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
record "$OUT"
sipp_on bob silent -i 192.0.2.20 -p 5060 -m 1 &
sleep 1
press alice '/dial sip:bob@192.0.2.20'
sleep 66
sipp_on monitor options-uac 192.0.2.10:5060 -i 192.0.2.30 -p 5060 -m 1
sleep 0.5
record_stop
fact calls '1'
fact state 'timeout'
fact retransmissions '6'
