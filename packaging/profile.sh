#!/bin/sh
# profile.sh makes packaging/sipsniff.pgo anew: the processor profile that make build
# has the compiler follow. It runs `report -q -F json` over the workloads of
# docs/PERFORMANCE.md at a fifth of their size, or over the captures that are named,
# and merges what it saw. Run it when the hot paths have changed, on a machine with
# two cores to spare; it takes some minutes and 1.5 GB in $TMPDIR.
#
# usage: packaging/profile.sh [capture...]
set -eu
cd "$(dirname "$0")/.."
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT INT TERM

# The program itself cannot write profiles. This one can: its main is that of the
# program with a profile around it.
sed -e 's|^import (|import (\n\t"runtime/pprof"|' \
	-e 's|^func main() {|func main() {\n\tprofile, err := os.Create(os.Getenv("PROFILE"))\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tif err := pprof.StartCPUProfile(profile); err != nil {\n\t\tpanic(err)\n\t}|' \
	-e 's|^\tos.Exit(code)|\tpprof.StopCPUProfile()\n\tprofile.Close()\n\tos.Exit(code)|' \
	cmd/sipsniff/main.go >"$room/main.go"
printf '{"Replace": {"%s/cmd/sipsniff/main.go": "%s/main.go"}}\n' "$PWD" "$room" >"$room/overlay.json"
go build -overlay "$room/overlay.json" -pgo=packaging/sipsniff.pgo -o "$room/sipsniff" ./cmd/sipsniff

if [ $# -eq 0 ]; then
	go build -o "$room/gen" ./pcaps/gen/cmd
	"$room/gen" -calls 500 -rate 5 -length 40s -loss 0.01 -jitter 5ms -w "$room/rtp.pcap"
	"$room/gen" -calls 140 -rate 1.4 -length 100s -noise 3000 -rtcp -loss 0.005 -w "$room/mixed.pcap"
	"$room/gen" -calls 200 -concurrency 10 -length 100s -w "$room/few.pcap"
	"$room/gen" -calls 2000 -concurrency 2000 -length 10s -w "$room/many.pcap"
	"$room/gen" -preset dialogs -calls 20000 -w "$room/sip.pcap"
	set -- "$room"/*.pcap
fi
n=0
for capture; do
	n=$((n + 1))
	PROFILE="$room/$n.prof" "$room/sipsniff" report -q -F json "$capture" >/dev/null
done
go tool pprof -proto "$room"/*.prof >"$room/sipsniff.pgo"
mv "$room/sipsniff.pgo" packaging/sipsniff.pgo
