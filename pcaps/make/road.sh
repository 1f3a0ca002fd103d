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
	local kernel
	kernel=$(small_kernel) || return 1
	tap road0 far
	tap road1 wire
	road_image "$kernel" "$@" >"$WORK/initramfs"
	ROAD_LOG=$WORK/road.log
	boot "$kernel" "$ROAD_LOG" road0 road1
	wait_for '^--- ' "$ROAD_LOG" 60
}

# small_kernel prints the folder of the kernel for qemu.
small_kernel() {
	local kernel=${SIPCAP_KERNEL:-/var/tmp/sipcap-kernel}
	ls "$kernel"/boot/vmlinuz-* >/dev/null 2>&1 || { echo "this kernel lacks what is needed, and there is none for qemu in $kernel (see road.sh)" >&2; return 1; }
	echo "$kernel"
}

# tap NAME BRIDGE plugs a link that qemu can use into a bridge.
tap() {
	ip netns exec "$WIRE" ip tuntap add "$1" mode tap
	quiet_ipv6 "$WIRE" "$1"
	ip -n "$WIRE" link set "$1" master "$2" up
}

# boot KERNEL LOG TAPS... starts $WORK/initramfs with a network card for each tap.
boot() {
	local kernel=$1 log=$2 n=0 tap cards=()
	shift 2
	for tap; do
		cards+=(-netdev "tap,id=n$n,ifname=$tap,script=no,downscript=no" -device "virtio-net-pci,netdev=n$n,mac=02:00:00:00:02:0$n,romfile=")
		n=$((n + 1))
	done
	ip netns exec "$WIRE" qemu-system-x86_64 -machine q35,accel=tcg -m 192 -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$(ls "$kernel"/boot/vmlinuz-* | tail -1)" -initrd "$WORK/initramfs" -append 'console=ttyS0 quiet panic=1' -serial "file:$log" \
		"${cards[@]}" >"$WORK/qemu.log" 2>&1 </dev/null &
	disown
}

# road_image KERNEL NETEM ARGUMENTS... prints a small Linux that bridges eth0
# (far) and eth1 (wire) with netem on both.
road_image() {
	local kernel=$1
	shift
	cat >"$WORK/init" <<-INIT
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		busybox brctl addbr br0
		for i in 0 1; do
			echo 1 >/proc/sys/net/ipv6/conf/eth\$i/disable_ipv6
			busybox ip link set eth\$i up
			busybox brctl addif br0 eth\$i
			tc qdisc add dev eth\$i root netem $*
		done
		busybox ip link set br0 up
		while :; do
			echo "=== \$(busybox uname -r)"
			tc -s qdisc show dev eth1
			tc -s qdisc show dev eth0
			echo "--- "
			busybox sleep 1
		done
	INIT
	small_linux "$kernel" tc bridge sch_netem
}

# small_linux KERNEL PROGRAM MODULES... prints an initramfs: busybox, a program
# with its libraries, drivers and the modules, and an init that goes on with
# $WORK/init when they are loaded.
small_linux() {
	local kernel=$1 program root="$WORK/root" lib module
	program=$(command -v "$2")
	shift 2
	mkdir -p "$root"/{bin,proc,sys,run/netns,var,modules,lib64,lib/x86_64-linux-gnu}
	ln -s /run "$root/var/run"
	cp /bin/busybox "$root/bin/"
	cp "$program" "$root/bin/"
	for lib in $(ldd "$program" | grep -o '/[^ ]*'); do cp -L --parents "$lib" "$root/"; done
	for module in failover net_failover virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_net llc stp "$@"; do
		find "$kernel/lib/modules" -name "$module.ko" -exec cp {} "$root/modules/" \;
	done
	cat - "$WORK/init" >"$root/init" <<-'INIT'
		#!/bin/busybox sh
		ip() { /bin/ip "$@"; } # not those of busybox
		tc() { /bin/tc "$@"; }
		busybox mount -t proc proc /proc
		busybox mount -t sysfs sys /sys
		for round in 1 2 3 4; do # until what a module needs is there
			for m in /modules/*.ko; do busybox insmod $m 2>/dev/null; done
		done
	INIT
	chmod +x "$root/init"
	(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null)
}
