# SRTP on the wire. What the phones say is kept beside the capture, so that a
# test can compare it with what it decrypts. Sourced by make.sh.

# say HOST WORDS... makes what a phone says of samples that A-law can express,
# so that encoding changes none of them, and keeps the first four seconds as
# NAME.HOST.wav.
say() {
	local host=$1
	shift
	mkdir -p "$WORK/$host"
	speech "$WORK/linear.wav" "$@"
	sox "$WORK/linear.wav" -e a-law "$WORK/law.wav"
	sox -D "$WORK/law.wav" -e signed-integer -b 16 "$WORK/$host/voice.wav"
	sox -D "$WORK/$host/voice.wav" "$WORK/$name.$host.wav" trim 0 4
}

# two_secure_phones ENCRYPTION MODULE starts alice and bob, who encrypt their media.
two_secure_phones() {
	local p
	host alice 10
	host bob 20
	for p in alice:10 bob:20; do
		say "${p%:*}" "This is ${p%:*}. Nobody else can hear us."
		phone "${p%:*}" "192.0.2.${p#*:}" "$(local_account "${p%:*}" "192.0.2.${p#*:}" ";mediaenc=$1")" "module $2.so"
	done
	record "$OUT"
}

# secure_call has alice call bob for a few seconds.
secure_call() {
	press alice '/dial sip:bob@192.0.2.20'
	talk 3
	press alice '/hangup'
	sleep 1
	record_stop
	fact calls '1'
	fact final_status '200'
	fact state 'completed'
	fact ended_by 'caller'
}
