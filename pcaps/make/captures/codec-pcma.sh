# A call in G.711 A-law.
codec_phones PCMA 8000 1 g711
codec_call
