# A plain call, phone to phone, PCMA both ways; the caller hangs up.
host alice 10
host bob 20
phone alice 192.0.2.10 '<sip:alice@192.0.2.10;transport=udp>;regint=0;audio_codecs=PCMA'
phone bob 192.0.2.20 '<sip:bob@192.0.2.20;transport=udp>;regint=0;answermode=manual;audio_codecs=PCMA'
record "$OUT"
press alice '/dial sip:bob@192.0.2.20'
wait_for 'Incoming call' "$WORK/bob/log" 5
sleep 1.2
press bob '/accept'
wait_for 'Call established' "$WORK/alice/log" 5
sleep 6
press alice '/hangup'
sleep 1
record_stop
