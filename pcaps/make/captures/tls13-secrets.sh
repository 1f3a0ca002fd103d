# An OPTIONS to Kamailio over TLS 1.3 with ChaCha20-Poly1305, in a pcapng file that
# has the keys inside (a decryption secrets block, put there by editcap).
host proxy 5
host monitor 30
certificate "$WORK/proxy.pem" example.com
proxy proxy -A WITH_TLS -A "CERTIFICATE=\"$WORK/proxy.pem\""
record "$OUT"
tls_options 1 tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
record_stop
editcap --inject-secrets "tls,$WORK/$name.keys" "$OUT" "${OUT}ng"
rm "$WORK/$name.keys"
OUT=${OUT}ng
fact keylog "$(basename "$OUT")"
fact calls '0'
