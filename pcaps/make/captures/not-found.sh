# A call to a subscriber whom Kamailio does not know: 404.
host proxy 5
host alice 10
proxy proxy
phone alice 192.0.2.10 "$(registered_account alice)"
wait_for '200 OK (kamailio)' "$WORK/alice/log" 5
record "$OUT"
press alice '/dial sip:nobody@example.com'
wait_for '404' "$WORK/alice/log" 5
sleep 0.5
record_stop
fact calls '1'
fact final_status '404'
fact state 'failed'
