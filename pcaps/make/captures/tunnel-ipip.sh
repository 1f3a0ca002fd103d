# A call through IPv4 in IPv4.
tunnel 3 4 ipip
tunnelled_call
