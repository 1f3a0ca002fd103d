# A call through Ethernet in GRE.
tunnel 2 4 gretap
tunnelled_call
