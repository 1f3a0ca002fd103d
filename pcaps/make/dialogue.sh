# Plays a dialogue of dialogues/ (see dialogue.py) with one SIPp for each side of each call.
# Sourced by make.sh.

# dialogue_hosts N... puts hosts on the wire, each named hN with the address 192.0.2.N.
dialogue_hosts() {
	local n
	for n; do host "h$n" "$n"; done
}

# dialogue NAME plays one. Sides of one address and port take turns. It fails when one of the SIPp does.
dialogue() {
	local dir="$WORK/dialogue-$1" chain failed=0 pids=()
	mkdir -p "$dir"
	/usr/bin/python3 "$HERE/dialogue.py" "$HERE/dialogues/$1.txt" "$dir" >"$dir/plan" || return 1
	cat "$dir/facts" >>"$WORK/facts"
	START=$(date +%s%3N)
	for chain in $(awk -F'\t' '{print $3 ":" $4}' "$dir/plan" | sort -u); do
		dialogue_side "$dir" "$chain" &
		pids+=($!)
	done
	for chain in "${pids[@]}"; do
		wait "$chain" || failed=1
	done
	sleep 1 # tcpdump is handed packets by the block
	[ $failed = 0 ] || { echo "dialogue $1 failed; its logs are in $dir" >&2; return 1; }
}

# dialogue_side DIR ADDRESS:PORT runs the scenarios of one address and port, one after the other.
dialogue_side() {
	local dir=$1 role who address port at id remote scenario media now wait
	while IFS=$'\t' read -r role who address port at id remote scenario media; do
		local arguments=(-sf "$dir/$scenario.xml" -i "$address" -mi "$address" -mp "$media" -p "$port" -m 1 -nostdin -nd -timeout 30 -timeout_error
			-trace_err -error_file "$dir/$scenario.err" -cid_str "$id")
		if [ "$role" = caller ]; then
			now=$(date +%s%3N)
			wait=$((START + 1000 + at - now))
			[ $wait -le 0 ] || sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
			arguments+=("$remote")
		fi
		on "h${address##*.}" sipp "${arguments[@]}" >"$dir/$scenario.screen" 2>&1 </dev/null || {
			echo "$scenario: SIPp says $?" >&2
			tail -3 "$dir/$scenario.err" >&2 2>/dev/null
			return 1
		}
	done < <(awk -F'\t' -v place="$2" '$3 ":" $4 == place' "$dir/plan")
}

# sip_router N [OPTIONS...] starts Kamailio with kamailio/router.cfg on the host 192.0.2.N.
sip_router() {
	local n=$1 tries=100
	shift
	mkdir -p "$WORK/router$n"
	chmod a+rwX "$WORK" "$WORK/router$n"
	on "h$n" kamailio -f "$HERE/kamailio/router.cfg" -DD -E -m 32 -M 4 -Y "$WORK/router$n" -A "ADDRESS=192.0.2.$n" "$@" >"$WORK/router$n.log" 2>&1 &
	disown
	until on "h$n" bash -c "</dev/tcp/192.0.2.$n/5060" 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { tail -5 "$WORK/router$n.log" >&2; return 1; }
		sleep 0.1
	done
}

# b2bua N NEXT [WORDS...] starts b2bua.py on the host 192.0.2.N; it sends calls on to NEXT.
b2bua() {
	local n=$1 next=$2 tries=100
	shift 2
	on "h$n" /usr/bin/python3 "$HERE/b2bua.py" "192.0.2.$n:5060" "$next" "$@" >"$WORK/b2bua$n.log" 2>&1 &
	disown
	until on "h$n" grep -q ':13C4 ' /proc/net/udp; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { cat "$WORK/b2bua$n.log" >&2; return 1; }
		sleep 0.1
	done
}
