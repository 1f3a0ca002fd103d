# The caller presses 1, 4 and #, sent as telephone events (RFC 4733).
two_phones
press alice '/dial sip:bob@192.0.2.20'
talk 1.5
for key in 1 4 '#'; do
	key alice "$key"
	sleep 0.6
done
sleep 1
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
fact digits '14#'
