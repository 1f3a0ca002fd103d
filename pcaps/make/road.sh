# A bad road: a second bridge, joined to the wire over a link on which tc netem
# loses and delays packets both ways. Sourced by make.sh.
#
# Where the running kernel has no netem, a small Linux with the Debian kernel
# does the same in qemu, as a bridge between two taps. That needs the packages
# qemu-system-x86 and busybox-static, and a kernel package unpacked (not
# installed): apt-get download linux-image-6.1.0-NN-cloud-amd64; dpkg -x … DIR;
# make.sh is told with SIPCAP_KERNEL=DIR.

ROAD_LOG=

# road NETEM ARGUMENTS... builds it; hosts made with far_host stand behind it.
road() {
	ip -n "$WIRE" link add far address 02:00:00:00:01:fd type bridge forward_delay 0
	quiet_ipv6 "$WIRE" far
	ip -n "$WIRE" link set far up
	if in_ns "$WIRE" tc qdisc add dev far root netem limit 1 2>/dev/null; then
		in_ns "$WIRE" tc qdisc del dev far root
		road_of_veth "$@"
	else
		road_of_qemu "$@"
	fi
}

# far_host NAME N is host NAME N, moved behind the road.
far_host() {
	host "$1" "$2"
	ip -n "$WIRE" link set "port$2" master far
}

# road_report prints what netem counted: road1 towards the wire, road0 towards
# the far side. The wire must be still up.
road_report() {
	if [ -n "$ROAD_LOG" ]; then
		sleep 1.5
		tr -d '\r' <"$ROAD_LOG" | awk '/^=== /{text = ""; next} {text = text $0 "\n"} /^--- /{whole = text; sub(/--- \n$/, "", whole)} END {printf "%s", whole}'
	else
		in_ns "$WIRE" tc -s qdisc show dev road1
		in_ns "$WIRE" tc -s qdisc show dev road0
	fi
}

road_of_veth() {
	ip -n "$WIRE" link add road0 type veth peer name road1
	quiet_ipv6 "$WIRE" road0
	quiet_ipv6 "$WIRE" road1
	ip -n "$WIRE" link set road0 master wire up
	ip -n "$WIRE" link set road1 master far up
	in_ns "$WIRE" tc qdisc add dev road1 root netem "$@"
	in_ns "$WIRE" tc qdisc add dev road0 root netem "$@"
}

road_of_qemu() {
	local kernel=${SIPCAP_KERNEL:-/var/tmp/sipcap-kernel} tap image
	image=$(ls "$kernel"/boot/vmlinuz-* 2>/dev/null | tail -1)
	[ -n "$image" ] || { echo "no netem here, and no kernel for qemu in $kernel (see road.sh)" >&2; return 1; }
	for tap in road0 road1; do
		ip netns exec "$WIRE" ip tuntap add "$tap" mode tap
		quiet_ipv6 "$WIRE" "$tap"
	done
	ip -n "$WIRE" link set road0 master far up
	ip -n "$WIRE" link set road1 master wire up
	road_image "$kernel" "$@" >"$WORK/initramfs"
	ROAD_LOG=$WORK/road.log
	ip netns exec "$WIRE" qemu-system-x86_64 -machine q35,accel=tcg -m 192 -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$image" -initrd "$WORK/initramfs" -append 'console=ttyS0 quiet panic=1' -serial "file:$ROAD_LOG" \
		-netdev tap,id=n0,ifname=road0,script=no,downscript=no -device virtio-net-pci,netdev=n0,mac=02:00:00:00:02:00,romfile= \
		-netdev tap,id=n1,ifname=road1,script=no,downscript=no -device virtio-net-pci,netdev=n1,mac=02:00:00:00:02:01,romfile= \
		>"$WORK/qemu.log" 2>&1 </dev/null &
	disown
	wait_for '^--- ' "$ROAD_LOG" 60
}

# road_image prints an initramfs: busybox, tc, the modules, and an init that
# bridges eth0 (far) and eth1 (wire) with netem on both.
road_image() {
	local kernel=$1 root="$WORK/root" lib module
	shift
	mkdir -p "$root"/{bin,proc,sys,modules,lib64,lib/x86_64-linux-gnu}
	cp /bin/busybox "$root/bin/"
	cp "$(command -v tc)" "$root/bin/tc"
	for lib in $(ldd "$(command -v tc)" | grep -o '/[^ ]*'); do cp -L --parents "$lib" "$root/"; done
	for module in failover net_failover virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_net llc stp bridge sch_netem; do
		find "$kernel/lib/modules" -name "$module.ko" -exec cp {} "$root/modules/" \;
	done
	cat >"$root/init" <<-INIT
		#!/bin/busybox sh
		busybox mount -t proc proc /proc
		busybox mount -t sysfs sys /sys
		for round in 1 2 3 4; do # until what a module needs is there
			for m in /modules/*.ko; do busybox insmod \$m 2>/dev/null; done
		done
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		busybox brctl addbr br0
		for i in 0 1; do
			echo 1 >/proc/sys/net/ipv6/conf/eth\$i/disable_ipv6
			busybox ip link set eth\$i up
			busybox brctl addif br0 eth\$i
			/bin/tc qdisc add dev eth\$i root netem $*
		done
		busybox ip link set br0 up
		while :; do
			echo "=== \$(busybox uname -r)"
			/bin/tc -s qdisc show dev eth1
			/bin/tc -s qdisc show dev eth0
			echo "--- "
			busybox sleep 1
		done
	INIT
	chmod +x "$root/init"
	(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null)
}
