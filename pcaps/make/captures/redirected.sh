# SIPp sends alice on to carol with 302; her phone follows.
host alice 10
host bob 20
host carol 21
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
phone carol 192.0.2.21 "$(local_account carol 192.0.2.21)"
record "$OUT"
sipp_on bob redirect -i 192.0.2.20 -p 5060 -m 1 &
sleep 1
press alice '/dial sip:bob@192.0.2.20'
wait_for 'Incoming call' "$WORK/carol/log" 5
sleep 1
press carol '/accept'
wait_for 'Call established' "$WORK/alice/log" 5
sleep 2
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
