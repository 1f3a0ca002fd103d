# Two proxies on the way, both record-routing: Kamailio twice with kamailio/router.cfg.
dialogue_hosts 5 6
sip_router 5 -A 'NEXT="sip:192.0.2.6:5060"'
sip_router 6
host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10 ';outbound="sip:192.0.2.5"')"
phone bob 192.0.2.20 "$(local_account bob 192.0.2.20)"
record "$OUT"
press alice '/dial sip:bob@example.com'
talk 1
press bob '/hangup'
sleep 1.5
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'callee'
