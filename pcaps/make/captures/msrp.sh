# A message session (MSRP) over TCP: texts, a picture in chunks, a report, a file
# that is refused and given up.
message_session msrp TCP/MSRP
