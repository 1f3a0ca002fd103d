# A call with SRTP whose keys are agreed on in DTLS 1.2 (RFC 5764); alice's
# phone and bob's log the keys of the handshake.
log_keys
two_secure_phones dtls_srtp dtls_srtp
secure_call
keep_keys
