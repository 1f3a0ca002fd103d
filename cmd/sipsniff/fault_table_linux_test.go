package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// faultTable is every fault that is injected; docs/FAULTS.md tells of them.
var faultTable = []fault{
	{name: "8 % of the packets lost", want: []string{"MED-11"}, at: "a", road: &faults{loss: 0.08, media: true},
		caller: plainCaller, callee: plainCallee, talkers: bothTalk},
	{name: "jitter of 80 ms", want: []string{"MED-12"}, at: "a", road: &faults{jitter: 80 * time.Millisecond, media: true},
		caller: plainCaller, callee: plainCallee, talkers: bothTalk},
	{name: "media blocked one way", want: []string{"MED-01"}, at: "a", prepare: withRules("b", "output udp sport 6000 drop"),
		caller: plainCaller, callee: plainCallee, talkers: bothTalk},
	{name: "private address in SDP", want: []string{"MED-06", "SIG-09"}, at: "a", prepare: withRoute(),
		caller: plainCaller, callee: []string{"> INVITE", "180", "200 sdp=6000@10.9.8.7 again", "> ACK", "> BYE", "200"},
		talkers: []string{"a 4000 10.9.8.7:6000 275 pt=0", "b 6000 4000 275 pt=0"}},
	{name: "RTP to the wrong port", want: []string{"MED-07"}, at: "a",
		caller: plainCaller, callee: plainCallee, talkers: []string{"a 4000 6002 275 pt=0", "b 6000 4000 275 pt=0"}},
	{name: "ACK dropped", want: []string{"SIG-02"}, at: "b", prepare: withRules("a", dropped("output", "ACK")),
		caller: []string{"INVITE sdp=4000", ">? 100", ">? 180", "> 200", "ACK", "pause 12000", "BYE", "> 200"}, callee: plainCallee, lasts: 14 * time.Second},
	{name: "nobody listens", want: []string{"SIG-01"}, at: "a", caller: plainCaller, lasts: 6 * time.Second},
	{name: "no route", want: []string{"SIG-01"}, at: "a", target: "198.51.100.9",
		prepare: withRoute("ip route add unreachable 198.51.100.0/24", "sysctl -qw net.ipv4.ip_forward=1"), caller: plainCaller, lasts: 6 * time.Second},
	{name: "black hole for large packets", want: []string{"SIG-26"}, at: "a",
		prepare: func(s *stage) error { return s.command("b", "ip", "link", "set", "vb", "mtu", "1280").Run() },
		caller: []string{"OPTIONS", "> 200", "OPTIONS", "> 200", "OPTIONS", "> 200", "OPTIONS", "> 200",
			"INVITE sdp=4000 +X-Route:" + strings.Repeat("sip:hop.example.com;lr,", 70), ">? 100", "> 200"},
		callee: []string{"> OPTIONS", "200", "> OPTIONS", "200", "> OPTIONS", "200", "> OPTIONS", "200", "> INVITE", "200 sdp=6000"}, lasts: 34 * time.Second},
	{name: "wrong password", want: []string{"SIG-13"}, at: "a",
		caller: []string{"REGISTER +Expires:60", "> 401", "REGISTER +Expires:60 auth", "> 401"},
		callee: []string{"> REGISTER", challenge, "> REGISTER", challenge}},
	{name: "session timer ran out", want: []string{"SIG-29"}, at: "a", lasts: 12 * time.Second,
		caller:  []string{"INVITE sdp=4000 +Supported:timer +Session-Expires:15;refresher=uac", ">? 100", ">? 180", "> 200", "ACK", "> BYE", "200"},
		callee:  []string{"> INVITE", "180", "200 sdp=6000 again +Require:timer +Session-Expires:15;refresher=uac", "> ACK", "pause 10000", "bye", "> 200"},
		talkers: []string{"a 4000 6000 480 pt=0", "b 6000 4000 480 pt=0"}},
	{name: "callee killed", want: []string{"SIG-38", "SIG-01"}, at: "a", caller: plainCaller, callee: plainCallee, talkers: bothTalk,
		during: func(s *stage, c *cast) error {
			time.Sleep(3 * time.Second)
			return errorsOf(c.callee.Process.Kill(), c.talkers[1].Process.Kill())
		}, lasts: 20 * time.Second},
	{name: "no common codec", want: []string{"SIG-11"}, at: "a", prepare: phone,
		caller: []string{"INVITE sdp=4000 codec=18_a=rtpmap:18_G729/8000", ">? 100", ">? 180", "> 488", "nack"}},
	{name: "busy", want: []string{"SIG-37"}, at: "a",
		caller: []string{"INVITE sdp=4000", ">? 100", ">? 180", "> 486", "nack"},
		callee: []string{"> INVITE", "486 +Reason:Q.850;cause=17;text=\"User_busy\" again", "> ACK"}},
	{name: "number unknown", want: []string{"SIG-24"}, at: "a", prepare: proxy,
		caller: []string{"INVITE sdp=4000 uri=nobody", ">? 100", "> 404", "nack"}},
	{name: "proxy that sends to itself", want: []string{"SIG-18"}, at: "a", prepare: proxy,
		caller: []string{"INVITE sdp=4000 uri=loop", ">? 100", "> 483", "nack"}},
	{name: "BYE dropped", want: []string{"SIG-38", "SIG-01"}, at: "a", prepare: withRules("b", dropped("prerouting", "BYE")),
		caller: plainCaller, callee: plainCallee, lasts: 42 * time.Second},
	{name: "CANCEL dropped", want: []string{"SIG-17"}, at: "a", prepare: withRules("b", dropped("prerouting", "CANCEL")),
		caller: []string{"INVITE sdp=4000", ">? 100", "> 180", "pause 1000", "CANCEL", "> 487"},
		callee: []string{"> INVITE", "180", "pause 50000", "> CANCEL"}, lasts: 40 * time.Second},
	{name: "server overloaded", want: []string{"SIG-21"}, at: "a",
		caller: []string{"INVITE sdp=4000", ">? 100", ">? 180", "> 503", "nack"},
		callee: []string{"> INVITE", "503 +Retry-After:30 again", "> ACK"}},
	{name: "redirected in a circle", want: []string{"SIG-19"}, at: "a",
		caller: repeated(6, "INVITE sdp=4000", ">? 100", "> 302", "nack"),
		callee: repeated(6, "> INVITE", "302 again", "> ACK")},
	{name: "keys in INFO refused", want: []string{"MED-18"}, at: "a",
		caller: []string{"INVITE sdp=4000", ">? 100", ">? 180", "> 200", "ACK", "pause 2000", "INFO info", "> 415", "pause 3500", "BYE", "> 200"},
		callee: []string{"> INVITE", "180", "200 sdp=6000 again", "> ACK", "> INFO", "415", "> BYE", "200"}, talkers: bothTalk},
	{name: "SIP in the clear to TLS", want: []string{"SIG-27"}, at: "a", prepare: secureServer, target: "192.0.2.2:5061", transport: []string{"-t", "t1"},
		caller: []string{"OPTIONS", "> 200"}, lasts: 5 * time.Second},
}

