#!/bin/bash
# live.sh
#
# Has generated calls come in on an interface at rising rates, from one core, for
# sipsniff watch and for tcpdump on the other, with a ring of 64 MiB, and says what was
# sent, dropped and spent: a line for each run, and in the end a table of medians.
#
#   REPEAT=3         runs of each program, by turns; 1 without
#   SNGREP=1         measures sngrep too, which keeps its calls in memory (-N -q)
#   SCREEN=1         measures the terminal UI too, open in a tmux of 160x45; what it
#                    dropped is read off its screen, where 57,614 are "57.6k", since only
#                    it is told by the kernel
#   RATES="500000 0" packets a second, 0 is as fast as the sender can
#   CALLS="130 500"  calls at once
#   LENGTH=10s       of each call
#   MOST=60          seconds that a run may last: what a program did not take by then is lost
#   FIRST=1          has the programs go before all others of the machine
#
# What was dropped is asked of the kernel (pcaps/bench/lost), in the same way for each
# program. Needs root, Linux 5.18, ip, taskset, tcpdump and go; run it at the top of the
# project. With what is set it takes some ten minutes, 1 GB of disk and 4 GB of memory.
set -euo pipefail
repeat=${REPEAT:-1} rates=${RATES:-250000 500000 1000000 0} calls=${CALLS:-130 500 2000} most=${MOST:-60}
for tool in ip taskset tcpdump go timeout ${SNGREP:+sngrep} ${SCREEN:+tmux}; do command -v $tool >/dev/null || { echo "live: no $tool here" >&2; exit 2; }; done
[ "$(id -u)" = 0 ] || { echo "live: network namespaces need root" >&2; exit 2; }

dir=$(mktemp -d) a=live$$ child=
finish() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || true
	[ -z "${SCREEN:-}" ] || tmux -L $a kill-server 2>/dev/null || true
	ip netns del $a 2>/dev/null || true
	rm -rf "$dir"
}
trap finish EXIT

go build -o "$dir/sipsniff" ./cmd/sipsniff
go build -o "$dir/gen" ./pcaps/gen/cmd
go build -o "$dir/send" ./pcaps/bench/send
go build -o "$dir/lost" ./pcaps/bench/lost
ip netns add $a
ip link add va netns $a type veth peer name vb netns $a
ip netns exec $a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
for end in va vb; do ip -n $a link set $end up; done

# sender COMMAND is the sender. In real time it would starve the kernel's work for it.
sender() { if [ -n "${FIRST:-}" ]; then setsid -w sh -c 'echo -20 >/proc/self/autogroup 2>/dev/null; exec nice -n -20 "$0" "$@"' "$@"; else "$@"; fi; }

# numbers TEXT are the numbers in it.
numbers() { grep -o '[0-9.]*[0-9]' <<<"$1" | tr '\n' ' '; }

