package tls

import (
	"bufio"
	"context"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A peer is a server of OpenSSL behind something that records.
type peer struct {
	dir  string // with cert.pem and key.pem
	to   *recording
	addr string // of what records
}

// startPeer starts a server that answers each line with the line reversed.
func startPeer(t *testing.T, useRSA bool, args ...string) *peer {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl here")
	}
	p := &peer{dir: t.TempDir(), to: &recording{}}
	id := newIdentity(t, useRSA)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: id.certificate.Certificate[0]})
	for name, b := range map[string][]byte{"cert.pem": certificate, "key.pem": id.pem, "old.cnf": []byte(oldMasterConfig)} {
		if err := os.WriteFile(filepath.Join(p.dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args = append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem"}, args...)
	server := exec.Command("openssl", args...)
	server.Dir = p.dir
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := server.StdinPipe() // it ends with its input
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		server.Process.Kill()
		server.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go io.Copy(io.Discard, out)
			p.proxy(t, addr)
			return p
		}
	}
	t.Fatalf("openssl %v did not start", args)
	return nil
}

// proxy passes connections on to the server and records what is said.
func (p *peer) proxy(t *testing.T, server string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p.addr = l.Addr().String()
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", server)
			if err != nil {
				a.Close()
				return
			}
			go func() { io.Copy(recorder{b, p.to, fromClient}, a); b.(*net.TCPConn).CloseWrite() }()
			go func() { io.Copy(recorder{a, p.to, fromServer}, b); a.(*net.TCPConn).CloseWrite() }()
		}
	}()
}

// oldMaster among the arguments of a client turns the extended master secret
// off; there is no option for it.
const oldMaster = "old master secret"

const oldMasterConfig = `openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
Options = -ExtendedMasterSecret
`

// commands are the letters that make the client do something, and what it
// says then.
var commands = map[string]string{"k": "KEYUPDATE", "K": "KEYUPDATE", "R": "RENEGOTIATING"}

