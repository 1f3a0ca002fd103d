# re-INVITEs that change codec, fax (accepted and refused), address of the media, video: dialogues/changes.txt, SIPp at both ends.
dialogue_hosts 10 20
record "$OUT"
dialogue changes
record_stop
