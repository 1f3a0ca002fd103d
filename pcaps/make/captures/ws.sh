# A call from a phone with SIP over WebSocket through Kamailio to bob, who
# speaks UDP; only bob sends audio.
host proxy 5
host alice 10
host bob 20
proxy proxy -A WITH_WEBSOCKET
phone bob 192.0.2.20 "$(registered_account bob)"
wait_for '200 OK (kamailio)' "$WORK/bob/log" 5
record "$OUT"
web_phone alice ws://example.com/ 1.5 &
web=$!
wait_for 'Incoming call' "$WORK/bob/log" 10
sleep 0.7
press bob '/accept'
wait $web
sleep 0.5
record_stop
fact calls '1'
fact registrations '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
