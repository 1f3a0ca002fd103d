# The caller puts the callee on hold for two seconds, then takes the call up again.
two_phones
press alice '/dial sip:bob@192.0.2.20'
talk 2
press alice '/hold'
sleep 2
press alice '/resume'
sleep 2
press bob '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'callee'
