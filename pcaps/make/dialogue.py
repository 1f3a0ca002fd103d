#!/usr/bin/python3
"""Turns dialogues written as lines into scenarios of SIPp, one for each side of each call.

	dialogue.py FILE DIRECTORY

writes DIRECTORY/N-NAME.xml and prints, for dialogue.sh, a line for each SIPp that has to run:

	role  name  address  port  at-ms  call-id  remote  scenario

A dialogue:

	call ID alice@192.0.2.10:5060 bob@192.0.2.20:5060 [at MS] [via 192.0.2.5:5060] [legs N]
	                                 through a proxy, or with legs a chain of B2BUAs; alice=USER@… has another user part
	alice>bob INVITE sdp=pcmu        a request: who sends it, who receives it
	  Subject: hello                 an indented line adds a header to it
	bob>alice 180                    a response, to the latest request of that side without one; for=METHOD says which
	wait 500                         milliseconds, before whoever sends next does
	alice>bob,carol INVITE           through a proxy that forks; * is a side without a scenario, such as the proxy

	fact state completed             what is known of this call, for facts.tsv: the key is call.ID.state

Words of a message: sdp=WORDS (see sdp), frag=STATUS a body of message/sipfrag, uri=URI, tag=NAME whose tag stands
in To, cseq=N, for=METHOD, reason=WORD, skip: it is sent, but who receives it does not wait for it; play=FILE after it.
Tags, branches and Call-IDs are made of the names, so that one call can name another in Replaces or Join.
"""
import re
import sys

REASONS = {100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress", 199: "Early Dialog Terminated",
           200: "OK", 202: "Accepted", 302: "Moved Temporarily", 404: "Not Found", 408: "Request Timeout",
           422: "Session Interval Too Small", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
           486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
           500: "Server Internal Error", 503: "Service Unavailable", 603: "Decline"}
CODECS = {"pcmu": (0, "PCMU/8000"), "pcma": (8, "PCMA/8000"), "g722": (9, "G722/8000"), "g729": (18, "G729/8000"),
          "dtmf": (101, "telephone-event/8000")}

# The hops of an INVITE, Record-Route and Via as Kamailio orders them: its responses need them also when a CANCEL came last.
KEPT = """>
    <action><ereg regexp="(Record-Route:.*)From:" search_in="msg" check_it="true" assign_to="whole,hops"/>
      <ereg regexp="tag=[^;&gt;]*" search_in="hdr" header="From:" assign_to="peer"/>
      <ereg regexp="sip:[^;&gt;]*" search_in="hdr" header="Contact:" assign_to="target"/></action>
  </recv>"""


class Party:
    def __init__(self, text):
        name, place = text.split("@")
        self.name, _, self.user = name.partition("=")
        self.user = self.user or self.name
        self.address, port = place.rsplit(":", 1)
        self.port = int(port)
        self.media = 6000 + 100 * (self.port - 5060)
        self.steps, self.cseq, self.sdp, self.version = [], 0, None, 0

    def uri(self):
        return f"sip:{self.user}@example.com"

    def contact(self):
        return f"sip:{self.user}@{self.address}:{self.port}"

    def description(self, words):
        """The SDP of words: codecs, sendonly recvonly inactive, zero (c=0.0.0.0), addr=IP, video novideo, t38."""
        if words != self.sdp:
            self.sdp, self.version = words, self.version + 1
        given = words.split(",")
        address = next((w[5:] for w in given if w.startswith("addr=")), self.address)
        line = "0.0.0.0" if "zero" in given else address
        lines = ["v=0", f"o={self.name} 1 {self.version} IN IP4 {address}", "s=-", f"c=IN IP4 {line}", "t=0 0"]
        codecs = [CODECS[w] for w in given if w in CODECS]
        if codecs:
            lines.append("m=audio [media_port] RTP/AVP " + " ".join(str(n) for n, _ in codecs))
            lines += [f"a=rtpmap:{n} {name}" for n, name in codecs]
            lines += [f"a={w}" for w in given if w in ("sendonly", "recvonly", "inactive")]
        if "t38" in given:
            lines += [f"m=image {self.media + 4} udptl t38", "a=T38FaxVersion:0", "a=T38MaxBitRate:14400", "a=T38FaxUdpEC:t38UDPRedundancy"]
        if "video" in given or "novideo" in given:
            lines += [f"m=video {self.media + 2 if 'video' in given else 0} RTP/AVP 96", "a=rtpmap:96 H264/90000"]
        return "\n".join(lines) + "\n"


