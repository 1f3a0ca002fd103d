# A call with SIP over TLS 1.2, ECDHE-RSA-AES128-GCM-SHA256; alice's phone logs the keys.
tls_only TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256
log_keys
two_tls_phones
press alice '/dial sip:bob@192.0.2.20:5061;transport=tls'
talk 1.5
press alice '/hangup'
sleep 1
record_stop
keep_keys
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
