package pipeline_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/pipeline"
)

// Captures from elsewhere that hold key log lines, in their comments say, are
// decrypted as far as the lines go, and hold as many SIP messages as tshark
// finds with the same lines.
func TestTLSElsewhere(t *testing.T) {
	names, err := filepath.Glob("../../../shared/pcaps/files/*.pcapng")
	if err != nil || len(names) == 0 {
		t.Skip("no captures from elsewhere here")
	}
	lines := regexp.MustCompile(`(CLIENT|SERVER)_[A-Z_0-9]+ [0-9a-f]{64} ([0-9a-f]{96}|[0-9a-f]{64})`)
	opened := 0
	for _, name := range names {
		octets, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		log := bytes.Join(lines.FindAll(octets, -1), []byte("\n"))
		if len(log) == 0 {
			continue
		}
		secrets := tls.NewSecrets()
		k := tls.NewKeyLog(secrets)
		if _, err := k.Write(log); err != nil {
			t.Fatal(err)
		}
		k.Close()
		r := run(t, pipeline.Config{Source: open(t, name), Decoder: decode.Config{Secrets: secrets}})
		for _, c := range r.Status.Encrypted {
			if secrets.Master(c.Random) == nil {
				continue
			}
			opened++
			if c.Opened == 0 || c.Decrypted != c.Protected || c.Forged != 0 {
				t.Errorf("%s: %d of %d records decrypted, %d forged", filepath.Base(name), c.Decrypted, c.Protected, c.Forged)
			}
		}
		compareEncrypted(t, name, log, r.Snapshot.Transports[decode.TLS]+r.Snapshot.Transports[decode.WSS])
	}
	t.Logf("%d connections opened", opened)
	if opened == 0 {
		t.Error("no connection was opened")
	}
}

// compareEncrypted asks tshark for the SIP messages inside of TLS.
func compareEncrypted(t *testing.T, name string, log []byte, got uint64) {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys.log")
	if err := os.WriteFile(keys, append(log, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tshark", "-r", name, "-o", "tls.keylog_file:"+keys, "-Y", "sip && tls", "-T", "fields", "-e", "sip.CSeq.seq", "-E", "aggregator=\n").Output()
	if err != nil {
		t.Log("no tshark here:", err)
		return
	}
	if want := uint64(len(bytes.Fields(out))); got != want {
		t.Errorf("%s: %d messages, tshark has %d", filepath.Base(name), got, want)
	}
}
