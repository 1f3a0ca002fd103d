#!/bin/bash
# Makes the captures of this folder anew, with real programs on a wire of
# network namespaces:
#
#	sudo pcaps/make/make.sh NAME...   or   sudo pcaps/make/make.sh all
#
# Debian packages: iproute2 tcpdump ethtool baresip-core sip-tester kamailio
# kamailio-presence-modules kamailio-tls-modules kamailio-websocket-modules
# nginx-light python3-websockets gcc libssl-dev sox espeak-ng tshark; see road.sh
# for a kernel without netem or tunnels. With KEEP=DIR the logs of the programs stay in DIR.
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C
. "$HERE/net.sh"
. "$HERE/phone.sh"
. "$HERE/dialogue.sh"
. "$HERE/road.sh"
. "$HERE/tls.sh"
. "$HERE/websocket.sh"
. "$HERE/tunnel.sh"
. "$HERE/secure.sh"
. "$HERE/msrp.sh"
. "$HERE/codec.sh"
. "$HERE/facts.sh"

[ $# -gt 0 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; ls "$HERE/captures" | sed 's/\.sh$//' | sed 's/^/	/'; exit 2; }
[ "$(id -u)" = 0 ] || { echo "make.sh: network namespaces need root" >&2; exit 1; }

make_one() {
	local name=$1 kept
	WORK=$(mktemp -d /tmp/sipcap.XXXXXX)
	ENVIRONMENT=()
	OUT="$WORK/$name.pcap"
	trap wire_down EXIT
	wire_up
	. "$HERE/captures/$name.sh"
	wire_down
	trap - EXIT
	facts_write "$name"
	mv "$OUT" "$HERE/../"
	for kept in keys pem alice.wav bob.wav heard.wav; do
		[ ! -f "$WORK/$name.$kept" ] || cp "$WORK/$name.$kept" "$HERE/../"
	done
	if [ -n "${KEEP:-}" ]; then mkdir -p "$KEEP" && rm -rf "${KEEP:?}/$name" && mv "$WORK" "$KEEP/$name"; else rm -rf "$WORK"; fi
	basename "$OUT"
}

[ "$1" != all ] || set -- $(ls "$HERE/captures" | sed 's/\.sh$//')
for name; do
	(make_one "$name")
done
