# A call through GENEVE over IPv6.
tunnel 2 6 geneve id 7
tunnelled_call
