# The caller gives up while it rings.
two_phones
press alice '/dial sip:bob@192.0.2.20'
wait_for 'Incoming call' "$WORK/bob/log" 5
sleep 1.5
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '487'
fact state 'cancelled'
