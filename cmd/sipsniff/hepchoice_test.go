package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipsniff/tui"
)

// What the screens choose of HEP holds for the capture that begins anew, and
// is checked before.
func TestReopeningWithHEP(t *testing.T) {
	o := &options{ifaces: []string{"lo"}, bufferKiB: 32768, hep: hepOptions{id: agentID}}
	next, _, err := o.reopened(nil, &tui.Reopening{Chosen: map[string]string{
		"hep.send": "udp:127.0.0.1:9060 tcp:127.0.0.1:9061", "hep.listen": "udp:127.0.0.1:9062", "hep.key": "secret", "hep.id": "7",
	}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := next.named(nil)
	if err != nil || len(in.targets) != 2 || len(in.hep) != 1 || !slices.Equal(in.ifaces, []string{"lo"}) || next.hep.key != "secret" || next.hep.id != 7 {
		t.Errorf("%v: %+v, %+v", err, in, next.hep)
	}
	if next, _, err = next.reopened(nil, &tui.Reopening{Chosen: map[string]string{"hep.send": ""}}); err != nil || len(next.hep.send) != 0 || len(next.hep.listen) != 1 {
		t.Errorf("nothing is sent any more: %v, %+v", err, next.hep)
	}
	for key, text := range map[string]string{"hep.send": "smoke:192.0.2.1:9060", "hep.listen": "9060 x", "hep.id": "many"} {
		if _, _, err := o.reopened(nil, &tui.Reopening{Chosen: map[string]string{key: text}}); err == nil {
			t.Errorf("%s = %s is taken", key, text)
		}
	}
	file := &options{files: []string{filepath.Join("..", "..", "pcaps", "busy.pcap")}}
	if next, _, err = file.reopened(nil, &tui.Reopening{Chosen: map[string]string{"hep.send": "udp:127.0.0.1:9060"}}); err != nil || len(next.hep.send) != 0 {
		t.Errorf("a file is sent: %v, %+v", err, next.hep)
	}
}

// The user's file says where captures are sent to; a file that is opened is
// neither refused for it nor sent.
func TestHEPOfTheFileIsForCaptures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte("[hep]\nlisten = [\"udp:127.0.0.1:0\"]\nsend = [\"udp:127.0.0.1:9060\"]\nid = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	source := ""
	show := func(_ context.Context, c tui.Config) error { source = c.Status().Source; return nil }
	if err := onScreen(t, show, "--config", path, filepath.Join("..", "..", "pcaps", "busy.pcap")); err != nil || !strings.HasSuffix(source, "busy.pcap") {
		t.Errorf("a file: %q, %v", source, err)
	}
	if err := onScreen(t, show, "--config", path); err != nil || !strings.HasPrefix(source, "HEP udp:127.0.0.1:") {
		t.Errorf("a capture: %q, %v", source, err)
	}
}