class Call:
    def __init__(self, words, number):
        self.id, self.number, self.at, self.via = words[1], number, 0, None
        self.legs, self.facts = 1, []
        self.parties, rest = {}, words[2:]
        while rest:
            word = rest.pop(0)
            if word == "at":
                self.at = int(rest.pop(0))
            elif word == "via":
                self.via = rest.pop(0)
            elif word == "legs":
                self.legs = int(rest.pop(0))
                self.facts.append(("leg_count", self.legs - 1))
            else:
                party = Party(word)
                self.parties[party.name] = party
        self.caller = next(iter(self.parties.values()))
        self.call_id = f"{self.id}@{self.caller.address}"
        self.requests = []  # [sender, method, cseq, branch, answered, before the call is up]
        self.to = None
        self.pause, self.target = 0, None
        self.confirmed = self.refused = False  # what the latest final response to an INVITE did

    def tag(self, name):
        return f"{self.id}-{name}"

    def add(self, line, headers):
        who, start, *words = line.split()
        sender, receivers = who.split(">")
        given = dict(w.split("=", 1) if "=" in w else (w, "") for w in words)
        if start.isdigit():
            self.response(sender, receivers.split(","), int(start), given, headers)
        else:
            self.request(sender, receivers.split(","), start, given, headers)

    def request(self, sender, receivers, method, given, headers):
        party, initial = self.parties.get(sender), method == "CANCEL" or method in ("INVITE", "ACK") and not self.confirmed
        cseq, branch = self.requests[0][2] if self.requests else 0, ""
        if party is not None:
            other = self.parties.get(given.get("tag", receivers[0]))
            cseq, branch = self.numbers(party, method, receivers[0], given)
            lines = [f"{method} {self.target_of(party, other, method, initial, given)} SIP/2.0", self.via_of(party, branch),
                     f"From: <{party.uri()}>;tag={self.tag(sender)}", f"To: {self.to_of(party, other, method, initial)}"]
            if not initial and self.via and self.legs == 1:
                lines.append(f"Route: <sip:{self.via.split(':')[0]};lr>")
            lines += ["Call-ID: [call_id]", f"CSeq: {cseq} {method}", "Max-Forwards: 70"]
            if method in ("INVITE", "UPDATE", "REFER", "SUBSCRIBE", "NOTIFY"):
                lines.append(f"Contact: <{party.contact()}>")
            self.send(party, lines, given, headers)
        if method != "ACK":
            self.requests.append([sender, method, cseq, branch, False, initial or party is None])
        if "skip" not in given:
            self.expect(receivers, method)
        if method == "INVITE" and self.via and party is not None:
            party.steps.append('  <recv response="100" optional="true"/>')

    def target_of(self, party, other, method, initial, given):
        """The request URI: what was dialled until the call is up, then the Contact of the other side, or of the B2BUA before it."""
        if initial and method == "INVITE":
            self.target = given.get("uri", f"sip:{other.user}@example.com" if self.via else other.contact())
        if initial:
            return self.target
        if self.legs == 1:
            return other.contact()
        return f"sip:{self.via}" if party is self.caller else "[$target]"

    def to_of(self, party, other, method, initial):
        to = f"<{other.uri()}>"
        if self.via and party is self.caller:
            self.to = to = self.to or to  # it does not change with the branch that answers
        if initial and method != "ACK":
            return to
        if initial and self.via or self.legs > 1:
            return to + ("[peer_tag_param]" if party is self.caller else ";[$peer]")
        return to + f";tag={self.tag(other.name)}"

    def expect(self, receivers, method):
        for name in receivers:
            if name not in self.parties:
                continue
            end = "/>"
            if method == "INVITE" and self.via and name != self.caller.name:
                end = KEPT.replace("Record-Route", "Via") if self.legs > 1 else KEPT
            self.parties[name].steps.append(f'  <recv request="{method}"' + end)

    def numbers(self, party, method, to, given):
        if method in ("ACK", "CANCEL"):
            invites = [r for r in self.requests if r[0] == party.name and r[1] == "INVITE"]
            latest = invites[-1]
            if "cseq" in given:
                latest = next(r for r in invites if r[2] == int(given["cseq"]))
            same = method == "CANCEL" or self.refused
            return latest[2], latest[3] if same else f"z9hG4bK-{self.id}-{party.name}-{latest[2]}-ack-{to}"
        party.cseq = int(given.get("cseq", party.cseq + 1))
        return party.cseq, f"z9hG4bK-{self.id}-{party.name}-{party.cseq}"

    def via_of(self, party, branch):
        return f"Via: SIP/2.0/UDP {party.address}:{party.port};branch={branch}"

    def response(self, sender, receivers, status, given, headers):
        waiting = [r for r in self.requests if (r[0] in [*receivers, "*"] or "*" in receivers) and (given.get("for", r[1]) == r[1]) and (not r[4] or self.via)]
        if not waiting:
            raise SystemExit(f"{self.id}: nothing to answer with {status}")
        asked = waiting[-1]
        if status >= 200:
            asked[4] = True
            if asked[1] == "INVITE":
                self.refused = status >= 300
                self.confirmed = self.confirmed or status < 300
        if sender in self.parties:
            party = self.parties[sender]
            lines = [f"SIP/2.0 {status} {given.get('reason', REASONS.get(status, '')).replace('_', ' ')}", *self.echo(party, asked, status)]
            if asked[1] in ("INVITE", "UPDATE", "SUBSCRIBE") and 100 < status < 300:
                lines.append(f"Contact: <{party.contact()}>")
            self.send(party, lines, given, headers)
        for name in receivers:
            if name in self.parties and "skip" not in given:
                self.parties[name].steps.append(f'  <recv response="{status}"/>')

    def echo(self, party, asked, status):
        """What a response repeats of its request; through others that is what came, else what is known to have been sent."""
        if not self.via:
            asker = self.parties[asked[0]]
            to = f"<{party.uri()}>" + (f";tag={self.tag(party.name)}" if status > 100 else "")
            return [self.via_of(asker, asked[3]), f"From: <{asker.uri()}>;tag={self.tag(asker.name)}", f"To: {to}", "Call-ID: [call_id]",
                    f"CSeq: {asked[2]} {asked[1]}"]
        sent_from = f"From: <{self.caller.uri()}>;tag={self.tag(self.caller.name)}"
        hops = ["[$hops]" + sent_from] if asked[1] == "INVITE" and self.legs == 1 else ["[last_Via:]", "[last_From:]"]
        to = f"[last_To:];tag={self.tag(party.name)}" if asked[1] == "INVITE" and asked[5] else "[last_To:]"
        return [*hops, to, "[last_Call-ID:]", f"CSeq: {asked[2]} {asked[1]}" if self.legs == 1 else "[last_CSeq:]"]

    def send(self, party, lines, given, headers):
        names = {h.split(":")[0] for h in headers}
        lines = [line for line in lines if line.split(":")[0] not in names] + headers
        body = ""
        if "sdp" in given:
            lines.append("Content-Type: application/sdp")
            body = party.description(given["sdp"])
        elif "frag" in given:
            lines.append("Content-Type: message/sipfrag;version=2.0")
            body = f"SIP/2.0 {given['frag']} {REASONS[int(given['frag'])]}\n"
        lines += ["Content-Length: [len]", ""]
        if self.pause:
            party.steps.append(f'  <pause milliseconds="{self.pause}"/>')
            self.pause = 0
        text = "\n".join(lines) + "\n" + body
        party.steps.append("  <send>\n    <![CDATA[\n\n" + "\n".join("      " + line if line else "" for line in text.rstrip("\n").split("\n"))
                           + "\n\n    ]]>\n  </send>")
        if "play" in given:
            party.steps.append(f'  <nop><action><exec play_pcap_audio="{given["play"]}"/></action></nop>')

    def write(self, directory):
        for party in self.parties.values():
            name = f"{self.number:02}-{self.id}-{party.name}"
            with open(f"{directory}/{name}.xml", "w", encoding="ascii") as f:
                f.write('<?xml version="1.0" encoding="ISO-8859-1" ?>\n' + f'<scenario name="{name}">\n')
                f.write("\n".join(party.steps) + "\n")
                if self.via and party is not self.caller:
                    f.write('  <Reference variables="whole,hops,peer,target"/>\n')
                f.write("</scenario>\n")
            other = list(self.parties.values())[1] if party is self.caller else self.caller
            remote = self.via or f"{other.address}:{other.port}"
            role = "caller" if party is self.caller else "callee"
            print(role, party.name, party.address, party.port, self.at, self.call_id, remote, name, party.media, sep="\t")


def main(path, directory):
    calls, line, headers = [], None, []

    def flush():
        if line:
            calls[-1].add(line, headers)

    with open(path, encoding="ascii") as f:
        for text in f:
            text = text.rstrip("\n")
            if not text.strip() or text.startswith("#"):
                continue
            if re.match(r"\s", text):
                headers.append(text.strip())
                continue
            flush()
            line, headers = None, []
            words = text.split()
            if words[0] == "call":
                calls.append(Call(words, len(calls) + 1))
            elif words[0] == "fact":
                calls[-1].facts.append((words[1], " ".join(words[2:])))
            elif words[0] == "wait":
                calls[-1].pause += int(words[1])
            else:
                line = text
    flush()
    for call in calls:
        call.write(directory)
    with open(f"{directory}/facts", "w", encoding="ascii") as f:
        f.write(f"calls\t{sum(call.legs for call in calls)}\n")
        for call in calls:
            for key, value in call.facts:
                f.write(f"call.{call.id}.{key}\t{value}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
