# baresip's module b2bua bridges the call of one account to another one, media included.
host bridge 6
AUDIO=aubridge,x phone bridge 192.0.2.6 "$(printf '%s\n%s' "$(local_account bob 192.0.2.6 ';b2bua=inbound')" "$(local_account back 192.0.2.6 ';b2bua=outbound;outbound="sip:192.0.2.20"')")" 'module_app b2bua.so' 'module aubridge.so'
host alice 10
host bob 20
phone alice 192.0.2.10 "$(local_account alice 192.0.2.10)"
phone bob 192.0.2.20 "$(local_account bob 192.0.2.20)"
record "$OUT"
press alice '/dial sip:bob@192.0.2.6'
talk 2
press alice '/hangup'
sleep 1.5
record_stop
fact calls '2'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
fact legs '2'
