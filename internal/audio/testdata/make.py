#!/usr/bin/env python3
"""Makes the vectors beside it with other programs' decoders: libspandsp2 (G.722), libgsm1 and libopus0 of Debian.

NAME.in are octets of payload, NAME.out what the library makes of them, 16-bit little-endian. Half of an input is
random, which visits every corner of a decoder, half a tone that the library encoded. libspandsp lets loud samples
wrap where G.722 limits them. Opus has packets of speech, each behind its length in two octets, at 12, 24 and
64 kbit/s: SILK, hybrid and CELT.
"""
import ctypes, math, os, random, struct, wave

HERE = os.path.dirname(os.path.abspath(__file__))
rnd = random.Random(722)


def write(name, octets, samples):
    open(os.path.join(HERE, name + ".in"), "wb").write(octets)
    open(os.path.join(HERE, name + ".out"), "wb").write(struct.pack("<%dh" % len(samples), *samples))


def tone(rate, seconds):
    n = int(rate * seconds)
    return [int(9000 * math.sin(2 * math.pi * 440 * i / rate) + 6000 * math.sin(2 * math.pi * i * i * 0.3 / rate) + rnd.randint(-200, 200)) for i in range(n)]


def g722():
    lib = ctypes.CDLL("libspandsp.so.2")
    for f in (lib.g722_encode_init, lib.g722_decode_init):
        f.restype = ctypes.c_void_p
        f.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    for f in (lib.g722_encode, lib.g722_decode):
        f.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
    for rate in (64, 56, 48):
        drop = {64: 0, 56: 1, 48: 2}[rate]  # bits of an octet that are no sound
        pcm = tone(16000, 0.15)
        buf = (ctypes.c_int16 * len(pcm))(*pcm)
        coded = ctypes.create_string_buffer(len(pcm))
        n = lib.g722_encode(lib.g722_encode_init(None, rate * 1000, 0), coded, buf, len(pcm))
        codes = bytes(coded.raw[:n]) + bytes(rnd.randrange(256 >> drop) for _ in range(1200))
        out = (ctypes.c_int16 * (4 * len(codes)))()
        n = lib.g722_decode(lib.g722_decode_init(None, rate * 1000, 0), out, codes, len(codes))
        write("g722-%d" % rate, bytes(c << drop | rnd.randrange(1 << drop) for c in codes), list(out[:n]))


def gsm():
    lib = ctypes.CDLL("libgsm.so.1")
    lib.gsm_create.restype = ctypes.c_void_p
    for f in (lib.gsm_encode, lib.gsm_decode):
        f.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    pcm = tone(8000, 0.4)
    enc, dec, frames, samples = lib.gsm_create(), lib.gsm_create(), b"", []
    for i in range(0, len(pcm), 160):
        frame = ctypes.create_string_buffer(33)
        lib.gsm_encode(enc, (ctypes.c_int16 * 160)(*pcm[i:i + 160]), frame)
        frames += frame.raw
    for _ in range(40):
        frames += bytes([0xD0 | rnd.randrange(16)]) + bytes(rnd.randrange(256) for _ in range(32))
    for i in range(0, len(frames), 33):
        out = (ctypes.c_int16 * 160)()
        assert lib.gsm_decode(dec, frames[i:i + 33], out) == 0
        samples += list(out)
    write("gsm", frames, samples)


def opus():
    lib = ctypes.CDLL("libopus.so.0")
    lib.opus_encoder_create.restype = lib.opus_decoder_create.restype = ctypes.c_void_p
    lib.opus_encode.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int32]
    lib.opus_decode.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    error = ctypes.c_int()
    with wave.open(os.path.join(HERE, "../../../pcaps/codec-opus.alice.wav")) as w:
        pcm = struct.unpack("<%dh" % w.getnframes(), w.readframes(w.getnframes()))[4800:24000]
    for rate in (12, 24, 64):
        enc = lib.opus_encoder_create(48000, 1, 2048, ctypes.byref(error))  # VOIP
        lib.opus_encoder_ctl(ctypes.c_void_p(enc), 4002, ctypes.c_int32(rate * 1000))  # SET_BITRATE
        dec = lib.opus_decoder_create(48000, 1, ctypes.byref(error))
        packets, samples = b"", []
        for i in range(0, len(pcm) - 959, 960):
            coded = ctypes.create_string_buffer(1500)
            n = lib.opus_encode(enc, (ctypes.c_int16 * 960)(*pcm[i:i + 960]), 960, coded, 1500)
            packets += struct.pack("<H", n) + coded.raw[:n]
            out = (ctypes.c_int16 * 5760)()
            m = lib.opus_decode(dec, coded.raw[:n], n, out, 5760, 0)
            samples += list(out[:m])
        write("opus-%d" % rate, packets, samples)


g722()
gsm()
opus()
