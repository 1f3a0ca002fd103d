# Calls in one codec each, with what was said and what the phones themselves
# made of it beside the capture. Sourced by make.sh.

# codec_phones CODEC RATE CHANNELS MODULE [CONFIG LINE...] starts alice and bob with one codec.
# What they say is made of samples that 8 kHz codecs can express, see say, or is 16-bit speech.
codec_phones() {
	local codec=$1 rate=$2 channels=$3 module=$4 p
	shift 4
	host alice 10
	host bob 20
	for p in alice:10 bob:20; do
		voice "${p%:*}" "$codec" "$rate" "$channels" "This is ${p%:*}. The quick brown fox jumps over the lazy dog."
		phone "${p%:*}" "192.0.2.${p#*:}" "$(codec_account "${p%:*}" "192.0.2.${p#*:}" "$codec")" "$@" \
			"$([ "$module" = g711 ] || echo "module $module.so")" "module sndfile.so" "snd_path $WORK/${p%:*}"
	done
	record "$OUT"
}

codec_account() { printf '<sip:%s@%s>;regint=0;audio_codecs=%s;answermode=manual' "$1" "$2" "$3"; }

# voice HOST CODEC RATE CHANNELS WORDS... makes what a phone says, and keeps the first three seconds.
voice() {
	local host=$1 codec=$2 rate=$3 channels=$4 law
	shift 4
	mkdir -p "$WORK/$host"
	espeak-ng -w "$WORK/speech.wav" "$@"
	sox "$WORK/speech.wav" -r "$rate" -c "$channels" -b 16 "$WORK/linear.wav" pad 0 1 repeat 5
	case "$codec" in
	PCMU*) law=mu-law ;;
	PCMA*) law=a-law ;;
	*) law= ;;
	esac
	if [ -n "$law" ]; then # samples that encoding does not change
		sox "$WORK/linear.wav" -e "$law" "$WORK/law.wav"
		sox -D "$WORK/law.wav" -e signed-integer -b 16 "$WORK/$host/voice.wav"
	else
		cp "$WORK/linear.wav" "$WORK/$host/voice.wav"
	fi
	sox -D "$WORK/$host/voice.wav" "$WORK/$name.$host.wav" trim 0 3 remix 1
}

# codec_call has alice call bob; what bob's phone decoded is kept as NAME.heard.wav.
codec_call() {
	press alice '/dial sip:bob@192.0.2.20'
	talk 3
	press alice '/hangup'
	sleep 1
	record_stop
	case "$name" in
	*-pcm[ua] | *-l16) ;; # what was said is what is heard
	*) sox -D "$WORK"/bob/dump-*-dec.wav "$WORK/$name.heard.wav" remix 1 ;;
	esac
	fact calls '1'
	fact final_status '200'
	fact state 'completed'
	fact ended_by 'caller'
}
