# Two registrations with digest at Kamailio: alice's password is right, mallory's
# is wrong. Alice unregisters when her phone is switched off.
host proxy 5
host alice 10
host mallory 66
proxy proxy
record "$OUT"
phone alice 192.0.2.10 '<sip:alice@example.com>;auth_user=alice;auth_pass=secret;regint=600;outbound="sip:192.0.2.5"'
wait_for '200 OK (kamailio) \[1 binding' "$WORK/alice/log" 5
phone mallory 192.0.2.66 '<sip:bob@example.com>;auth_user=bob;auth_pass=guess;regint=600;outbound="sip:192.0.2.5"'
wait_for '401 Unauthorized' "$WORK/mallory/log" 5
press alice '/quit'
sleep 1
record_stop
fact calls '0'
fact registrations '2'
fact final_status '200,401'
