# A call through ERSPAN type II.
tunnel 2 4 erspan seq key 7 erspan_ver 1 erspan 7
tunnelled_call
