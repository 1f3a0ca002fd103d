# A call through GRE with key, checksum and sequence numbers.
tunnel 3 4 gre key 7 csum seq
tunnelled_call
