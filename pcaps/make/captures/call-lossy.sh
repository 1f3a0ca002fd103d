# A call over a road on which tc netem loses 5 % of all packets and delays the
# rest by 40 ms, 8 ms more or less; recorded at bob's end of it. What alice sends
# has crossed the road, what bob sends has it before it. call-lossy.netem is
# what netem counted: first towards bob, then towards alice.
road delay 40ms 8ms loss 5%
far_host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
phone bob 192.0.2.20 "$(local_account bob 192.0.2.20)"
record "$OUT"
press alice '/dial sip:bob@192.0.2.20'
talk 9
press alice '/hangup'
sleep 2
record_stop
road_report >"$WORK/$name.netem"
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
