# The callee opens the audio with 183 before it answers (baresip "answermode=early"):
# the caller is heard already while it rings.
host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
phone bob 192.0.2.20 '<sip:bob@192.0.2.20>;regint=0;audio_codecs=PCMA;answermode=early'
record "$OUT"
press alice '/dial sip:bob@192.0.2.20'
wait_for 'SIP Progress: 183' "$WORK/alice/log" 5
sleep 2
press bob '/accept'
wait_for 'Call established' "$WORK/alice/log" 5
sleep 2.5
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
