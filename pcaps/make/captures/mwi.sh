# Message waiting: alice's phone subscribes at Kamailio, her mailbox (SIPp)
# publishes that messages wait, then that none do.
host proxy 5
host alice 10
host mailbox 30
proxy proxy -A WITH_LAMPS
record "$OUT"
phone alice 192.0.2.10 "$(registered_account alice ';mwi=yes')" 'module_app mwi.so'
sleep 2
sipp_on mailbox mailbox-uac 192.0.2.5:5060 -i 192.0.2.30 -p 5060 -m 1
sleep 1
press alice '/quit'
sleep 1
record_stop
fact calls '0'
fact registrations '1'
