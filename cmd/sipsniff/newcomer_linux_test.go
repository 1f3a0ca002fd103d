package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A press is one key of a user who has read README.md and nothing else, and what
// told of it: words on the screen before it is pressed, or in README.md.
type press struct {
	key   string
	told  string
	shows []string // on the screen afterwards, and why it was pressed
}

// play presses keys, after it looked that each was told of.
func (x *tmux) play(readme string, presses []press) (screen string) {
	x.t.Helper()
	for _, p := range presses {
		if told := x.screen(); !strings.Contains(told, p.told) && !strings.Contains(readme, p.told) {
			x.t.Fatalf("nothing tells of key %s: %q is neither in README.md nor in\n%s", p.key, p.told, told)
		}
		x.keys(p.key)
		screen = x.wait(p.shows...)
	}
	return screen
}

func readmeText(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// demo opens the bundled capture, as `make demo` does, in a new folder.
func demo(t *testing.T, line string) (x *tmux, folder string) {
	t.Helper()
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	return newTmux(t, 80, 24, "sh -c 'cd "+folder+" && exec "+line+" "+capture+"'"), folder
}

const minute = time.Minute

// The bad call of the bundled capture is found, and why it is bad, with two keys.
func TestNewcomerFindsTheBadCall(t *testing.T) {
	began := time.Now()
	x, _ := demo(t, build(t))
	x.wait("5 Prob 2")
	screen := x.play(readmeText(t), []press{
		{"5", "5 Prob 2", []string{"The callee lost 7.8 % of the speech of the caller", "#6 dave", "W Explain"}},
		{"W", "W Explain", []string{"What happened", "39 of 499", "f1,815", "Enter opens the evidence"}},
	})
	// tshark -z rtp,streams: 460 of 499 packets from 192.0.2.40:10026 to 192.0.2.20:10014.
	for _, want := range []string{"192.0.2.40:10026", "192.0.2.20:10014"} {
		if !strings.Contains(screen, want) {
			t.Errorf("no %q in\n%s", want, screen)
		}
	}
	// The packets that prove it are one key away.
	x.play(readmeText(t), []press{{"Enter", "Enter opens the evidence", []string{"460 pk lost 39 (7.8%)", "▶✗"}}})
	if took := time.Since(began); took > minute {
		t.Errorf("it took %v", took)
	}
}

// The packets of that call, signalling and sound, are saved with four keys from
// the first screen on, and what was said with five.
func TestNewcomerSavesTheCall(t *testing.T) {
	began := time.Now()
	x, folder := demo(t, build(t))
	x.wait("5 Prob 2")
	x.play(readmeText(t), []press{
		{"5", "5 Prob 2", []string{"Enter lists the call"}},
		{"Enter", "Enter lists the call", []string{"problem:packet-loss", "F2 Save"}},
		{"F2", "F2 Save", []string{"(•) this call #6", "(•) SIP + RTP", "Enter Save"}},
		{"Enter", "Enter Save", []string{"saved 1 call"}},
	})
	saved := only(t, folder, "*.pcapng")
	equal(t, "frames saved", len(framesIn(t, saved)), framesOfCall6(t))
	x.play(readmeText(t), []press{
		{"v", "v Media", []string{"S Save/WAV"}},
		{"S", "S Save/WAV", []string{"(•) wav", "Enter Save"}},
		{"Enter", "Enter Save", []string{"saved 1 call"}},
	})
	b, err := os.ReadFile(only(t, folder, "*.wav"))
	if err != nil || len(b) < 44 || !bytes.HasPrefix(b, []byte("RIFF")) || binary.LittleEndian.Uint16(b[22:]) != 2 {
		t.Errorf("the sound: %v, %d octets", err, len(b))
	}
	if took := time.Since(began); took > minute {
		t.Errorf("it took %v", took)
	}
}

// sngrep needs ten keys for the packets of a call whose number is known already,
// and has no sound.
func TestNewcomerWithSngrep(t *testing.T) {
	needs(t, "sngrep", "tmux")
	x, folder := demo(t, "sngrep -r -I")
	x.wait("Dialogs: 8", "nobody@example.com")
	pid := x.pid()
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) }) // it goes on, at full speed, when its terminal is gone
	x.keys("Down", "Down", "Down", "Down", "Down", "Space")
	x.wait("[*] 6")
	x.keys("F2")
	x.wait("Save capture", "(*) selected dialogs [1]", "(*) .pcap (SIP + RTP)")
	x.keys("c", "Enter")
	x.wait("Successfully saved")
	x.keys("Enter")
	equal(t, "frames that sngrep saved", len(framesIn(t, only(t, folder, "*.pcap"))), framesOfCall6(t))
}

// only is the one file of a folder that has a shape.
func only(t *testing.T, folder, shape string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, shape))
	if err != nil || len(files) != 1 {
		t.Fatalf("%s in %s: %v, %v", shape, folder, files, err)
	}
	return files[0]
}

// framesOfCall6 is how many frames call 6 of the bundled capture has, as tshark
// counts: its SIP by the Call-ID, its media by the ports of its SDP.
func framesOfCall6(t *testing.T) int {
	t.Helper()
	needs(t, "tshark")
	const filter = `sip.Call-ID == "c78cc9ac5ab21fba" || (udp.port in {10014,10015,10026,10027} && frame.time_relative >= 13.7 && frame.time_relative < 25.5)`
	out, err := exec.Command("tshark", "-r", "../../pcaps/demo.pcap", "-Y", filter, "-T", "fields", "-e", "frame.number").Output()
	if err != nil {
		t.Fatal(fmt.Errorf("tshark: %w", err))
	}
	return strings.Count(string(out), "\n")
}
