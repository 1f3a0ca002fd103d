# A wire to capture on: one namespace per phone, all plugged into a bridge that
# lives in a namespace of its own, where tcpdump listens. Nothing is connected
# to the machine's own network. Addresses are those reserved for documentation
# (RFC 5737, RFC 3849), link addresses are made up (02:00:00:00:00:NN).
#
# Sourced by make.sh. Needs root, ip (iproute2) and tcpdump.

WIRE=sipcap-wire
HOSTS=()

# host NAME N puts 192.0.2.N and 2001:db8::N on the wire.
host() {
	local ns=sipcap-$1 n=$2 hex
	hex=$(printf %02x "$n")
	ip netns add "$ns"
	HOSTS+=("$ns")
	ip -n "$WIRE" link add "port$n" address "02:00:00:00:01:$hex" type veth \
		peer name eth0 address "02:00:00:00:00:$hex" netns "$ns"
	quiet_ipv6 "$WIRE" "port$n"
	ip -n "$WIRE" link set "port$n" master wire up
	in_ns "$ns" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.addr_gen_mode=1 \
		net.ipv6.conf.eth0.router_solicitations=0
	ip -n "$ns" link set lo up
	ip -n "$ns" link set eth0 up
	ip -n "$ns" addr add "192.0.2.$n/24" dev eth0
	ip -n "$ns" -6 addr add "2001:db8::$n/64" dev eth0 nodad
	if command -v ethtool >/dev/null; then # whole checksums in the capture
		in_ns "$ns" ethtool -K eth0 tx off >/dev/null
	fi
}

# quiet_ipv6 NAMESPACE LINK keeps the bridge's own ports out of the picture.
quiet_ipv6() { ip netns exec "$1" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=1"; }

in_ns() { local ns=$1; shift; ip netns exec "$ns" "$@"; }

# on HOST COMMAND... runs a command as if on that host.
on() { local h=$1; shift; ip netns exec "sipcap-$h" "$@"; }

wire_up() {
	ip netns add "$WIRE"
	HOSTS=("$WIRE")
	ip -n "$WIRE" link add wire address 02:00:00:00:01:fe type bridge forward_delay 0
	quiet_ipv6 "$WIRE" wire
	ip -n "$WIRE" link set wire up
}

# wire_down ends what still runs on the wire and removes it.
wire_down() {
	local ns pids
	for ns in "${HOSTS[@]}"; do
		pids=$(ip netns pids "$ns" 2>/dev/null || true)
		[ -z "$pids" ] || kill $pids 2>/dev/null || true
	done
	sleep 0.3
	for ns in "${HOSTS[@]}"; do
		pids=$(ip netns pids "$ns" 2>/dev/null || true)
		[ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
		ip netns del "$ns" 2>/dev/null || true
	done
	HOSTS=()
}

# record FILE [FILTER...] starts tcpdump on the wire; record_stop ends it and
# leaves tcpdump's own count in $WORK/tcpdump.log.
record() {
	local file=$1
	shift
	ip netns exec "$WIRE" tcpdump -i wire -n -U -B 8192 -Z root -w "$file" "${@:-udp or tcp}" 2>"$WORK/tcpdump.log" &
	TCPDUMP=$!
	until grep -q 'listening on' "$WORK/tcpdump.log" 2>/dev/null; do
		kill -0 $TCPDUMP || { cat "$WORK/tcpdump.log" >&2; return 1; }
		sleep 0.05
	done
}

record_stop() {
	sleep 0.5
	kill -TERM "$TCPDUMP" 2>/dev/null || true
	wait "$TCPDUMP" 2>/dev/null || true
	grep -q '^0 packets dropped by kernel' "$WORK/tcpdump.log" || {
		echo "the kernel dropped packets:" >&2
		cat "$WORK/tcpdump.log" >&2
		return 1
	}
}
