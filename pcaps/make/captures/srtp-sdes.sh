# A call with SRTP whose keys are in SDP (RFC 4568).
two_secure_phones srtp-mand srtp
secure_call
