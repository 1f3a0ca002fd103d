# Phones (baresip), SIPp and Kamailio on the hosts of net.sh. Sourced by make.sh.

MODULES=/usr/lib/baresip/modules
[ -d "$MODULES" ] || MODULES=/usr/lib/$(uname -m)-linux-gnu/baresip/modules

# speech FILE WORDS... makes a wave file of 8 kHz speech.
speech() {
	local file=$1
	shift
	espeak-ng -w "$WORK/speech.wav" "$@"
	sox "$WORK/speech.wav" -r 8000 -c 1 -b 16 "$file" pad 0 1 repeat 5
}

# phone HOST ADDRESS ACCOUNT [CONFIG LINE...] starts baresip on a host. Its
# console listens on UDP 5555 of the host's own loopback; see press.
phone() {
	local host=$1 address=$2 account=$3 dir="$WORK/$1"
	shift 3
	mkdir -p "$dir"
	: >"$dir/contacts"
	printf '%s\n' "$account" >"$dir/accounts"
	[ -f "$dir/voice.wav" ] || speech "$dir/voice.wav" "This is $host. The quick brown fox jumps over the lazy dog."
	{
		cat <<-CONFIG
			poll_method epoll
			sip_listen $address:5060
			call_local_timeout 60
			call_max_calls 4
			audio_player aufile,$dir/heard.wav
			audio_source aufile,$dir/voice.wav
			audio_alert aufile,$dir/alert.wav
			audio_path /usr/share/baresip
			audio_buffer 20-160
			rtp_tos 184
			rtp_ports 10000-10100
			rtcp_mux no
			jitter_buffer_delay 2-10
			rtp_stats yes
			module_path $MODULES
			cons_listen 127.0.0.1:5555
			module cons.so
			module g711.so
			module aufile.so
			module_tmp uuid.so
			module_tmp account.so
			module_app menu.so
			module_app debug_cmd.so
			ring_aufile none
			ringback_aufile none
		CONFIG
		printf '%s\n' "$@"
	} >"$dir/config"
	(cd "$dir" && exec ip netns exec "sipcap-$host" baresip -f "$dir" -v) >"$dir/log" 2>&1 </dev/null &
	wait_for "baresip is ready" "$dir/log" 10
}

# press HOST TEXT types a command on the console of a phone.
press() {
	on "$1" bash -c "printf '%s\n' '$2' >/dev/udp/127.0.0.1/5555"
}

# wait_for TEXT FILE SECONDS waits until a log says something.
wait_for() {
	local tries=$(($3 * 20))
	until grep -qa -- "$1" "$2" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "no '$1' in $2:" >&2; tail -5 "$2" >&2; return 1; }
		sleep 0.05
	done
}

# sipp_on HOST SCENARIO ARGUMENTS... runs SIPp with a scenario of sipp/ in the
# foreground; its statistics end in $WORK/HOST-SCENARIO.csv.
sipp_on() {
	local host=$1 scenario=$2
	shift 2
	(cd "$WORK" && on "$host" timeout 90 sipp -sf "$HERE/sipp/$scenario.xml" -nostdin -trace_stat -fd 1 \
		-stf "$WORK/$host-$scenario.csv" -trace_err -error_file "$WORK/$host-$scenario.err" "$@" \
		>"$WORK/$host-$scenario.screen" 2>&1)
}

# kamailio_on HOST CONFIG starts Kamailio with a configuration of kamailio/.
kamailio_on() {
	local host=$1 config=$2
	cp -r "$HERE/kamailio/db" "$WORK/db"
	on "$host" kamailio -f "$HERE/kamailio/$config.cfg" -DD -E -m 32 -M 4 -w "$WORK" \
		-A "DBDIR=\"text://$WORK/db\"" >"$WORK/kamailio.log" 2>&1 &
	sleep 1.5
}