# measure CALLS TOOL RATE FILE
measure() {
	local run="ip netns exec $a taskset -c 0" sent given dropped ticks
	[ -z "${FIRST:-}" ] || run="$run chrt -f 10"
	case $2 in
	watch) $run "$dir/sipsniff" watch -i va -q -B 65536 --events stats,call.end >"$dir/lines" 2>"$dir/errors" & ;;
	tcpdump) $run tcpdump -i va -B 65536 -w /dev/null >"$dir/lines" 2>"$dir/errors" & ;;
	sngrep) $run sngrep -F -d va -B 64 -N -q >"$dir/lines" 2>"$dir/errors" </dev/null & ;;
	screen) tmux -L $a new-session -d -s ui -x 160 -y 45 "exec env XDG_CONFIG_HOME=$dir/settings $run $dir/sipsniff -i va -B 65536" ;;
	esac
	if [ "$2" = screen ]; then child=$(tmux -L $a list-panes -F '#{pane_pid}'); else child=$!; fi
	sleep 1.5
	# lost asks first of all, so that what went before is not counted.
	"$dir/lost" $child >/dev/null || { echo "live: $2 does not capture: $(head -c 200 "$dir/errors")" >&2; exit 1; }
	read -r sent _ reached <<<"$(numbers "$(sender timeout "$most" ip netns exec $a taskset -c 1 "$dir/send" -i va -rate "$3" "$4")")"
	sleep 2
	read -r given dropped <<<"$(numbers "$("$dir/lost" $child)")"
	if [ "$2" = watch ]; then # it asks the kernel itself, and says so in the end
		kill -TERM $child
		ticks=$(ticks $child)
		wait $child || true
		last=$(grep '"ev":"stats"' "$dir/lines" | tail -1)
		given=$(grep -o '"frames":[0-9]*' <<<"$last" | head -1 | cut -d: -f2)
		dropped=$(grep -o '"dropped":{[^}]*}' <<<"$last" | head -1 | grep -o ':[0-9]\+' | tr -d : | awk '{ n += $1 } END { print n + 0 }')
	elif [ "$2" = screen ]; then # the view of the capture has "va  promiscuous  on  … received kernel iface queue"
		ticks=$(ticks "$child")
		tmux -L $a send-keys -t ui 6
		sleep 1
		read -r given dropped <<<"$(tmux -L $a capture-pane -t ui -p | awk '
			function number(v) { return int(v * (v ~ /k$/ ? 1e3 : v ~ /M$/ ? 1e6 : 1)) }
			/va  .* on / { gsub(",", ""); print $(NF - 3), number($(NF - 2)) + number($(NF - 1)) + number($NF); exit }')"
		tmux -L $a kill-session -t ui # which takes the program along
		[ -n "$given" ] && [ -n "$dropped" ] || { echo "live: the screen does not say what it received" >&2; exit 1; }
	else
		ticks=$(ticks $child)
		kill -TERM $child 2>/dev/null || true
		( sleep 5; kill -KILL $child 2>/dev/null ) & # one that is still busy with what it took
		local late=$!
		wait $child 2>/dev/null || true
		kill $late 2>/dev/null || true
	fi
	child=
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$3" "$2" "$sent" "$reached" "$given" "$dropped" $((ticks * 10)) >>"$dir/runs"
	echo "$2: sent $sent at $reached a second; given $given, dropped $dropped, $((sent - given - dropped)) unexplained; $((ticks * 10)) ms of processor time; load $(cut -d' ' -f1 /proc/loadavg)"
}

# ticks PID is the processor time of a process, in 10 ms.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat" 2>/dev/null || echo 0; }

for n in $calls; do
	"$dir/gen" -concurrency "$n" -calls $((n > 1000 ? n * 2 : 2000)) -length "${LENGTH:-10s}" -w "$dir/calls.pcap" 2>/dev/null
	for rate in $rates; do
		echo "$n calls at once, $rate packets/s wanted"
		for ((round = 0; round < repeat; round++)); do
			for tool in watch tcpdump ${SCREEN:+screen} ${SNGREP:+sngrep}; do measure "$n" $tool "$rate" "$dir/calls.pcap"; done
		done
	done
done

echo
echo "Medians of $repeat, load $(cut -d' ' -f1 /proc/loadavg) in the end:"
echo
awk -F'\t' '
	function median(list, n, i, j, v) { # sorts by insertion
		for (i = 2; i <= n; i++) {
			v = list[i]
			for (j = i - 1; j > 0 && list[j] > v; j--) list[j + 1] = list[j]
			list[j + 1] = v
		}
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}
	{
		row = $1 FS $2 FS $3
		if (!(row in runs)) order[++rows] = row
		i = ++runs[row]
		sent[row] = $4; reached[row, i] = $5 + 0; dropped[row, i] = $7 + 0; unexplained[row, i] = $4 - $6 - $7; spent[row, i] = $8 * 10000 / $4
	}
	function column(table, row, i) { for (i = 1; i <= runs[row]; i++) list[i] = table[row, i]; return median(list, runs[row]) }
	END {
		print "| Calls at once | Packets/s | Program | Dropped (least to most) | Unexplained | Processor time for 100,000 packets/s |"
		print "|---|---|---|---|---|---|"
		for (r = 1; r <= rows; r++) {
			row = order[r]
			split(row, key, FS)
			middle = column(dropped, row)
			least = list[1]; most = list[runs[row]]
			printf "| %s | %d | %s | %d (%d to %d) of %d | %d | %.1f %% of a core |\n", key[1], column(reached, row), key[3], middle, least, most, sent[row], column(unexplained, row), column(spent, row)
		}
	}' "$dir/runs"
