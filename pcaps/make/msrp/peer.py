"""One end of an MSRP session (RFC 4975), written for this capture.

    peer.py listen|connect OWN-URI OTHER-URI REPORT [CERTIFICATE KEY]

The one that connects opens the session with an empty SEND, sends a short
message for which it wants a report, a picture of 20,000 octets in chunks, and
a file that the other end refuses with 413, so that it is given up with '#'.
The one that listens answers, reports and sends a message of its own. What
each did is written to REPORT, a "key value" a line. With a certificate it
speaks TLS; keys go where SSLKEYLOGFILE says.
"""

import os
import socket
import ssl
import sys

CHUNK = 2048


class Peer:
    def __init__(self, sock, own, other):
        self.sock, self.own, self.other = sock, own, other
        self.buffer, self.number = b"", 0
        self.count = {}

    def add(self, key, n=1):
        self.count[key] = self.count.get(key, 0) + n

    def write(self, start, headers, body, flag, tid, swap=None):
        to, own = swap or (self.other, self.own)
        head = [f"MSRP {tid} {start}", f"To-Path: {to}", f"From-Path: {own}", *headers]
        data = "\r\n".join(head).encode() + b"\r\n"
        if body is not None:
            data += b"\r\n" + body + b"\r\n"
        self.sock.sendall(data + f"-------{tid}{flag}\r\n".encode())

    def send(self, message, body=None, first=1, total=0, flag="$", extra=(), kind="text/plain", wait=True):
        self.number += 1
        tid = f"{message}t{self.number}"
        headers = [f"Message-ID: {message}"]
        if body is not None:
            headers += [f"Byte-Range: {first}-{first + len(body) - 1}/{total or len(body)}", *extra, f"Content-Type: {kind}"]
            self.add("octets", len(body))
            self.add({"$": "messages", "#": "aborted", "+": "chunks"}[flag])
        self.write("SEND", headers, body, flag, tid)
        self.add("sends")
        return self.response(tid) if wait else tid

    def response(self, tid):
        while True:
            frame = self.read()
            if frame["tid"] == tid and frame["what"][:3].isdigit():
                self.add("response." + frame["what"][:3])
                return frame["what"][:3]
            self.handle(frame)

    def read(self):
        """Reads one frame: its start line, headers and body."""
        while True:
            line, found, _ = self.buffer.partition(b"\r\n")
            if found:
                _, tid, what = line.decode().split(" ", 2)
                for flag in "$+#":
                    end = f"-------{tid}{flag}\r\n".encode()
                    if end in self.buffer:
                        text, _, self.buffer = self.buffer.partition(end)
                        head, _, body = text.partition(b"\r\n\r\n")
                        headers = dict(h.split(": ", 1) for h in head.decode().split("\r\n")[1:] if h)
                        return {"tid": tid, "what": what, "headers": headers, "body": body[:-2], "flag": flag}
            more = self.sock.recv(4096)
            if not more:
                raise EOFError
            self.buffer += more

    def handle(self, frame):
        """Answers a SEND; a REPORT has no answer (RFC 4975 section 7.1.2)."""
        if frame["what"] == "REPORT":
            self.add("reports_received")
            return
        refused = frame["headers"].get("Content-Type") == "application/octet-stream"
        self.write("413 Enough" if refused else "200 OK", [], None, "$", frame["tid"])
        self.add("answered.413" if refused else "answered.200")
        h = frame["headers"]
        if h.get("Success-Report") == "yes" and frame["flag"] == "$":
            self.number += 1
            self.write("REPORT", [f"Message-ID: {h['Message-ID']}", f"Byte-Range: {h['Byte-Range']}", "Status: 000 200 OK"], None, "$", f"rep{self.number}")
            self.add("reports")


def connect(peer):
    peer.send("open")
    peer.send("hello", b"Hello Bob, -------hellot2$ is not the end.", extra=["Success-Report: yes", "Failure-Report: yes"])
    peer.handle(peer.read())  # Bob's report
    picture = bytes(i * i % 251 for i in range(20_000))
    for at in range(0, len(picture), CHUNK):
        part = picture[at:at + CHUNK]
        last = at + CHUNK >= len(picture)
        peer.send("picture", part, first=at + 1, total=len(picture), flag="$" if last else "+", kind="image/png")
    peer.send("file", bytes(CHUNK), total=1_000_000, flag="+", kind="application/octet-stream")
    peer.send("file", b"x", first=CHUNK + 1, total=1_000_000, flag="#", kind="application/octet-stream")
    peer.handle(peer.read())  # Bob's message


def listen(peer):
    while peer.count.get("answered.413", 0) < 2:
        peer.handle(peer.read())
    peer.send("back", "Danke, schön!".encode())


def main():
    role, own, other, report, *certificate = sys.argv[1:]
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if role == "listen" else ssl.PROTOCOL_TLS_CLIENT)
        if role == "listen":
            context.load_cert_chain(*certificate)
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.keylog_filename = os.environ["SSLKEYLOGFILE"]
    host, port = (own if role == "listen" else other).split("//")[1].split("/")[0].split(":")
    if role == "listen":
        with socket.create_server((host, int(port))) as server:
            sock, _ = server.accept()
    else:
        sock = socket.create_connection((host, int(port)))
    if context:
        sock = context.wrap_socket(sock, server_side=role == "listen")
    peer = Peer(sock, own, other)
    (listen if role == "listen" else connect)(peer)
    sock.close()
    with open(report, "w") as out:
        for key, n in sorted(peer.count.items()):
            out.write(f"{key} {n}\n")


main()
