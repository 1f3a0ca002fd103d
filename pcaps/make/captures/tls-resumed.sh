# Four connections to Kamailio, each with an OPTIONS: TLS 1.2, the same session
# resumed by its ticket, TLS 1.3, the same resumed by its ticket.
host proxy 5
host monitor 30
certificate "$WORK/proxy.pem" example.com
proxy proxy -A WITH_TLS -A "CERTIFICATE=\"$WORK/proxy.pem\""
record "$OUT"
tls_options 1 tls1_2 -sess_out "$WORK/session12"
tls_options 2 tls1_2 -sess_in "$WORK/session12"
tls_options 3 tls1_3 -sess_out "$WORK/session13"
tls_options 4 tls1_3 -sess_in "$WORK/session13"
record_stop
keep_keys
fact calls '0'
fact resumed '2'
