# TLS on the wire, and its keys beside the capture: $WORK/NAME.keys is a key log
# (tls/keylog.c writes it from inside a program that uses OpenSSL), $WORK/NAME.pem
# an RSA private key made for this one capture. make.sh keeps both, and
# facts.sh gives them to tshark. Sourced by make.sh. Needs gcc and libssl-dev.

# certificate FILE NAME makes a key and a certificate signed with itself, in one file.
certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/O=Example/CN=$2" -addext "subjectAltName=DNS:$2" \
		-keyout "$1.key" -out "$1.crt" 2>/dev/null
	cat "$1.key" "$1.crt" >"$1"
}

# tls_only PROTOCOL [CIPHERS [OPTIONS]] makes the environment of programs on the
# wire such that OpenSSL speaks nothing else.
tls_only() {
	cat >"$WORK/openssl.cnf" <<-CONFIG
		openssl_conf = all
		[all]
		ssl_conf = modules
		[modules]
		system_default = wire
		[wire]
		MinProtocol = $1
		MaxProtocol = $1
	CONFIG
	[ -z "${2:-}" ] || echo "CipherString = $2" >>"$WORK/openssl.cnf"
	[ -z "${3:-}" ] || echo "Options = $3" >>"$WORK/openssl.cnf"
	ENVIRONMENT+=("OPENSSL_CONF=$WORK/openssl.cnf")
}

# log_keys lets the programs that start from now on write their keys.
log_keys() {
	[ -f "$WORK/keylog.so" ] || gcc -Wall -Wextra -O1 -shared -fPIC -o "$WORK/keylog.so" "$HERE/tls/keylog.c" -ldl
	ENVIRONMENT+=("LD_PRELOAD=$WORK/keylog.so" "SSLKEYLOGFILE=$WORK/$name.keys")
}

# keep_keys throws away the lines that occur twice, because both ends wrote them.
keep_keys() {
	LC_ALL=C sort -u -o "$WORK/$name.keys" "$WORK/$name.keys"
	fact keylog "$name.keys"
}

# keep_private_key KEY keeps the private key of a server beside the capture.
keep_private_key() {
	install -m 644 "$1" "$WORK/$name.pem"
	fact pem "$name.pem"
}

# two_tls_phones starts alice and bob, who listen for TLS on 5061, and the recording.
two_tls_phones() {
	local p
	host alice 10
	host bob 20
	for p in alice bob; do
		mkdir -p "$WORK/$p"
		certificate "$WORK/$p/cert.pem" "$p.example.com"
	done
	phone alice 192.0.2.10 "$(local_account alice 192.0.2.10 ';transport=tls')" "sip_certificate $WORK/alice/cert.pem"
	phone bob 192.0.2.20 "$(local_account bob 192.0.2.20 ';transport=tls')" "sip_certificate $WORK/bob/cert.pem"
	record "$OUT"
}

# tls_options N PROTOCOL [OPTION...] asks Kamailio over a new connection of OpenSSL's own client.
tls_options() {
	local n=$1 protocol=$2
	shift 2
	{
		printf 'OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.30:5061;branch=z9hG4bK-options-%s\r\nMax-Forwards: 70\r\n' "$n"
		printf 'From: <sip:monitor@example.com>;tag=%s\r\nTo: <sip:example.com>\r\nCall-ID: options-%s@192.0.2.30\r\n' "$n" "$n"
		printf 'CSeq: %s OPTIONS\r\nContact: <sip:monitor@192.0.2.30:5061;transport=tls>\r\nContent-Length: 0\r\n\r\n' "$n"
		sleep 1
	} | on monitor openssl s_client -connect 192.0.2.5:5061 -servername example.com "-$protocol" -quiet -no_ign_eof \
		-keylogfile "$WORK/$name.keys" "$@" >"$WORK/options-$n" 2>&1
	grep -q '^SIP/2.0 200' "$WORK/options-$n"
}
