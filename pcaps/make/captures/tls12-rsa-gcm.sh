# A call with SIP over TLS 1.2 with RSA key exchange and AES-GCM; the private key of
# bob opens it, no key log is kept.
tls_only TLSv1.2 AES256-GCM-SHA384
two_tls_phones
press alice '/dial sip:bob@192.0.2.20:5061;transport=tls'
talk 1.5
press alice '/hangup'
sleep 1
record_stop
keep_private_key "$WORK/bob/cert.pem.key"
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
