# A busy lamp: SIPp watches bob's dialogs at Kamailio while alice calls him, he
# answers, and she hangs up; then it leaves.
host proxy 5
host alice 10
host bob 20
host carol 21
proxy proxy -A WITH_LAMPS
record "$OUT"
phone alice 192.0.2.10 "$(registered_account alice)"
phone bob 192.0.2.20 "$(registered_account bob)"
sipp_on carol lamp-uac 192.0.2.5:5060 -i 192.0.2.21 -p 5060 -m 1 &
watcher=$!
sleep 1
press alice '/dial sip:bob@example.com'
talk 2
press alice '/hangup'
wait $watcher
sleep 0.5
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
fact registrations '2'
