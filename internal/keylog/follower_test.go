package keylog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/decode/tls"
)

func line(n int) string { return fmt.Sprintf("CLIENT_RANDOM %064x %096x\n", n, n+1) }

func knows(s *tls.Secrets, n int) bool {
	r := tls.Random{31: byte(n)}
	return s.Master(r) != nil
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func TestFollower(t *testing.T) {
	for _, live := range []bool{false, true} {
		name := filepath.Join(t.TempDir(), "keys.log")
		appendTo(t, name, line(1)+"rubbish\n"+strings.TrimSuffix(line(2), "\n"))
		s := tls.NewSecrets()
		w, err := Open(t.Context(), []string{name}, live, s)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if !knows(s, 1) || !knows(s, 2) || knows(s, 3) {
			t.Error("not all was read at the beginning")
		}
		appendTo(t, name, "\n"+line(3)[:100])
		w.Poll()
		appendTo(t, name, line(3)[100:])
		w.Poll()
		if !knows(s, 3) {
			t.Error("what was appended was not read")
		}
		if err := os.WriteFile(name, []byte(line(4)), 0o600); err != nil { // shorter
			t.Fatal(err)
		}
		w.Poll()
		if !knows(s, 4) {
			t.Error("a file that became shorter was not read again")
		}
		other := name + ".new"
		appendTo(t, other, line(5)+strings.Repeat("#", 400)+"\n")
		if err := os.Rename(other, name); err != nil {
			t.Fatal(err)
		}
		w.Poll()
		appendTo(t, name, strings.TrimSuffix(line(6), "\n"))
		w.Finish()
		if !knows(s, 5) || !knows(s, 6) {
			t.Error("a file that was replaced was not read")
		}
		if got := w.Status(); len(got) != 1 || got[0] != (Status{Name: name, Lines: 7, Secrets: 6, Bad: 1}) {
			t.Errorf("%+v", got)
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"pem": "-----BEGIN RSA PRIVATE KEY-----\n", "pcap": "\xd4\xc3\xb2\xa1\x02\x00", "pcapng": "\n\r\r\n\x1c"} {
		appendTo(t, filepath.Join(dir, name), text)
	}
	for name, want := range map[string]string{"absent": "no such file", ".": "is a directory", "pem": "PEM", "pcap": "capture", "pcapng": "capture"} {
		_, err := Open(t.Context(), []string{filepath.Join(dir, name)}, false, tls.NewSecrets())
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), want) || e.Hint() == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
