# A call in L16, 16 kHz.
codec_phones L16/16000/1 16000 1 l16
codec_call
