# A plain call over IPv6, on hosts that have no IPv4 address.
host alice 10
host bob 20
on alice ip -4 addr flush dev eth0
on bob ip -4 addr flush dev eth0
phone alice '[2001:db8::10]' "$(local_account alice '[2001:db8::10]')" 'net_af ipv6'
phone bob '[2001:db8::20]' "$(local_account bob '[2001:db8::20]')" 'net_af ipv6'
record "$OUT"
press alice '/dial sip:bob@[2001:db8::20]'
talk 4
press alice '/hangup'
sleep 1
record_stop
fact calls '1'
fact final_status '200'
fact state 'completed'
fact ended_by 'caller'
