# It rings for three seconds, then SIPp gives up with 480.
host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
record "$OUT"
sipp_on bob no-answer -i 192.0.2.20 -p 5060 -m 1 &
sleep 1
press alice '/dial sip:bob@192.0.2.20'
wait_for '480' "$WORK/alice/log" 8
sleep 0.5
record_stop
fact calls '1'
fact final_status '480'
fact state 'no_answer'
