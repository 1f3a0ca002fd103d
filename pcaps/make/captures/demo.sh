# What make demo opens: a small office behind Kamailio. Alice, Bob and Dave
# register; Alice and Bob talk over a good line; Bob declines a call; Dave, who
# sits behind a road on which tc netem loses 8 % and delays by 40 ms, 15 ms more
# or less, talks to Bob; Alice dials a number nobody has; Alice gives up while it
# rings. Recorded on the wire at Bob's and the proxy's side of the road.
road delay 40ms 15ms loss 8%
host proxy 5
host alice 10
host bob 20
far_host dave 40
proxy proxy
record "$OUT"
for p in 'bob 20' 'alice 10' 'dave 40'; do
	set -- $p
	phone "$1" "192.0.2.$2" "$(registered_account "$1")"
	wait_for '200 OK (kamailio)' "$WORK/$1/log" 15
done

# call_bob CALLER waits until bob rings.
call_bob() {
	rings=$(tr '\r' '\n' <"$WORK/bob/log" | grep -ca 'Incoming call' || true)
	press "$1" '/dial sip:bob@example.com'
	for _ in $(seq 100); do
		[ "$(tr '\r' '\n' <"$WORK/bob/log" | grep -ca 'Incoming call' || true)" -gt "$rings" ] && return
		sleep 0.1
	done
	return 1
}

call_bob alice
sleep 1.5
press bob '/accept'
sleep 8
press alice '/hangup'
sleep 1
call_bob alice
sleep 1
press bob '/hangup'
sleep 1
call_bob dave
sleep 1.5
press bob '/accept'
sleep 10
press dave '/hangup'
sleep 2
press alice '/dial sip:nobody@example.com'
sleep 1
call_bob alice
sleep 2
press alice '/hangup'
sleep 1
record_stop
road_report >"$WORK/$name.netem"
fact calls '5'
fact registrations '3'
fact final_status '200,486,200,404,487'
fact state 'completed,busy,completed,failed,cancelled'
