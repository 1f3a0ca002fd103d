# The same as ws with TLS: nginx on port 443 opens it and hands the WebSocket to
# Kamailio on the same host. The phone logs the keys.
host proxy 5
host alice 10
host bob 20
proxy proxy -A WITH_WEBSOCKET
phone bob 192.0.2.20 "$(registered_account bob)"
wait_for '200 OK (kamailio)' "$WORK/bob/log" 5
mkdir "$WORK/nginx"
certificate "$WORK/nginx/server" example.com
front proxy
record "$OUT"
web_phone alice wss://example.com/ 1.5 "$WORK/nginx/server.crt" &
web=$!
wait_for 'Incoming call' "$WORK/bob/log" 10
sleep 0.7
press bob '/accept'
wait $web
sleep 0.5
record_stop
keep_keys
fact calls '1'
fact registrations '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
