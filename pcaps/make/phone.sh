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

# phone HOST ADDRESS ACCOUNT [CONFIG LINE...] starts baresip on a host, in the
# environment of $ENVIRONMENT; its audio is a file, unless $AUDIO names a device. Its console listens on UDP 5555 of the host's own loopback; see press.
phone() {
	local host=$1 address=$2 account=$3 dir="$WORK/$1"
	shift 3
	mkdir -p "$dir"
	touch "$dir/contacts"
	printf '%s\n' "$account" >"$dir/accounts"
	[ -f "$dir/voice.wav" ] || speech "$dir/voice.wav" "This is $host. The quick brown fox jumps over the lazy dog."
	{
		cat <<-CONFIG
			poll_method epoll
			sip_listen $address:5060
			call_local_timeout 60
			call_max_calls 4
			audio_player ${AUDIO:-aufile,$dir/heard.wav}
			audio_source ${AUDIO:-aufile,$dir/voice.wav}
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
	(cd "$dir" && exec ip netns exec "sipcap-$host" env "${ENVIRONMENT[@]}" baresip -f "$dir" -v) >"$dir/log" 2>&1 </dev/null &
	disown
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

# proxy HOST [OPTIONS...] starts Kamailio with kamailio/proxy.cfg on a host that must be .5.
# Its subscribers are alice, bob, carol and dave, each with the password "secret".
proxy() {
	cp -r /usr/share/kamailio/dbtext/kamailio "$WORK/db"
	printf '%s\n' 1:alice:example.com:secret:-:- 2:bob:example.com:secret:-:- 3:carol:example.com:secret:-:- 4:dave:example.com:secret:-:- >>"$WORK/db/subscriber"
	chmod -R a+rwX "$WORK"
	ip netns exec "sipcap-$1" env "${ENVIRONMENT[@]}" kamailio -f "$HERE/kamailio/proxy.cfg" -DD -E -m 32 -M 4 -Y "$WORK" \
		-A "DBDIR=\"text://$WORK/db\"" "${@:2}" >"$WORK/kamailio.log" 2>&1 &
	disown
	local tries=100 port=5060
	case "$*" in
	*WITH_TLS*) port=5061 ;;
	*WITH_WEBSOCKET*) port=80 ;;
	esac
	until on "$1" bash -c "</dev/tcp/192.0.2.5/$port" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "kamailio does not start:" >&2; tail -5 "$WORK/kamailio.log" >&2; return 1; }
		sleep 0.1
	done
}

# local_account NAME ADDRESS [PARAMETERS] is an account without a registrar.
local_account() { printf '<sip:%s@%s>;regint=0;audio_codecs=PCMA;answermode=manual%s' "$1" "$2" "${3:-}"; }

# registered_account NAME [PARAMETERS] registers at the proxy.
registered_account() {
	printf '<sip:%s@example.com>;auth_user=%s;auth_pass=secret;outbound="sip:192.0.2.5";regint=600;audio_codecs=PCMU;answermode=manual%s' "$1" "$1" "${2:-}"
}

# two_phones starts alice (.10) and bob (.20) and the recording.
two_phones() {
	host alice 10
	host bob 20
	phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)" "$@"
	phone bob 192.0.2.20 "$(local_account bob 192.0.2.20)" "$@"
	record "$OUT"
}

# talk SECONDS lets bob answer alice's call after a second.
talk() {
	wait_for 'Incoming call' "$WORK/bob/log" 5
	sleep 1.2
	press bob '/accept'
	wait_for 'Call established' "$WORK/alice/log" 5
	sleep "$1"
}

# key HOST KEY presses a single key.
key() {
	on "$1" bash -c "printf '%s' '$2' >/dev/udp/127.0.0.1/5555"
}

# contact HOST ENTRY gives the phone that will be started on a host an address book.
contact() {
	mkdir -p "$WORK/$1"
	printf '%s\n' "$2" >>"$WORK/$1/contacts"
}
