# Presence at Kamailio: alice subscribes to bob, bob publishes, alice is notified
# of each change, then both leave.
host proxy 5
host alice 10
host bob 20
proxy proxy
contact alice '"Bob" <sip:bob@example.com>;presence=p2p'
record "$OUT"
phone alice 192.0.2.10 "$(registered_account alice)" 'module_app contact.so' 'module_app presence.so'
sleep 2
phone bob 192.0.2.20 "$(registered_account bob ';pubint=300')" 'module_app contact.so' 'module_app presence.so'
sleep 2
press bob '/quit'
sleep 1
press alice '/quit'
sleep 1
record_stop
fact calls '0'
fact registrations '2'
