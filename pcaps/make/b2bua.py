#!/usr/bin/python3
"""A small back-to-back user agent for captures: it ends each call and begins another, which has nothing of the first but the meaning.

	b2bua.py ADDRESS:PORT NEXT:PORT[+] [drop=PREFIX] [add=PREFIX] [cid=HEADER] [keep=HEADER]

Call-ID, tags, branches, CSeq, Contact, Max-Forwards and the addresses, ports and origin of SDP are its own. drop and add change the numbers
of both sides; cid names the header that tells the next hop the Call-ID of this one; keep passes a header on both ways. With a + the last digit of the number is added to the port. There is no media.
"""
import re
import secrets
import socket
import sys


class Message:
    def __init__(self, octets):
        head, _, self.body = octets.decode("latin-1").partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [(k.strip(), v.strip()) for k, _, v in (line.partition(":") for line in lines)]
        self.status = int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0
        number, self.method = self.get("CSeq").split()
        self.cseq = int(number)
        self.branch = re.search(r"branch=([^;, ]+)", self.get("Via")).group(1)

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name.lower()]

    def get(self, name):
        return next(iter(self.all(name)), "")

    def user(self, name):
        return re.search(r"sips?:([^@>]+)@", self.start if name == "uri" else self.get(name)).group(1)


class Leg:
    """One side of a call: the dialog with whoever sits there."""

    def __init__(self, call_id, local, remote, peer, target):
        self.call_id, self.local, self.remote, self.peer, self.target = call_id, local, remote, peer, target
        self.cseq, self.media, self.other, self.answered = secrets.randbelow(9000) + 1, 20000 + 2 * secrets.randbelow(5000), None, False
        self.invite = None  # the branch and number of the INVITE that was sent here latest


class Agent:
    def __init__(self, here, following, options):
        self.host, port = here.split(":")
        self.contact = f"<sip:{self.host}:{port}>"
        self.next, place = following.split(":")
        self.port, self.spread = int(place.rstrip("+")), place.endswith("+")
        self.options, self.legs, self.pending = options, {}, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.host, int(port)))

    def serve(self):
        while True:
            octets, peer = self.socket.recvfrom(65535)
            message = Message(octets)
            if message.status:
                self.response(message)
            else:
                self.request(message, peer)

    def request(self, message, peer):
        leg = self.legs.get(message.get("Call-ID"))
        if leg is None and message.method == "INVITE":
            leg = self.begin(message, peer)
        if leg is None:
            if message.method != "ACK":
                self.answer(message, peer, "481 Call/Transaction Does Not Exist", "", None)
        elif message.method == "ACK":
            if leg.answered:
                self.ask(leg.other, "ACK", message)
        elif message.method == "CANCEL":
            self.answer(message, leg.peer, "200 OK", "", leg)
            self.ask(leg.other, "CANCEL", message)
        else:
            if message.method == "INVITE":
                self.answer(message, leg.peer, "100 Trying", "", leg)
            self.ask(leg.other, message.method, message)

    def begin(self, message, peer):
        """Makes the two legs of a new call."""
        caller, callee = (self.renumber(message.user(name)) for name in ("From", "uri"))
        a = Leg(message.get("Call-ID"), f"{message.get('To')};tag={secrets.token_hex(5)}", message.get("From"), peer, message.get("Contact").strip("<>"))
        peer = (self.next, self.port + (int(callee[-1]) if self.spread else 0))
        target = f"sip:{callee}@{peer[0]}:{peer[1]}"
        b = Leg(f"{secrets.token_hex(12)}@{self.host}", f"<sip:{caller}@{self.host}>;tag={secrets.token_hex(5)}", f"<{target}>", peer, target)
        a.other, b.other = b, a
        self.legs[a.call_id], self.legs[b.call_id] = a, b
        return a

    def renumber(self, user):
        return self.options.get("add", "") + user.removeprefix(self.options.get("drop", ""))

    def ask(self, leg, method, cause):
        """Sends a request on a leg, because of one on the other."""
        if method in ("ACK", "CANCEL"):
            branch, number = leg.invite
            branch = branch if method == "CANCEL" else "z9hG4bK" + secrets.token_hex(8)
        else:
            leg.cseq += 1
            branch, number = "z9hG4bK" + secrets.token_hex(8), leg.cseq
            self.pending[branch] = (cause, leg.other)
        if method == "INVITE":
            leg.invite = (branch, number)
        lines = [f"{method} {leg.target} SIP/2.0", f"Via: SIP/2.0/UDP {self.contact[5:-1]};branch={branch}", "Max-Forwards: 70",
                 f"From: {leg.local}", f"To: {leg.remote}", f"Call-ID: {leg.call_id}", f"CSeq: {number} {method}", f"Contact: {self.contact}"]
        if method == "INVITE" and "cid" in self.options:
            lines.append(f"{self.options['cid']}: {leg.other.call_id}")
        self.send(lines, cause, leg)

    def response(self, message):
        cause, leg = self.pending.get(message.branch, (None, None))
        if cause is None or message.status == 100 or message.method == "CANCEL":
            return
        asked = leg.other
        asked.remote = message.get("To")
        if message.get("Contact"):
            asked.target = message.get("Contact").strip("<>")
        if message.method == "INVITE" and message.status >= 300:
            self.send([f"ACK {asked.target} SIP/2.0", f"Via: SIP/2.0/UDP {self.contact[5:-1]};branch={message.branch}", "Max-Forwards: 70",
                       f"From: {asked.local}", f"To: {asked.remote}", f"Call-ID: {asked.call_id}", f"CSeq: {message.cseq} ACK"], None, asked)
        leg.answered = leg.answered or message.method == "INVITE" and message.status < 300 and message.status >= 200
        self.answer(cause, leg.peer, message.start.partition(" ")[2], message, leg)

    def answer(self, asked, peer, status, cause, leg):
        lines = [f"SIP/2.0 {status}"] + [f"Via: {v}" for v in asked.all("Via")] + [f"From: {asked.get('From')}"]
        to = asked.get("To")
        if leg is not None and "tag=" not in to and not status.startswith("100"):
            to += ";" + leg.local.rpartition(";")[2]
        lines += [f"To: {to}", f"Call-ID: {asked.get('Call-ID')}", f"CSeq: {asked.cseq} {asked.method}", f"Contact: {self.contact}"]
        self.send(lines, cause or None, leg, peer)

    def send(self, lines, cause, leg, peer=None):
        body = ""
        if cause is not None:
            kept = self.options.get("keep", "")
            lines += [f"{kept}: {v}" for v in cause.all(kept) if kept]
            if cause.body:
                body = self.own_media(cause.body, leg)
                lines.append(f"Content-Type: {cause.get('Content-Type')}")
        lines.append(f"Content-Length: {len(body)}")
        self.socket.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1"), peer or leg.peer)

    def own_media(self, body, leg):
        body = re.sub(r"(?m)^o=.*?\r?$", f"o=b2b {leg.media * 7919} 1 IN IP4 {self.host}\r", body)
        body = re.sub(r"(?m)^c=IN IP4 \S+?\r?$", f"c=IN IP4 {self.host}\r", body)
        return re.sub(r"(?m)^m=(\w+) \d+", rf"m=\1 {leg.media}", body)


if __name__ == "__main__":
    Agent(sys.argv[1], sys.argv[2], dict(word.split("=", 1) for word in sys.argv[3:])).serve()
