# Message sessions (RFC 4975) between two programs of our own, msrp/peer.py,
# beside a call of SIPp. Sourced by make.sh.

# message_session SCHEME PROTOCOL [CERTIFICATE KEY] makes a call whose SDP describes
# the session, and holds the session as soon as the call is up.
message_session() {
	local scheme=$1 protocol=$2 a b listener
	shift 2
	a="$scheme://192.0.2.10:7001/a11ce0Kx7session;tcp"
	b="$scheme://192.0.2.20:7002/b0b9Qw2session;tcp"
	host alice 10
	host bob 20
	record "$OUT"
	on bob /usr/bin/python3 "$HERE/msrp/peer.py" listen "$b" "$a" "$WORK/bob.msrp" "$@" 2>"$WORK/bob.msrp.log" &
	listener=$!
	sipp_on bob msrp-uas -i 192.0.2.20 -p 5060 -m 1 -key uri "$b" -key protocol "$protocol" &
	sleep 1
	sipp_on alice msrp-uac -i 192.0.2.10 -p 5060 -m 1 -key uri "$a" -key protocol "$protocol" 192.0.2.20:5060 &
	sleep 1
	on alice env "SSLKEYLOGFILE=$WORK/$name.keys" /usr/bin/python3 "$HERE/msrp/peer.py" connect "$a" "$b" "$WORK/alice.msrp" "$@"
	wait "$listener"
	sleep 3
	record_stop
	[ ! -f "$WORK/$name.keys" ] || keep_keys
	fact calls 1
	fact final_status 200
	fact state completed
	fact ended_by caller
	message_facts
}

# message_facts notes what both programs did, and what tshark counts.
message_facts() {
	local who
	for who in alice bob; do
		awk -v who="$who" -v OFS='\t' '
			/^(sends|octets|messages|aborted|reports) / { print "msrp." who "." $1, $2; next }
			{ print "peer." who ".msrp_" $1, $2 }' "$WORK/$who.msrp" >>"$WORK/facts"
	done
	cat "$WORK/alice.msrp" "$WORK/bob.msrp" | awk -v OFS='\t' '/^response/ { n[$1] += $2 } END { for (k in n) print "msrp." k, n[k] }' | sort >>"$WORK/facts"
	if [ -f "$WORK/$name.keys" ]; then # tshark knows no MSRP in TLS: the start lines of what it decrypts
		fact msrp_messages "$(sniff "$OUT" -q -z follow,tls,ascii,0 | grep -acE '^MSRP [^ ]+ ([A-Z]+|[0-9]{3} )')"
	else
		fact msrp_messages "$(sniff "$OUT" -Y msrp -T fields -e msrp.method -e msrp.status.code | tr ',\t' '\n\n' | grep -c .)"
	fi
}
