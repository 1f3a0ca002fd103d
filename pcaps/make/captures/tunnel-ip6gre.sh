# A call through GRE over IPv6.
tunnel 3 6 ip6gre
tunnelled_call
