# Two instant messages (RFC 3428), there and back.
contact alice '"Bob" <sip:bob@192.0.2.20>'
contact bob '"Alice" <sip:alice@192.0.2.10>'
two_phones 'module_app contact.so'
press alice '/message Are you there?'
sleep 0.5
press bob '/message Yes, call me.'
sleep 1
record_stop
fact calls '0'
