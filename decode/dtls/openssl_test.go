package dtls

import (
	"bytes"
	"encoding/hex"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"sipsniff/decode/tls"
)

// TestOpenSSL has OpenSSL shake hands with itself through a relay on the
// loopback interface that shows the datagrams to an Association, and compares
// the keys with those that OpenSSL itself exports.
func TestOpenSSL(t *testing.T) {
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "key"), filepath.Join(dir, "cert")
	run(t, exec.Command(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-subj", "/CN=a.example"))
	printed := run(t, exec.Command(program, "x509", "-in", cert, "-noout", "-fingerprint", "-sha256"))
	for _, tt := range []struct {
		profile string
		number  uint16
		length  string
		suite   string
		version []string
	}{
		{"SRTP_AES128_CM_SHA1_80", 1, "60", "ECDHE-RSA-AES128-GCM-SHA256", []string{"-dtls1_2"}},
		{"SRTP_AES128_CM_SHA1_32", 2, "60", "ECDHE-RSA-AES256-GCM-SHA384", []string{"-dtls1_2"}},
		{"SRTP_AEAD_AES_128_GCM", 7, "56", "ECDHE-RSA-CHACHA20-POLY1305", []string{"-dtls1_2"}},
		{"SRTP_AEAD_AES_256_GCM", 8, "88", "AES256-SHA", []string{"-dtls1_2"}},
		{"SRTP_AES128_CM_SHA1_80", 1, "60", "AES128-SHA:@SECLEVEL=0", []string{"-dtls1"}},
	} {
		t.Run(tt.profile+"/"+tt.suite, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			port := freePort(t)
			server := exec.Command(program, append([]string{"s_server", "-accept", port, "-key", key, "-cert", cert, "-use_srtp", tt.profile,
				"-cipher", tt.suite, "-naccept", "1", "-mtu", "400"}, tt.version...)...)
			serverIn := start(t, server)
			var a Association
			relay := newRelay(t, "127.0.0.1:"+port, &a)
			client := exec.Command(program, append([]string{"s_client", "-connect", relay.address(), "-use_srtp", tt.profile,
				"-cipher", tt.suite, "-keylogfile", log, "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", tt.length}, tt.version...)...)
			client.Stdin = strings.NewReader("Q\n")
			said, err := client.CombinedOutput()
			serverIn.Close()
			_ = server.Process.Kill()
			_ = server.Wait()
			relay.close()
			if err != nil && tt.version[0] == "-dtls1" {
				t.Skipf("this openssl has no DTLS 1.0: %v\n%s", err, said)
			}
			if err != nil {
				t.Fatalf("openssl: %v\n%s", err, said)
			}

			material := regexp.MustCompile(`Keying material: ([0-9A-F]+)`).FindSubmatch(said)
			if material == nil {
				t.Fatalf("openssl exported nothing:\n%s", said)
			}
			want, err := hex.DecodeString(string(material[1]))
			if err != nil {
				t.Fatal(err)
			}
			secrets := tls.NewSecrets()
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tls.NewKeyLog(secrets).Write(text); err != nil {
				t.Fatal(err)
			}
			if a.Profile != tt.number || a.Sealed != [2]bool{true, true} || a.Client != 0 || a.Alerted {
				t.Errorf("profile %d, sealed %v, client %d, alerted %v", a.Profile, a.Sealed, a.Client, a.Alerted)
			}
			if got := a.Export(secrets.Master(a.ClientRandom), len(want)); !bytes.Equal(got, want) {
				t.Errorf("exported %x, openssl %x", got, want)
			}
			_, fingerprint, _ := strings.Cut(strings.TrimSpace(printed), "=")
			if match, known := a.Fingerprint(1, "sha-256 "+fingerprint); !match || !known {
				t.Errorf("fingerprint match %v, known %v", match, known)
			}
		})
	}
}

func run(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
	return string(out)
}

// start starts a server and returns when it accepts.
func start(t *testing.T, c *exec.Cmd) (stdin interface{ Close() error }) {
	t.Helper()
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said []byte
	b := make([]byte, 4096)
	for !bytes.Contains(said, []byte("ACCEPT")) {
		n, err := out.Read(b)
		if err != nil {
			t.Fatalf("the server ended: %v\n%s", err, said)
		}
		said = append(said, b[:n]...)
	}
	go func() { // it must not block on what it says
		for {
			if _, err := out.Read(b); err != nil {
				return
			}
		}
	}()
	return in
}

func freePort(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, port, err := net.SplitHostPort(c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// A relay passes datagrams between a client and a server and shows them to an
// association: the client is side 0.
type relay struct {
	front *net.UDPConn
	back  *net.UDPConn
	done  sync.WaitGroup
	lock  sync.Mutex
	a     *Association
	peer  *net.UDPAddr
}

func newRelay(t *testing.T, server string, a *Association) *relay {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{a: a}
	if r.back, err = net.DialUDP("udp", nil, to); err != nil {
		t.Fatal(err)
	}
	if r.front, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	r.done.Add(2)
	go r.forward()
	go r.backward()
	return r
}

func (r *relay) address() string { return r.front.LocalAddr().String() }

func (r *relay) forward() {
	defer r.done.Done()
	b := make([]byte, 1<<16)
	for {
		n, from, err := r.front.ReadFromUDP(b)
		if err != nil {
			return
		}
		r.lock.Lock()
		r.peer = from
		r.a.Datagram(0, b[:n])
		r.lock.Unlock()
		if _, err := r.back.Write(b[:n]); err != nil {
			return
		}
	}
}

func (r *relay) backward() {
	defer r.done.Done()
	b := make([]byte, 1<<16)
	for {
		n, err := r.back.Read(b)
		if err != nil {
			return
		}
		r.lock.Lock()
		peer := r.peer
		r.a.Datagram(1, b[:n])
		r.lock.Unlock()
		if _, err := r.front.WriteToUDP(b[:n], peer); err != nil {
			return
		}
	}
}

func (r *relay) close() {
	r.front.Close()
	r.back.Close()
	r.done.Wait()
}
