# A plain call, phone to phone, PCMA both ways; the caller hangs up.
two_phones
press alice '/dial sip:bob@192.0.2.20'
talk 6
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
