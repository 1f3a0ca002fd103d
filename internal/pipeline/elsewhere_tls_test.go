package pipeline_test

import (
	"bytes"
	"fmt"
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
// decrypted as far as the lines go: as many records of the application, and as
// many SIP messages in them, as tshark finds with the same lines.
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
		if !bytes.Contains(octets, []byte("CLIENT_")) {
			continue // saves most of the time
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
		keys := filepath.Join(t.TempDir(), "keys.log")
		if err := os.WriteFile(keys, append(log, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Status.Encrypted {
			if secrets.Master(c.Random) == nil {
				continue
			}
			opened++
			if c.Opened == 0 || c.Decrypted != c.Protected || c.Forged != 0 {
				t.Errorf("%s: %d of %d records decrypted, %d forged", filepath.Base(name), c.Decrypted, c.Protected, c.Forged)
			}
			compareRecords(t, name, keys, &c)
		}
		compareEncrypted(t, name, keys, r.Snapshot.Transports[decode.TLS]+r.Snapshot.Transports[decode.WSS])
	}
	t.Logf("%d connections opened", opened)
	if opened == 0 {
		t.Error("no connection was opened")
	}
}

// compareEncrypted asks tshark for the SIP messages inside of TLS.
func compareEncrypted(t *testing.T, name, keys string, got uint64) {
	t.Helper()
	out := tshark(t, "-r", name, "-o", "tls.keylog_file:"+keys, "-Y", "sip && tls", "-T", "fields", "-e", "sip.CSeq.seq", "-E", "aggregator=\n")
	if want := uint64(len(bytes.Fields(out))); out != nil && got != want {
		t.Errorf("%s: %d messages, tshark has %d", filepath.Base(name), got, want)
	}
}

// compareRecords asks tshark for the records of the application in one
// connection: a line of digits each, between two lines of signs with five of
// names in front.
func compareRecords(t *testing.T, name, keys string, c *decode.TLSConnection) {
	t.Helper()
	stream := bytes.TrimSpace(tshark(t, "-r", name, "-Y", fmt.Sprintf("frame.number==%d", c.FirstFrame), "-T", "fields", "-e", "tcp.stream"))
	if len(stream) == 0 {
		return
	}
	out := tshark(t, "-r", name, "-o", "tls.keylog_file:"+keys, "-q", "-z", "follow,tls,raw,"+string(stream))
	digits := regexp.MustCompile(`(?m)^\t?([0-9a-f]{2})+$`)
	if want := uint64(len(digits.FindAll(out, -1))); c.Opened != want {
		t.Errorf("%s: %d records of the application, tshark has %d", filepath.Base(name), c.Opened, want)
	}
}

// tshark runs it and returns what it prints, nil when it is not here.
func tshark(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Log("no tshark here:", err)
		return nil
	}
	return append([]byte{}, out...)
}
