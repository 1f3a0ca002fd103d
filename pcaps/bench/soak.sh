#!/bin/bash
# soak.sh [SECONDS] [SIPP-CALLS-PER-SECOND] [GENERATED-CALLS-PER-SECOND]
#
# Has sipsniff watch a veth pair on which SIPp makes calls with audio and
# tcpreplay plays generated ones, 1,800 s by default, and says whether every call
# and every packet is accounted for. The memory is drawn every tenth of the time.
# Needs root, ip, sipp, tcpreplay, and go; run it at the top of the project.
set -euo pipefail
seconds=${1:-1800} sipp_rate=${2:-20} gen_rate=${3:-20}
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
	set -- $end
	ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip -n $1 addr add 192.0.2.$3/24 dev $2
	ip -n $1 link set $2 up
done

cd "$dir" # SIPp writes its files here
ip netns exec $a ./sipsniff watch -i va -q -B 65536 --events stats,call.end >lines 2>errors &
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

resident() { awk '/VmRSS/ { print int($2 / 1024) }' /proc/$watch/status; }
began=$(date +%s)
echo "   s    MB"
while kill -0 $sipp 2>/dev/null || kill -0 $replay 2>/dev/null; do
	sleep $(((seconds + 29) / 30))
	mb=$(resident)
	printf '%4d %5d %s\n' $(($(date +%s) - began)) "$mb" "$(printf '%*s' $((mb / 8)) '' | tr ' ' '#')"
done
sleep 3
ticks=$(awk '{ print $14 + $15 }' /proc/$watch/stat)
kill -TERM $watch
wait $watch || echo "soak: watch ended with status $?"

# The column of successful calls in SIPp's statistics, last line.
made=$(awk -F';' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "SuccessfulCall(C)") at = i } { n = $at } END { print n }' stat.csv)
failed=$(awk -F';' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "FailedCall(C)") at = i } { n = $at } END { print n }' stat.csv)
passed=$(ip -n $a -s link show va | awk '/RX:/ { getline; rx = $2 } /TX:/ { getline; tx = $2 } END { print rx + tx }')
cat errors
echo "processor time: $((ticks / 100)) s"
echo "SIPp: $made calls made, $failed failed; lines of them: $(grep -c '"ev":"call.end".*"call_id":"[^"]*@192.0.2.1"' lines || true)"
echo "generated: $((seconds * gen_rate)) calls; $(grep Successful replayed | tr -s ' \t' ' ')"
echo "on the wire: $passed packets; $(grep '"ev":"stats"' lines | tail -1)"
