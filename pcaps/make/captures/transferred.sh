# Blind transfer: alice, talking to bob, refers him to carol.
host carol 21
phone carol 192.0.2.21 "$(local_account carol 192.0.2.21)"
two_phones
press alice '/dial sip:bob@192.0.2.20'
talk 2
press alice '/transfer sip:carol@192.0.2.21'
wait_for 'Incoming call' "$WORK/carol/log" 5
sleep 0.8
press carol '/accept'
sleep 2.5
press carol '/hangup'
sleep 1
press alice '/hangup'
sleep 1
record_stop
fact calls '2'
fact final_status '200,200'
fact state 'completed,completed'
fact ended_by 'caller,callee'
