# A call over IPv6 through IPv6 in IPv4.
tunnel 3 4 sit
tunnelled_call 6
