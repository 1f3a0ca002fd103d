# Two phones register at Kamailio over TLS 1.3 and talk through it; Kamailio
# calls bob over a connection of its own. The phones log the keys.
host proxy 5
host alice 10
host bob 20
certificate "$WORK/proxy.pem" example.com
proxy proxy -A WITH_TLS -A "CERTIFICATE=\"$WORK/proxy.pem\""
tls_only TLSv1.3
log_keys
record "$OUT"
for p in 'bob 20' 'alice 10'; do
	set -- $p
	mkdir "$WORK/$1"
	certificate "$WORK/$1/cert.pem" "$1.example.com"
	phone "$1" "192.0.2.$2" "<sip:$1@example.com;transport=tls>;auth_user=$1;auth_pass=secret;outbound=\"sip:192.0.2.5:5061;transport=tls\";regint=600;audio_codecs=PCMU;answermode=manual" "sip_certificate $WORK/$1/cert.pem"
	wait_for '200 OK (kamailio)' "$WORK/$1/log" 5
done
press alice '/dial sip:bob@example.com'
wait_for 'Incoming call' "$WORK/bob/log" 5
sleep 0.7
press bob '/accept'
wait_for 'Call established' "$WORK/alice/log" 5
sleep 1.5
press bob '/hangup'
sleep 1
record_stop
keep_keys
fact calls '1'
fact registrations '2'
fact final_status '200'
fact state 'completed'
fact ended_by 'callee'
