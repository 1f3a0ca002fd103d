#!/bin/bash
# live.sh [ROUNDS]
#
# Has generated calls come in on an interface at rising rates, from one core, for
# sipsniff watch and for tcpdump (and for sngrep, where SNGREP=1) on the other, with a
# ring of 64 MiB, and says what was sent, seen and dropped. RATES and CALLS are lists in words; a rate of 0 is as fast as
# the sender can. FIRST=1 has the programs go before all others of the machine. Needs
# root, Linux 5.18, ip, taskset, tcpdump and go; run it at the top of the project. With
# what is set it takes some ten minutes, 1 GB of disk and 4 GB of memory.
set -euo pipefail
rounds=${1:-1} rates=${RATES:-250000 500000 1000000 0} calls=${CALLS:-130 500 2000}
for tool in ip taskset tcpdump go; do command -v $tool >/dev/null || { echo "live: no $tool here" >&2; exit 2; }; done
[ "$(id -u)" = 0 ] || { echo "live: network namespaces need root" >&2; exit 2; }

dir=$(mktemp -d) a=live$$ child=
finish() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || true
	ip netns del $a 2>/dev/null || true
	rm -rf "$dir"
}
trap finish EXIT

go build -o "$dir/sipsniff" ./cmd/sipsniff
go build -o "$dir/gen" ./pcaps/gen/cmd
go build -o "$dir/send" ./pcaps/bench/send
ip netns add $a
ip link add va netns $a type veth peer name vb netns $a
ip netns exec $a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
for end in va vb; do ip -n $a link set $end up; done

# sender COMMAND is the sender. In real time it would starve the kernel's work for it.
sender() { if [ -n "${FIRST:-}" ]; then setsid -w sh -c 'echo -20 >/proc/self/autogroup 2>/dev/null; exec nice -n -20 "$0" "$@"' "$@"; else "$@"; fi; }

# measure TOOL RATE FILE
measure() {
	local saw run="ip netns exec $a taskset -c 0"
	[ -z "${FIRST:-}" ] || run="$run chrt -f 10"
	case $1 in
	watch) $run "$dir/sipsniff" watch -i va -q -B 65536 --events stats,call.end >"$dir/lines" 2>"$dir/errors" & ;;
	tcpdump) $run tcpdump -i va -B 65536 -w /dev/null >"$dir/lines" 2>"$dir/errors" & ;;
	sngrep) $run sngrep -d va -B 64 -N -q >"$dir/lines" 2>"$dir/errors" </dev/null & ;;
	esac
	child=$!
	sleep 1.5
	sent=$(sender ip netns exec $a taskset -c 1 "$dir/send" -i va -rate "$2" "$3")
	sleep 2
	ticks=$(awk '{ print $14 + $15 }' /proc/$child/stat)
	kill -TERM $child
	wait $child || true
	child=
	case $1 in
	watch) saw=$(grep '"ev":"stats"' "$dir/lines" | tail -1 | grep -o '"frames":[0-9]*\|"dropped":{[^}]*}' | tr '\n' ' ') ;;
	tcpdump) saw=$(grep -E 'captured|dropped' "$dir/errors" | tr '\n' ' ') ;;
	*) saw="it does not say what it saw" ;;
	esac
	printf '%-8s %s; %s; %d ms of processor time; load %s\n' "$1" "$sent" "$saw" $((ticks * 10)) "$(cut -d' ' -f1 /proc/loadavg)"
}

for n in $calls; do
	"$dir/gen" -concurrency "$n" -calls $((n > 1000 ? n * 2 : 2000)) -length "${LENGTH:-10s}" -w "$dir/calls.pcap" 2>/dev/null
	for rate in $rates; do
		echo "$n calls at once, $rate packets/s wanted"
		for ((round = 0; round < rounds; round++)); do
			for tool in watch tcpdump ${SNGREP:+sngrep}; do measure $tool "$rate" "$dir/calls.pcap"; done
		done
	done
done
