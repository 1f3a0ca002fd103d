# A call through ERSPAN type III.
tunnel 2 4 erspan seq key 7 erspan_ver 2 erspan_dir ingress erspan_hwid 7
tunnelled_call
