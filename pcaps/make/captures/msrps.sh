# The same over TLS.
certificate "$WORK/server" example.com
message_session msrps TCP/TLS/MSRP "$WORK/server.crt" "$WORK/server.key"
