# A call through IPv4 in IPv6.
tunnel 3 6 ip6tnl mode ipip6 encaplimit none
tunnelled_call
