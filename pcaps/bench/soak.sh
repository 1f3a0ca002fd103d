#!/bin/bash
# soak.sh [SECONDS] [SIPP-CALLS-PER-SECOND] [GENERATED-CALLS-PER-SECOND]
#
# Has sipsniff watch a veth pair on which SIPp makes calls with audio and tcpreplay
# plays generated ones, 1,800 s by default (SHORT=1: 180 s), draws its memory thirty
# times, and ends with a table of what was made and what was seen, and a verdict. The
# status is 1 when a call or a packet is not accounted for or the memory grows.
#
# Memory is told in MB: resident; of it the program's own file and the ring of the
# kernel, which are there from the start; the heap that is in use, as the last garbage
# collection found it; the rest is garbage, room that is kept for more of it, and stacks.
#
# Needs root, ip, sipp, tcpreplay, and go; run it at the top of the project.
set -euo pipefail
default=1800
[ -z "${SHORT:-}" ] || default=180
seconds=${1:-$default} sipp_rate=${2:-20} gen_rate=${3:-20} ring=${RING:-65536}
for tool in ip sipp tcpreplay go; do command -v $tool >/dev/null || { echo "soak: no $tool here" >&2; exit 2; }; done
[ "$(id -u)" = 0 ] || { echo "soak: network namespaces need root" >&2; exit 2; }

scenarios=$PWD/cmd/sipsniff/testdata/sipp
dir=$(mktemp -d) a=soak$$-a b=soak$$-b
children=()
finish() {
	for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
	for ns in $a $b; do ip netns del $ns 2>/dev/null || true; done
	rm -rf "$dir"
}
trap finish EXIT

go build -o "$dir/sipsniff" ./cmd/sipsniff
go build -o "$dir/gen" ./pcaps/gen/cmd
ip netns add $a
ip netns add $b
ip link add va netns $a type veth peer name vb netns $b
for end in "$a va 1" "$b vb 2"; do
	read -r ns name number <<<"$end"
	ip netns exec $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip -n $ns addr add 192.0.2.$number/24 dev $name
	ip -n $ns link set $name up
done

cd "$dir" # SIPp writes its files here
GODEBUG=gctrace=1 ip netns exec $a ./sipsniff watch -i va -q -B "$ring" --events stats,call.end >lines 2>errors &
watch=$!
children+=($watch)
sleep 1
ip netns exec $b sipp -sf "$scenarios/uas.xml" -i 192.0.2.2 -mi 192.0.2.2 -nostdin >/dev/null 2>&1 &
children+=($!)
sleep 1
ip netns exec $a sipp -sf "$scenarios/uac.xml" -i 192.0.2.1 -mi 192.0.2.1 192.0.2.2 -r "$sipp_rate" -m $((seconds * sipp_rate)) \
	-nostdin -trace_stat -stf stat.csv >/dev/null 2>&1 &
sipp=$!
children+=($sipp)
# The pipe is a named one, so that tcpreplay can be waited for by itself.
mkfifo generated
./gen -calls $((seconds * gen_rate)) -rate "$gen_rate" -length 10s -rtcp -mix everyday -w - >generated 2>/dev/null &
children+=($!)
ip netns exec $b tcpreplay -q -i vb - <generated >replayed 2>&1 &
replay=$!
children+=($replay)

# sample prints seconds, resident, file and ring, heap in use: in MB. Both loads are
# still there while the first column is below the seconds of the run.
began=$(date +%s)
sample() {
	local heap
	heap=$(grep -a '^gc ' errors | tail -1 | grep -o '[0-9]*->[0-9]*->[0-9]* MB' | sed 's/.*->//; s/ MB//')
	awk -v at=$(($(date +%s) - began)) -v heap="${heap:-0}" '
		/^VmRSS/ { all = $2 } /^RssFile|^RssShmem/ { file += $2 }
		END { printf "%d %d %d %d\n", at, all / 1024, file / 1024, heap }' /proc/$watch/status
}
echo "   s  MB: all  file, ring  heap in use"
while kill -0 $sipp 2>/dev/null || kill -0 $replay 2>/dev/null; do
	sleep $(((seconds + 29) / 30))
	read -r at all file heap <<<"$(sample)"
	echo "$at $all $file $heap" >>memory
	printf '%4d %8d %11d %12d %s\n' "$at" "$all" "$file" "$heap" \
		"$(printf '%*s' $((file / 8)) '' | tr ' ' r)$(printf '%*s' $((heap / 8)) '' | tr ' ' h)$(printf '%*s' $(((all - file - heap) / 8)) '' | tr ' ' .)"
