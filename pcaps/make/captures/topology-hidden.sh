# Kamailio hides the topology (module topoh): the Call-ID, Via, Contact and Record-Route beyond it are its own.
dialogue_hosts 5
sip_router 5 -A WITH_TOPOH
host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10 ';outbound="sip:192.0.2.5"')"
phone bob 192.0.2.20 "$(local_account bob 192.0.2.20)"
record "$OUT"
press alice '/dial sip:bob@example.com'
talk 1
press alice '/hangup'
sleep 1.5
record_stop
fact calls '2'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
fact legs '2'
