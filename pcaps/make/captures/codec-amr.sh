# A call in AMR, 12.2 kbit/s.
codec_phones AMR/8000/1 8000 1 amr
codec_call
