# The callee declines: 486 Busy Here.
two_phones
press alice '/dial sip:bob@192.0.2.20'
wait_for 'Incoming call' "$WORK/bob/log" 5
sleep 0.5
press bob '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '486'
fact state 'busy'
