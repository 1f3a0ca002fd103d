# A call in G.711 µ-law.
codec_phones PCMU 8000 1 g711
codec_call