const challenge = `401 +WWW-Authenticate:Digest_realm="example.com",_nonce="f84f1cec41e6cbe5aea9c8e88d359",_algorithm=MD5`

func repeated(n int, lines ...string) (all []string) {
	for range n {
		all = append(all, lines...)
	}
	return all
}

func errorsOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// phone starts baresip on b, which knows G.711 only.
func phone(s *stage) error {
	modules := "/usr/lib/baresip/modules"
	if _, err := os.Stat(modules); err != nil {
		found, _ := filepath.Glob("/usr/lib/*/baresip/modules")
		if len(found) == 0 {
			return fmt.Errorf("baresip has no modules here")
		}
		modules = found[0]
	}
	config := "poll_method epoll\nsip_listen 192.0.2.2:5060\nmodule_path " + modules + "\nmodule g711.so\nmodule_tmp uuid.so\nmodule_tmp account.so\nmodule_app menu.so\n"
	for name, text := range map[string]string{"config": config, "accounts": "<sip:bob@192.0.2.2>;regint=0\n", "contacts": ""} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if _, err := s.begin("b", "baresip", "-f", s.dir); err != nil {
		return err
	}
	return s.listens("b", 5060)
}

// proxy starts Kamailio on b: it knows nobody, and sends the number loop to
// itself until that is too much.
func proxy(s *stage) error {
	const config = `debug=1
log_stderror=yes
children=1
auto_aliases=no
dns=no
rev_dns=no
listen=udp:192.0.2.2:5060
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
request_route {
	if (!mf_process_maxfwd_header("70")) { sl_send_reply("483", "Too Many Hops"); exit; }
	if (is_method("ACK")) { if (t_check_trans()) { t_relay(); } exit; }
	if ($rU == "loop") { $du = "sip:192.0.2.2:5060"; t_relay(); exit; }
	sl_send_reply("404", "Not Found");
}
`
	file := filepath.Join(s.dir, "kamailio.cfg")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		return err
	}
	if _, err := s.begin("b", "kamailio", "-DD", "-E", "-f", file, "-m", "64", "-M", "8", "-Y", s.dir, "-P", filepath.Join(s.dir, "pid")); err != nil {
		return err
	}
	return s.listens("b", 5060)
}

// secureServer starts a TLS server on port 5061 of b.
func secureServer(s *stage) error {
	key, certificate := filepath.Join(s.dir, "key.pem"), filepath.Join(s.dir, "certificate.pem")
	made := s.command("b", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sip.example.com", "-days", "2", "-keyout", key, "-out", certificate)
	if out, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl: %w %s", err, out)
	}
	if _, err := s.begin("b", "openssl", "s_server", "-accept", "5061", "-cert", certificate, "-key", key, "-quiet"); err != nil {
		return err
	}
	return s.listens("b", 5061)
}
