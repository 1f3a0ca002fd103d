# A call in GSM 06.10.
codec_phones GSM 8000 1 gsm
codec_call
