# What is known of a capture without sipsniff: rows of ../facts.tsv, written
# when the capture is made. Sourced by make.sh. Needs tshark.
#
#	capture  key  value
#
# Keys: frames, sip_messages, call_ids, method.M, response.NNN, transport.T,
# rtp_streams, rtp_packets, rtcp_packets and stream.0xSSRC (source, port,
# destination, port, codec, packets, lost) are tshark's count; peer.HOST.* is what the programs
# said at the end (baresip's n-th call: packets sent and received, and lost of
# those received by its own count; SIPp: calls and retransmissions); netem.* is
# what tc -s qdisc printed; the rest is what the script of the capture did.

# fact KEY VALUE notes something that the running script brings about itself.
fact() { printf '%s\t%s\n' "$1" "$2" >>"$WORK/facts"; }

# facts_write NAME replaces the rows of a capture.
facts_write() {
	local name=$1 table="$HERE/../facts.tsv"
	{
		[ ! -f "$WORK/facts" ] || cat "$WORK/facts"
		facts_of_tshark "$OUT"
		facts_of_phones
		facts_of_sipp
		facts_of_netem "$name"
	} | awk -v name="$name" -v OFS='\t' '{print name, $0}' >"$WORK/rows"
	touch "$table"
	{
		awk -F'\t' -v name="$name" '$1 != name && $1 != "capture"' "$table"
		cat "$WORK/rows"
	} | LC_ALL=C sort -s -t"$(printf '\t')" -k1,1 >"$WORK/table"
	{ printf 'capture\tkey\tvalue\n'; cat "$WORK/table"; } >"$table"
}

# sniff FILE... runs tshark, with the keys of the capture if there are any.
sniff() {
	local keys=()
	[ ! -f "$WORK/$name.keys" ] || keys+=(-o "tls.keylog_file:$WORK/$name.keys")
	[ ! -f "$WORK/$name.pem" ] || keys+=(-o "uat:rsa_keys:\"$WORK/$name.pem\",\"\"")
	tshark -n -o tcp.reassemble_out_of_order:TRUE "${keys[@]}" -r "$@" 2>/dev/null
}

# facts_of_tshark FILE counts messages, not packets: a field may occur more than once.
# DTLS on a port of RTP is RTP of another version to tshark, and does not count.
# What an ICMP error quotes does not count.
facts_of_tshark() {
	printf 'frames\t%s\n' "$(sniff "$1" -T fields -e frame.number | wc -l)"
	sniff "$1" -Y sip -T fields -e sip.CSeq.method -e sip.Method -e sip.Status-Code -e sip.Call-ID -e frame.protocols | awk -F'\t' -v OFS='\t' '
		function transport(layers,   tls) {
			tls = layers ~ /:tls/
			if (layers ~ /:websocket/) return tls ? "wss" : "ws"
			return tls ? "tls" : layers ~ /:tcp/ ? "tcp" : "udp"
		}
		function each(field, prefix,   n, i, a) { n = split(field, a, ","); for (i = 1; i <= n; i++) count[prefix a[i]]++; return n }
		{ n = each($4, "id "); messages += n; transports[transport($5)] += n; each($2, "method."); each($3, "response.") }
		END {
			for (k in count) if (k ~ /^id /) ids++; else print k, count[k] | "sort"
			close("sort")
			for (k in transports) print "transport." k, transports[k]
			print "sip_messages", messages + 0; print "call_ids", ids + 0
		}'
	sniff "$1" -q -z rtp,streams | awk -v OFS='\t' '
		match($0, / 0x[0-9A-Fa-f]+ /) {
			streams++
			split(substr($0, 1, RSTART), head, " ")
			n = split(substr($0, RSTART), tail, " ")
			for (i = 2; i <= n && tail[i] !~ /^\(/; i++);
			payload = tail[2]
			for (j = 3; j < i - 2; j++) payload = payload tail[j]
			print "stream." tail[1], head[3] " " head[4] " " head[5] " " head[6] " " payload " " tail[i - 2] " " tail[i - 1]
		}
		END { print "rtp_streams", streams + 0 }'
	printf 'rtp_packets\t%s\n' "$(sniff "$1" -Y "rtp.version == 2 and not (icmp or icmpv6)" -T fields -e frame.number | wc -l)"
	printf 'rtcp_packets\t%s\n' "$(sniff "$1" -Y "rtcp.version == 2 and not (icmp or icmpv6)" -T fields -e frame.number | wc -l)"
}

facts_of_phones() {
	local log host
	for log in "$WORK"/*/log; do
		[ -f "$log" ] || continue
		host=$(basename "$(dirname "$log")")
		tr '\r' '\n' <"$log" | awk -v host="$host" -v OFS='\t' '
			/^packets: / { n++; print "peer." host "." n ".rtp_sent", $2; print "peer." host "." n ".rtp_received", $3 }
			/^lost: / { print "peer." host "." n ".rtp_lost", $3 }'
	done
}

# facts_of_sipp reads the last line of SIPp's statistics by the names in the first.
facts_of_sipp() {
	local csv host
	for csv in "$WORK"/*.csv; do
		[ -f "$csv" ] || continue
		host=$(basename "$csv" .csv)
		awk -F';' -v host="${host%%-*}" -v OFS='\t' '
			NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
			{ last = $0 }
			END {
				split(last, v, ";")
				print "peer." host ".sipp_successful", v[column["SuccessfulCall(C)"]]
				print "peer." host ".sipp_failed", v[column["FailedCall(C)"]]
				print "peer." host ".sipp_retransmissions", v[column["Retransmissions(C)"]]
			}' "$csv"
	done
}

facts_of_netem() {
	[ -f "$WORK/$1.netem" ] || return 0
	awk -v OFS='\t' '
		/^qdisc netem/ { n++; way = n == 1 ? "in" : "out" }
		/^ Sent/ { print "netem." way ".passed", $4; gsub(/[^0-9]/, "", $7); print "netem." way ".dropped", $7 }' "$WORK/$1.netem"
}
