# A call through VXLAN over a wire with an MTU of 600: large SIP messages travel
# in fragments of the outer packet.
MTU=600
tunnel 2 4 vxlan id 7 dstport 4789
for h in alice bob; do on $h sysctl -qw net.ipv4.ip_no_pmtu_disc=1; done
tunnelled_call
