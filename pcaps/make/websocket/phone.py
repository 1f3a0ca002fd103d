"""A small phone that speaks SIP over WebSocket (RFC 7118).

    phone.py URL SECONDS [CERTIFICATE]

alice registers at example.com with digest, calls bob, listens for some
seconds, hangs up and unregisters. It sends no audio. With SSLKEYLOGFILE in
the environment Python's ssl module writes the keys of the connection there.
"""

import asyncio
import hashlib
import os
import re
import secrets
import socket
import ssl
import sys

import websockets

ADDRESS = "192.0.2.10"
AUDIO_PORT = 10010
HOST = secrets.token_hex(6) + ".invalid"
CONTACT = f"<sip:alice@{HOST};transport=ws>"


class Phone:
    def __init__(self, wire):
        self.wire = wire
        self.cseq = 0

    async def send(self, method, uri, to, dialog, extra=(), body="", cseq=None):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {HOST};branch=z9hG4bK{secrets.token_hex(8)};rport",
            "Max-Forwards: 70",
            f'From: "Alice" <sip:alice@example.com>;tag={dialog[1]}',
            f"To: {to}",
            f"Call-ID: {dialog[0]}",
            f"CSeq: {cseq} {method}",
            *extra,
            f"Content-Length: {len(body)}",
        ]
        await self.wire.send("\r\n".join(lines) + "\r\n\r\n" + body)

    @property
    def transport(self):
        return "WSS" if self.wire.secure else "WS"

    async def final(self):
        while True:
            text = await asyncio.wait_for(self.wire.recv(), 20)
            if isinstance(text, bytes):
                text = text.decode()
            if text.startswith("SIP/2.0") and not text.startswith("SIP/2.0 1"):
                return text

    async def register(self, dialog, expires):
        me = '"Alice" <sip:alice@example.com>'
        fields = [f"Contact: {CONTACT};expires={expires}"]
        await self.send("REGISTER", "sip:example.com", me, dialog, fields)
        answer = await self.final()
        if answer.startswith("SIP/2.0 401"):
            await self.send("REGISTER", "sip:example.com", me, dialog, fields + [credentials(answer)])
            answer = await self.final()
        expect(answer)

    async def call(self, seconds):
        dialog = (secrets.token_hex(10), secrets.token_hex(4))
        offer = "\r\n".join([
            "v=0", f"o=alice 1 1 IN IP4 {ADDRESS}", "s=-", f"c=IN IP4 {ADDRESS}", "t=0 0",
            f"m=audio {AUDIO_PORT} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=recvonly", "",
        ])
        await self.send("INVITE", "sip:bob@example.com", "<sip:bob@example.com>", dialog,
                        [f"Contact: {CONTACT}", "Content-Type: application/sdp"], offer)
        answer = await self.final()
        expect(answer)
        to, target = header(answer, "To"), re.search("<([^>]*)>", header(answer, "Contact"))[1]
        routes = [f"Route: {r}" for r in reversed(re.findall("(?im)^Record-Route: *([^\r]*)", answer))]
        await self.send("ACK", target, to, dialog, routes, cseq=self.cseq)
        await asyncio.sleep(seconds)
        await self.send("BYE", target, to, dialog, routes)
        expect(await self.final())


def header(message, name):
    return re.search(f"(?im)^{name}: *([^\r]*)", message)[1]


def credentials(challenge):
    """The Authorization header for a REGISTER (RFC 2617, qop=auth)."""
    given = dict(re.findall('([a-z]+)="?([^",]*)', header(challenge, "WWW-Authenticate")))
    md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
    cnonce = secrets.token_hex(4)
    a1, a2 = md5(f"alice:{given['realm']}:secret"), md5("REGISTER:sip:example.com")
    answer = md5(f"{a1}:{given['nonce']}:00000001:{cnonce}:auth:{a2}")
    return (f'Authorization: Digest username="alice", realm="{given["realm"]}", nonce="{given["nonce"]}", '
            f'uri="sip:example.com", response="{answer}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}"')


def expect(answer):
    if not answer.startswith("SIP/2.0 200"):
        sys.exit("no 200: " + answer.splitlines()[0])


async def main(url, seconds, certificate=None):
    context = None
    if certificate:
        context = ssl.create_default_context(cafile=certificate)
    audio = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    audio.bind((ADDRESS, AUDIO_PORT))
    async with websockets.connect(url, subprotocols=["sip"], ssl=context, host="192.0.2.5",
                                  server_hostname="example.com" if context else None) as wire:
        phone = Phone(wire)
        dialog = (secrets.token_hex(10), secrets.token_hex(4))
        await phone.register(dialog, 600)
        await phone.call(float(seconds))
        await phone.register(dialog, 0)


asyncio.run(main(*sys.argv[1:]))
