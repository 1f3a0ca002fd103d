# A tunnel between two routers, made by the Linux kernel: alice stands behind the
# left one, bob behind the right one, the wire is between the routers. Both run in
# qemu, each in a namespace there (see road.sh for what that needs): the kernels at
# hand seldom have every kind of tunnel. Sourced by make.sh.

# tunnel LAYER VERSION LINK ARGUMENTS... builds the tunnel with "ip link add type".
# LAYER is 2 when it carries Ethernet (the routers are bridges), 3 when it
# carries IP; VERSION is that of the outer IP. MTU limits the packets on the wire.
tunnel() {
	local kernel side
	kernel=$(small_kernel) || return 1
	for side in left right; do
		ip -n "$WIRE" link add "$side" address "02:00:00:00:01:f$([ $side = left ] && echo a || echo b)" type bridge forward_delay 0
		quiet_ipv6 "$WIRE" "$side"
		ip -n "$WIRE" link set "$side" up
	done
	tap tap0 left
	tap tap1 right
	tap tap2 wire
	tap tap3 wire
	tunnel_init "$@" >"$WORK/init"
	small_linux "$kernel" ip bridge gre ip_gre ip_tunnel tunnel4 tunnel6 ipip sit udp_tunnel ip6_udp_tunnel \
		vxlan geneve ip6_gre ip6_tunnel >"$WORK/initramfs"
	boot "$kernel" "$WORK/tunnel.log" tap0 tap1 tap2 tap3
	wait_for '^ready' "$WORK/tunnel.log" 60
	host alice 10
	ip -n "$WIRE" link set port10 master left
	host bob 20
	ip -n "$WIRE" link set port20 master right
	! grep -v '^ready' "$WORK/tunnel.log" >&2
}

# tunnel_init prints what the routers do: eth0 and eth1 face the phones, eth2 and
# eth3 the wire.
tunnel_init() {
	local layer=$1 version=$2 near=198.51.100.1 far=198.51.100.2
	shift 2
	[ "$version" = 4 ] || near=2001:db8:ffff::1 far=2001:db8:ffff::2
	if [ "$1" = geneve ]; then # takes no local address
		router left eth0 eth2 10 20 1 "$layer" "$@" remote $far
		router right eth1 eth3 20 10 2 "$layer" "$@" remote $near
	else
		router left eth0 eth2 10 20 1 "$layer" "$@" local $near remote $far
		router right eth1 eth3 20 10 2 "$layer" "$@" local $far remote $near
	fi
	echo 'echo ready; while :; do busybox sleep 1000; done'
}

# router NAME INSIDE OUTSIDE HERE THERE N LAYER LINK ARGUMENTS... prints the commands
# that make one of them; HERE and THERE are the last numbers of the phones.
router() {
	local name=$1 inside=$2 outside=$3 here=$4 there=$5 n=$6 layer=$7
	shift 7
	cat <<-INIT
		ip netns add $name
		for card in $inside $outside; do ip link set \$card netns $name; done
		inside() { busybox nsenter --net=/run/netns/$name "\$@"; }
		inside busybox sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 >/dev/null
		ip -n $name link set lo up
		ip -n $name link set $outside mtu ${MTU:-1500} up
		ip -n $name link set $inside up
		ip -n $name addr add 198.51.100.$n/24 dev $outside
		ip -n $name addr add 2001:db8:ffff::$n/64 dev $outside nodad 2>/dev/null
		ip -n $name link add tunnel type $*
		ip -n $name link set tunnel mtu 1400
	INIT
	if [ "$layer" = 2 ]; then
		cat <<-INIT
			ip -n $name link add bridge type bridge forward_delay 0
			for card in bridge $inside tunnel; do inside busybox sysctl -qw net.ipv6.conf.\$card.disable_ipv6=1; done
			for card in $inside tunnel; do ip -n $name link set \$card master bridge up; done
			ip -n $name link set bridge up
		INIT
	else
		cat <<-INIT
			ip -n $name link set tunnel up
			inside busybox sysctl -qw net.ipv4.conf.$inside.proxy_arp=1 net.ipv6.conf.$inside.proxy_ndp=1
			ip -n $name addr add 192.0.2.$n/32 dev $inside
			ip -n $name route add 192.0.2.$here/32 dev $inside
			ip -n $name route add 192.0.2.$there/32 dev tunnel
			ip -n $name -6 route add 2001:db8::$here/128 dev $inside
			ip -n $name -6 route add 2001:db8::$there/128 dev tunnel
			ip -n $name -6 neigh add proxy 2001:db8::$there dev $inside
		INIT
	fi
}

# tunnelled_call [6] lets alice call bob through the tunnel, over IPv4 or IPv6.
tunnelled_call() {
	local a=192.0.2.10 b=192.0.2.20 h
	if [ "${1:-4}" = 6 ]; then
		a='[2001:db8::10]' b='[2001:db8::20]'
		for h in alice bob; do on $h ip -4 addr flush dev eth0; done
	fi
	phone alice "$a" "$(local_account alice "$a")" "net_af ipv${1:-4}"
	phone bob "$b" "$(local_account bob "$b")" "net_af ipv${1:-4}"
	record "$OUT" 'not arp and not icmp and not icmp6'
	press alice "/dial sip:bob@$b"
	talk 1.5
	press alice '/hangup'
	sleep 1
	record_stop
	fact calls '1'
	fact final_status '200'
	fact state 'completed'
	fact ended_by 'caller'
}