// talk runs a client that types lines, or commands. Each is answered before
// the next is typed.
func (p *peer) talk(t *testing.T, lines []string, args ...string) []chunk {
	t.Helper()
	p.to.mu.Lock()
	p.to.chunks = nil
	p.to.mu.Unlock()
	args = append([]string{"s_client", "-connect", p.addr, "-servername", "sip.example.com", "-keylogfile", "keys.log"}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client := exec.CommandContext(ctx, "openssl", args...)
	client.Dir = p.dir
	if i := slices.Index(client.Args, oldMaster); i > 0 {
		client.Args = slices.Delete(client.Args, i, i+1)
		client.Env = append(client.Environ(), "OPENSSL_CONF=old.cnf")
	}
	out, printed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	client.Stdout, client.Stderr = printed, printed
	in, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	printed.Close()
	answers := bufio.NewScanner(out)
	var seen strings.Builder
	for _, line := range lines {
		io.WriteString(in, line+"\n")
		want := commands[line]
		if want == "" {
			want = reversed(line)
		}
		found := false
		for !found && answers.Scan() {
			found = strings.Contains(answers.Text(), want)
			seen.WriteString(answers.Text() + "\n")
		}
		if !found {
			t.Errorf("no answer to %q: %s", line, seen.String())
			break
		}
	}
	in.Close()
	io.Copy(io.Discard, out)
	client.Wait()
	p.to.mu.Lock()
	defer p.to.mu.Unlock()
	return p.to.records(t)
}

func (p *peer) log(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(p.dir, "keys.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// spoken is what both sides say when the lines are typed.
func spoken(lines []string) (said [2][]string) {
	for _, line := range lines {
		if commands[line] == "" {
			said[fromClient] = append(said[fromClient], line+"\n")
			said[fromServer] = append(said[fromServer], reversed(line)+"\n")
		}
	}
	return said
}

func TestOpenSSL(t *testing.T) {
	lines := []string{"first line", "the second line " + strings.Repeat("x", 3000), "the third one"}
	old := "@SECLEVEL=0"
	for _, c := range []struct {
		name   string
		suite  string // that has to come of it
		rsa    bool
		server []string
		client []string
		lines  []string
	}{
		{"AES-128-GCM", "TLS_AES_128_GCM_SHA256", false, []string{"-rev"}, []string{"-ciphersuites", "TLS_AES_128_GCM_SHA256"}, lines},
		{"AES-256-GCM", "TLS_AES_256_GCM_SHA384", false, []string{"-rev"}, []string{"-ciphersuites", "TLS_AES_256_GCM_SHA384"}, lines},
		{"ChaCha20", "TLS_CHACHA20_POLY1305_SHA256", false, []string{"-rev"}, []string{"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, lines},
		{"CCM 1.3", "TLS_AES_128_CCM_SHA256", false, []string{"-rev", "-ciphersuites", "TLS_AES_128_CCM_SHA256"}, []string{"-ciphersuites", "TLS_AES_128_CCM_SHA256"}, lines},
		{"CCM-8 1.3", "TLS_AES_128_CCM_8_SHA256", false, []string{"-rev", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256", "-cipher", "ALL:" + old}, []string{"-ciphersuites", "TLS_AES_128_CCM_8_SHA256", "-cipher", "ALL:" + old}, lines},
		{"padded records", "TLS_AES_256_GCM_SHA384", false, []string{"-rev", "-record_padding", "512"}, []string{"-record_padding", "77"}, lines},
		{"key updates", "TLS_AES_256_GCM_SHA384", false, []string{"-rev"}, nil, []string{"first line", "k", "second line", "K", "third line", "k", "k", "fourth line"}},
		{"retry", "TLS_AES_256_GCM_SHA384", false, []string{"-rev", "-groups", "P-384"}, []string{"-groups", "X25519:P-384"}, lines},
		{"CCM 1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", false, []string{"-rev", "-tls1_2", "-cipher", "ALL"}, []string{"-cipher", "ECDHE-ECDSA-AES128-CCM"}, lines},
		{"CCM-8 1.2", "TLS_RSA_WITH_AES_256_CCM_8", true, []string{"-rev", "-tls1_2", "-cipher", "ALL:" + old}, []string{"-cipher", "AES256-CCM8:" + old}, lines},
		{"CBC, encrypt then MAC", "TLS_RSA_WITH_AES_128_CBC_SHA256", true, []string{"-rev", "-tls1_2"}, []string{"-cipher", "AES128-SHA256"}, lines},
		{"CBC-384, encrypt then MAC", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", true, []string{"-rev", "-tls1_2"}, []string{"-cipher", "ECDHE-RSA-AES256-SHA384"}, lines},
		{"CBC, MAC then encrypt", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", true, []string{"-rev", "-tls1_2"}, []string{"-cipher", "ECDHE-RSA-AES256-SHA384", "-no_etm"}, lines},
		{"DHE", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", true, []string{"-rev", "-tls1_2"}, []string{"-cipher", "DHE-RSA-AES256-GCM-SHA384"}, lines},
		{"no extended master secret", "TLS_RSA_WITH_AES_256_GCM_SHA384", true, []string{"-rev", "-tls1_2"}, []string{"-cipher", "AES256-GCM-SHA384", oldMaster}, lines},
		{"TLS 1.0, encrypt then MAC", "TLS_RSA_WITH_AES_256_CBC_SHA", true, []string{"-rev", "-cipher", "ALL:" + old}, []string{"-tls1", "-cipher", "AES256-SHA:" + old}, lines},
		{"TLS 1.1", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", true, []string{"-rev", "-cipher", "ALL:" + old}, []string{"-tls1_1", "-cipher", "DHE-RSA-AES128-SHA:" + old}, lines},
		{"nothing encrypted", "TLS_RSA_WITH_NULL_SHA256", true, []string{"-rev", "-tls1_2", "-cipher", "eNULL:" + old}, []string{"-cipher", "NULL-SHA256:" + old}, lines},
		{"renegotiation", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", true, []string{"-rev", "-tls1_2", "-client_renegotiation"}, nil, []string{"first line", "R", "second line", "R", "third line"}},
		{"renegotiation, RSA and CBC", "TLS_RSA_WITH_AES_128_CBC_SHA256", true, []string{"-rev", "-tls1_2", "-client_renegotiation"}, []string{"-cipher", "AES128-SHA256"}, []string{"first line", "R", "second line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startPeer(t, c.rsa, c.server...)
			records := p.talk(t, c.lines, c.client...)
			said := spoken(c.lines)
			o := observe(keysOf(p.log(t)), records)
			o.check(t, said)
			if got := SuiteName(o.conn.Suite); got != c.suite {
				t.Errorf("the suite is %s", got)
			}
			switch {
			case strings.HasPrefix(c.suite, "TLS_RSA_WITH_NULL"):
				observe(nil, records).check(t, said)
			case strings.HasPrefix(c.suite, "TLS_RSA_"):
				if extended := o.conn.hand.extended(); extended == slices.Contains(c.client, oldMaster) {
					t.Errorf("extended master secret: %v", extended)
				}
				observe(p.private(t), records).check(t, said)
			}
		})
	}
}

// private returns the key of the server.
func (p *peer) private(t *testing.T) *Secrets {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(p.dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParsePrivateKeys("key.pem", b)
	if err != nil {
		t.Fatal(err)
	}
	s := NewSecrets()
	s.AddPrivateKeys(keys...)
	return s
}

// A key update among the records that are missing is found too.
func TestKeyUpdateLost(t *testing.T) {
	p := startPeer(t, false, "-rev")
	lines := []string{"first line", "k", "second line", "third line"}
	records := p.talk(t, lines)
	for i, r := range records { // what carries the update: encrypted, and 5 octets long inside
		if r.from == fromClient && r.b[0] == TypeApplicationData && len(r.b) == HeaderSize+5+1+16 {
			records[i].b = nil
		}
	}
	o := observe(keysOf(p.log(t)), records)
	if want := strings.Join(spoken(lines)[fromClient], ""); o.said[fromClient] != want || o.conn.Failed != 0 {
		t.Errorf("heard %q, %v", o.said[fromClient], o.verdicts)
	}
}

// What the client sends with its first flight is read when the server has
// answered.
func TestEarlyData(t *testing.T) {
	p := startPeer(t, false, "-early_data", "-tls1_3")
	if err := os.WriteFile(filepath.Join(p.dir, "early"), []byte("said early\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The ticket comes after the handshake, and a client in a hurry to leave
	// may not have kept it.
	for range 10 {
		p.talk(t, []string{"K"}, "-sess_out", "session")
		if _, err := os.Stat(filepath.Join(p.dir, "session")); err == nil {
			break
		}
	}
	records := p.talk(t, []string{"K"}, "-sess_in", "session", "-early_data", "early")
	c := NewConn(keysOf(p.log(t)))
	said := ""
	var waiting []chunk
	for _, r := range records {
		waiting = append(waiting, r)
		for i := 0; i < len(waiting); {
			w := waiting[i]
			h, _ := ReadHeader(w.b)
			b, v := c.Record(w.from, h, w.b[HeaderSize:])
			said += string(b)
			if i++; v != WaitHandshake {
				waiting = slices.Delete(waiting, i-1, i)
				i = 0
			}
		}
	}
	if said != "said early\n" || c.Failed != 0 || c.Decrypted != c.Protected || len(waiting) > 0 {
		t.Errorf("heard %q, %+v", said, c.Facts)
	}
}
