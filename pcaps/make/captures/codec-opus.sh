# A call in Opus.
codec_phones opus/48000/2 48000 2 opus "opus_bitrate 64000"
codec_call
