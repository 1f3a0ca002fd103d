#!/bin/bash
# live.sh [ROUNDS]
#
# Sends generated calls over a veth pair at rising rates, from one core, to
# sipsniff watch and to tcpdump on the other, with a ring of 64 MiB, and says what
# was sent, seen and dropped. RATES and CALLS are lists in words; a rate of 0 is as
# fast as the sender can. Needs root, ip, taskset, tcpdump and go; run it at the top
# of the project. With what is set it takes some ten minutes and 2 GB of disk.
set -euo pipefail
rounds=${1:-1} rates=${RATES:-100000 250000 500000 750000 0} calls=${CALLS:-130 500 2000}
for tool in ip taskset tcpdump go; do command -v $tool >/dev/null || { echo "live: no $tool here" >&2; exit 2; }; done
[ "$(id -u)" = 0 ] || { echo "live: network namespaces need root" >&2; exit 2; }

dir=$(mktemp -d) a=live$$-a b=live$$-b child=
finish() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || true
	for ns in $a $b; do ip netns del $ns 2>/dev/null || true; done
	rm -rf "$dir"
}
trap finish EXIT

go build -o "$dir/sipsniff" ./cmd/sipsniff
go build -o "$dir/gen" ./pcaps/gen/cmd
go build -o "$dir/send" ./pcaps/bench/send
ip netns add $a
ip netns add $b
ip link add va netns $a type veth peer name vb netns $b
for end in "$a va" "$b vb"; do
	set -- $end
	ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip -n $1 link set $2 up
done

# measure TOOL RATE FILE
measure() {
	local saw
	if [ "$1" = watch ]; then
		ip netns exec $a taskset -c 0 "$dir/sipsniff" watch -i va -q -B 65536 --events stats,call.end >"$dir/lines" 2>"$dir/errors" &
	else
		ip netns exec $a taskset -c 0 tcpdump -i va -B 65536 -w /dev/null >"$dir/lines" 2>"$dir/errors" &
	fi
	child=$!
	sleep 1.5
	sent=$(ip netns exec $b taskset -c 1 "$dir/send" -i vb -rate "$2" "$3")
	sleep 2
	ticks=$(awk '{ print $14 + $15 }' /proc/$child/stat)
	kill -TERM $child
	wait $child || true
	child=
	if [ "$1" = watch ]; then
		saw=$(grep '"ev":"stats"' "$dir/lines" | tail -1 | grep -o '"frames":[0-9]*\|"dropped":{[^}]*}' | tr '\n' ' ')
	else
		saw=$(grep -E 'captured|dropped' "$dir/errors" | tr '\n' ' ')
	fi
	printf '%-8s %s; %s; %d ms of processor time; load %s\n' "$1" "$sent" "$saw" $((ticks * 10)) "$(cut -d' ' -f1 /proc/loadavg)"
}

for n in $calls; do
	"$dir/gen" -concurrency "$n" -calls $((n * 2)) -length 20s -w "$dir/calls.pcap" 2>/dev/null
	for rate in $rates; do
		echo "$n calls at once, $rate packets/s wanted"
		for ((round = 0; round < rounds; round++)); do
			for tool in watch tcpdump; do measure $tool "$rate" "$dir/calls.pcap"; done
		done
	done
done
