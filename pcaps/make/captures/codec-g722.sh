# A call in G.722.
codec_phones G722/16000/1 16000 1 g722
codec_call
