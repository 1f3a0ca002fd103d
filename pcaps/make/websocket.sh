# SIP over WebSocket (RFC 7118): a phone that speaks it, and nginx in front of
# Kamailio to speak TLS. Sourced by make.sh.

# web_phone HOST URL SECONDS [CERTIFICATE] lets alice's phone (websocket/phone.py)
# register, call bob, talk and unregister.
web_phone() {
	on "$1" env PYTHONDONTWRITEBYTECODE=1 "SSLKEYLOGFILE=$WORK/$name.keys" /usr/bin/python3 "$HERE/websocket/phone.py" "${@:2}" \
		>"$WORK/$1.log" 2>&1 || { tail -5 "$WORK/$1.log" >&2; return 1; }
}

# front HOST starts nginx on port 443 of the proxy's host.
front() {
	cp "$HERE/websocket/nginx.conf" "$WORK/nginx/"
	on "$1" nginx -p "$WORK/nginx/" -e "$WORK/nginx/error.log" -c "$WORK/nginx/nginx.conf" \
		-g "daemon off; pid $WORK/nginx/pid;" >"$WORK/nginx.log" 2>&1 &
	disown
	local tries=100
	until on "$1" bash -c '</dev/tcp/192.0.2.5/443' 2>/dev/null; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { tail -5 "$WORK/nginx.log" >&2; return 1; }
		sleep 0.1
	done
}
