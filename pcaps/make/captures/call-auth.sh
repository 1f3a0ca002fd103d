# Kamailio challenges the INVITE with 407; the second one carries the digest.
host proxy 5
host carol 21
host bob 20
proxy proxy
phone bob 192.0.2.20 "$(registered_account bob)"
wait_for '200 OK (kamailio)' "$WORK/bob/log" 5
phone carol 192.0.2.21 "$(registered_account carol)"
wait_for '200 OK (kamailio)' "$WORK/carol/log" 5
record "$OUT"
press carol '/dial sip:bob@example.com'
wait_for 'Incoming call' "$WORK/bob/log" 5
sleep 0.7
press bob '/accept'
wait_for 'Call established' "$WORK/carol/log" 5
sleep 2
press bob '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'callee'