done
sleep 3
ticks=$(awk '{ print $14 + $15 }' /proc/$watch/stat)
kill -TERM $watch
wait $watch || echo "soak: watch ended with status $?"

# column NAME is the last value of a column of SIPp's statistics.
column() { awk -F';' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } { n = $at } END { print n + 0 }' stat.csv; }
# figure NAME is a number of the last line of statistics, with what stands below it added up.
figure() { grep '"ev":"stats"' lines | tail -1 | grep -o "\"$1\":\({[^}]*}\|[0-9]*\)" | head -1 | grep -o ':[0-9]\+' | tr -d : | awk '{ n += $1 } END { print n + 0 }'; }
ended() { grep '"ev":"call.end"' lines | grep "$@" '"call_id":"[^"]*@192.0.2.1"' || true; }

made=$(column 'SuccessfulCall(C)') failed=$(column 'FailedCall(C)') generated=$((seconds * gen_rate))
passed=$(ip -n $a -s link show va | awk '/RX:/ { getline; rx = $2 } /TX:/ { getline; tx = $2 } END { print rx + tx }')
of_sipp=$(ended | wc -l) of_gen=$(ended -v | wc -l) frames=$(figure frames) dropped=$(figure dropped)
grep -av '^gc ' errors || true

# After 110 s, and a quarter of the time, nothing should grow: as many calls are
# forgotten, 64 s after their end, as come. The halves of the rest are compared, while
# both loads last.
read -r heap_before heap_after all_before all_after <<<"$(awk -v seconds="$seconds" '
	$1 > seconds / 4 && $1 > 110 && $1 <= seconds { n++; heap[n] = $4; all[n] = $2 }
	END {
		for (i = 1; i <= n; i++) { late = i > n / 2; count[late]++; h[late] += heap[i]; a[late] += all[i] }
		if (n < 2) print 0, 0, 0, 0
		else printf "%d %d %d %d\n", h[0] / count[0], h[1] / count[1], a[0] / count[0], a[1] / count[1]
	}' memory)"

bad=
judge() { if [ "$1" "$2" "$3" ]; then echo yes; else echo NO; fi; }
row() { printf '| %-34s | %12s | %12s | %-3s |\n' "$@"; [ "$4" != NO ] || bad=1; }
echo
row "what" "made" "seen" "ok"
row "---" "---" "---" "---"
row "calls of SIPp ($failed failed)" "$((made + failed))" "$of_sipp" "$(judge $of_sipp -eq $((made + failed)))"
row "generated calls" "$generated" "$of_gen" "$(judge $of_gen -eq $generated)"
row "packets: seen + $dropped dropped" "$passed" "$((frames + dropped))" "$(judge $((frames + dropped)) -eq "$passed")"
if [ "$all_before" != 0 ]; then
	row "heap in use, MB, two halves" "$heap_before" "$heap_after" "$(judge $((heap_after * 10)) -le $((heap_before * 11 + 80)))"
	row "resident, MB, two halves" "$all_before" "$all_after" "$(judge $((all_after * 10)) -le $((all_before * 11 + 80)))"
	memory="the memory does not grow"
else
	memory="it was too short for judging the memory, which takes 180 s"
fi
row "processor time, s; % of a core" "$((ticks / 100))" "$((ticks / seconds))" ""
echo
if [ -n "$bad" ]; then
	echo "soak: something is not accounted for"
	exit 1
fi
echo "soak: every call and every packet is accounted for, and $memory"
