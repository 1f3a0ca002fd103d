# Kamailio forks a call to the two phones that are registered as bob; the second
# one answers, the first one is cancelled. Nothing is recorded before the call.
host proxy 5
host alice 10
host bob 20
host bob2 22
proxy proxy
for p in 'alice 10 alice' 'bob 20 bob' 'bob2 22 bob'; do
	set -- $p
	phone "$1" "192.0.2.$2" "$(registered_account "$3")"
	wait_for '200 OK (kamailio)' "$WORK/$1/log" 5
done
record "$OUT"
press alice '/dial sip:bob@example.com'
wait_for 'Incoming call' "$WORK/bob/log" 5
wait_for 'Incoming call' "$WORK/bob2/log" 5
sleep 1
press bob2 '/accept'
wait_for 'Call established' "$WORK/alice/log" 5
sleep 3
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
