# Twenty calls between two SIPp, all over one TCP connection, without audio.
host alice 10
host bob 20
record "$OUT"
(cd "$WORK" && exec ip netns exec sipcap-bob timeout 30 sipp -sn uas -t t1 -i 192.0.2.20 -p 5060 -nostdin -m 20) >"$WORK/uas.screen" 2>&1 &
sleep 1
sipp_on alice call-uac 192.0.2.20:5060 -t t1 -i 192.0.2.10 -p 5062 -m 20 -r 20
sleep 1
record_stop
fact calls '20'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
