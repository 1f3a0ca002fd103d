# A call with SIP over TCP, phone to phone.
two_phones
press alice '/dial sip:bob@192.0.2.20;transport=tcp'
talk 3
press bob '/hangup'
sleep 1.5
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'callee'
