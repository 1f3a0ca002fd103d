package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sipsniff/pcaps/gen"
)

// The tests in this file are rows of the table of acceptance in tui.md §4, by
// their numbers: those that need the program on a terminal.

// A tmux is a private server with one window.
type tmux struct {
	t      *testing.T
	socket string
	home   string
}

// newTmux runs a command line in a window of w by h cells.
func newTmux(t *testing.T, w, h int, line string) *tmux {
	t.Helper()
	needs(t, "tmux")
	x := &tmux{t, fmt.Sprintf("sipsniff-%d-%s", os.Getpid(), t.Name()), t.TempDir()}
	x.socket = strings.NewReplacer("/", "-", " ", "-").Replace(x.socket)
	line = "HOME=" + x.home + " XDG_CONFIG_HOME=" + x.home + " TMPDIR=" + x.home + " " + line
	if out, err := x.command("-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h), line).CombinedOutput(); err != nil {
		t.Skipf("tmux does not run here: %v %s", err, out)
	}
	t.Cleanup(func() { _ = x.command("kill-server").Run() })
	return x
}

func (x *tmux) command(words ...string) *exec.Cmd {
	return exec.Command("tmux", append([]string{"-L", x.socket}, words...)...)
}

// keys sends keys as tmux calls them.
func (x *tmux) keys(keys ...string) {
	x.t.Helper()
	if out, err := x.command(append([]string{"send-keys"}, keys...)...).CombinedOutput(); err != nil {
		x.t.Fatalf("send-keys: %v %s", err, out)
	}
}

// screen is what is on it now.
func (x *tmux) screen(flags ...string) string {
	out, _ := x.command(append([]string{"capture-pane", "-p"}, flags...)...).Output()
	return string(out)
}

// wait returns the screen as soon as it holds all texts.
func (x *tmux) wait(texts ...string) string {
	x.t.Helper()
	screen := ""
	within(x.t, 20*time.Second, func() bool {
		screen = x.screen()
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	}, func() string { return fmt.Sprintf("%q never came:\n%s", texts, screen) })
	return screen
}

// pid is the process of the window.
func (x *tmux) pid() int {
	x.t.Helper()
	out, err := x.command("display-message", "-p", "#{pane_pid}").Output()
	pid, convErr := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || convErr != nil {
		x.t.Fatalf("no pid: %v %q", err, out)
	}
	return pid
}

// alive reports whether a process runs; one that ended and that nobody asked
// for does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, found := strings.Cut(string(stat), ") ")
	return err == nil && found && !strings.HasPrefix(rest, "Z")
}

// burst writes a call of two legs with loss from its 50th second on.
func burst(t *testing.T) string {
	t.Helper()
	o, err := gen.Preset("burst")
	if err != nil {
		t.Fatal(err)
	}
	return generated(t, "burst.pcap", o)
}

// generated writes a capture into a folder of its own.
func generated(t *testing.T, name string, o gen.Options) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gen.Write(f, o); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A call among others is saved with all of both its legs, and nothing else.
func TestAcceptance52SavePackets(t *testing.T) {
	one := burst(t)
	other, err := filepath.Abs("../../pcaps/call-audio.pcap")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	x := newTmux(t, 80, 24, "sh -c 'cd "+folder+" && exec "+build(t)+" "+one+" "+other+"'")
	x.wait("1 Dialogs 3")
	x.keys("Home", "Space", "F2") // the generated call is the older one
	x.wait("(•) 1 marked", "related legs (+1)", "(•) SIP + RTP", "(•) pcapng")
	x.keys("Enter")
	x.wait("saved 2 calls")
	files, _ := filepath.Glob(filepath.Join(folder, "*.pcapng"))
	if len(files) != 1 {
		t.Fatalf("%v were written", files)
	}
	got, want := framesIn(t, files[0]), framesIn(t, one)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d frames were saved of %d", len(got), len(want))
	}
	if _, err := exec.LookPath("tshark"); err == nil {
		out, err := exec.Command("tshark", "-r", files[0], "-T", "fields", "-e", "frame.number").Output()
		if lines := strings.Count(string(out), "\n"); err != nil || lines != len(want) {
			t.Errorf("tshark reads %d frames of it, %v", lines, err)
		}
	}
}

// The sound of a call is as long as the call.
func TestAcceptance53SaveSound(t *testing.T) {
	one := burst(t)
	folder := t.TempDir()
	x := newTmux(t, 80, 24, "sh -c 'cd "+folder+" && exec "+build(t)+" "+one+"'")
	x.wait("1 Dialogs 2")
	x.keys(":")
	x.wait("Command")
	x.keys("save wav", "Enter")
	x.wait("(•) wav", "related legs (+1)")
	x.keys("Down", "Space") // only this leg
	x.wait("[ ] related legs")
	x.keys("Enter")
	x.wait("saved 1 call")
	files, _ := filepath.Glob(filepath.Join(folder, "*.wav"))
	if len(files) != 1 {
		t.Fatalf("%v were written", files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil || len(b) < 44 || string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " {
		t.Fatalf("%v, %d octets", err, len(b))
	}
	channels, rate, bits := binary.LittleEndian.Uint16(b[22:]), binary.LittleEndian.Uint32(b[24:]), binary.LittleEndian.Uint16(b[34:])
	seconds := float64(len(b)-44) / float64(rate) / float64(channels) / float64(bits/8)
	if channels != 2 || rate != 8000 || math.Abs(seconds-79.97) > 0.1 { // tshark: audio from 2.00 to 81.95, a packet is 20 ms
		t.Errorf("%d channels, %d Hz, %.2f s; the audio of the call took 79.97 s", channels, rate, seconds)
	}
}

func TestAcceptance56WhatIsListenedTo(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("capturing needs root")
	}
	x := newTmux(t, 80, 24, build(t)+" -i lo udp port 5060")
	x.wait("This is what I am listening to", "interface", "lo", "udp port 5060", "packets")
}

// Without rights the program says what to do, and the terminal stays as it was.
func TestAcceptance57NoRights(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("becoming nobody needs root")
	}
	needs(t, "setpriv", "script")
	dir, err := os.MkdirTemp("/var/tmp", "sipsniff-rights")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "sipsniff")
	copyFile(t, build(t), program)
	line := "HOME=/nonexistent TERM=xterm setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all " + program + " -i lo; echo status $?"
	out, err := exec.Command("script", "-qec", line, "/dev/null").CombinedOutput()
	text := strings.NewReplacer("'", "", `"`, "", "\r", "").Replace(string(out))
	for _, want := range []string{"sudo setcap cap_net_raw=ep " + program, "status 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%v: no %q in\n%s", err, want, text)
		}
	}
	if strings.Contains(text, "\x1b[?1049h") {
		t.Error("the terminal was switched to a screen")
	}
}

// The window goes away: the program ends, and its recording is whole.
func TestAcceptance58LostTerminal(t *testing.T) {
	recording := filepath.Join(t.TempDir(), "out.pcap")
	x := newTmux(t, 80, 24, "exec "+build(t)+" --test-source calls -w "+recording)
	shown := x.showing(3)
	pid := x.pid()
	gone := time.Now()
	if out, err := x.command("kill-session").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	within(t, 2*time.Second, func() bool { return !alive(pid) }, func() string { return "the program is still there after 2 s" })
	t.Logf("it ended after %v", time.Since(gone))
	if n := callsIn(t, recording); n < shown {
		t.Errorf("the recording holds %d calls, the screen showed %d", n, shown)
	}
}

// callsIn is how many calls a whole capture holds.
func callsIn(t *testing.T, path string) int {
	t.Helper()
	framesIn(t, path) // fails when its end is missing
	text, err := exec.Command(build(t), "report", "-F", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Totals struct{ Calls int } }
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return got.Totals.Calls
}

func TestTerminatedRecordingIsWhole(t *testing.T) {
	recording := filepath.Join(t.TempDir(), "out.pcap")
	x := newTmux(t, 80, 24, "exec "+build(t)+" --test-source calls -w "+recording)
	shown := x.showing(4)
	pid := x.pid()
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	within(t, 2*time.Second, func() bool { return !alive(pid) }, func() string { return "the program is still there after 2 s" })
	if n := callsIn(t, recording); n < shown {
		t.Errorf("the recording holds %d calls, the screen showed %d", n, shown)
	}
}

// showing waits until a live capture shows so many dialogs or more, and returns how
// many they are: on a busy machine some counts are never seen.
func (x *tmux) showing(n int) (dialogs int) {
	x.t.Helper()
	screen := ""
	within(x.t, 20*time.Second, func() bool {
		screen = x.screen()
		dialogs = dialogsOn(screen)
		return strings.Contains(screen, "LIVE") && dialogs >= n
	}, func() string { return fmt.Sprintf("%d dialogs never came:\n%s", n, screen) })
	return dialogs
}

var dialogs = regexp.MustCompile(`1 Dialogs (\d+)`)

func dialogsOn(screen string) int {
	m := dialogs.FindStringSubmatch(screen)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// ^Z gives the shell back, and fg the same screen; the capture went on.
func TestAcceptance59Suspend(t *testing.T) {
	needs(t, "bash")
	x := newTmux(t, 80, 24, "bash --norc --noprofile -i")
	x.keys("PS1='ready$ '", "Enter")
	x.wait("ready$ ")
	x.keys(build(t)+" --test-source calls", "Enter")
	before := x.showing(2)
	x.keys("C-z")
	x.wait("Stopped", "ready$")
	x.keys("fg", "Enter")
	within(t, 20*time.Second, func() bool { return dialogsOn(x.screen()) > before }, func() string { return "no call came after fg:\n" + x.screen() })
	x.wait("LIVE", "Enter Flow")
}

var colourOf = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)

// Every terminal shows the screens, in no more than eight colours where it has
// no more.
func TestAcceptance66OldTerminals(t *testing.T) {
	program := build(t)
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range []string{"vt100", "linux", "xterm"} {
		t.Run(term, func(t *testing.T) {
			x := newTmux(t, 80, 24, "env TERM="+term+" COLORTERM= LC_ALL=C.UTF-8 "+program+" "+capture)
			x.wait("1 Dialogs 8", "Enter Flow")
			x.keys("Enter")
			x.wait("Flow #1")
			x.keys("r")
			x.wait("All ")
			for _, m := range colourOf.FindAllStringSubmatch(x.screen("-e"), -1) {
				for _, part := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ';' || r == ':' }) {
					n, _ := strconv.Atoi(part)
					if n == 38 || n == 48 || n >= 90 || term == "vt100" && n >= 30 && n != 39 && n != 49 {
						t.Errorf("colour %q", m[0])
					}
				}
			}
		})
	}
}

// A mouse that is told about in SGR, as terminals do it now.
func TestAcceptance70MouseOfATerminal(t *testing.T) {
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	x := newTmux(t, 80, 24, build(t)+" "+capture)
	x.wait("1 Dialogs 8", "Enter Flow")
	click := func(column, row int) {
		x.keys("-l", fmt.Sprintf("\x1b[<0;%d;%dM\x1b[<0;%d;%dm", column, row, column, row))
	}
	click(20, 9) // the fifth call
	within(t, 20*time.Second, func() bool { return strings.HasPrefix(strings.Split(x.screen(), "\n")[8], "▶") }, func() string { return "the cursor did not move:\n" + x.screen() })
	click(20, 9)
	x.wait("Flow #5")
}

// NO_COLOR: not one colour, and the row under the cursor is reversed.
func TestAcceptance65NoColour(t *testing.T) {
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	x := newTmux(t, 80, 24, "env TERM=xterm-256color NO_COLOR=1 LC_ALL=C.UTF-8 "+build(t)+" "+capture)
	x.wait("1 Dialogs 8", "Enter Flow")
	for _, step := range []string{"Enter Flow #1", "q Enter Flow", "F8 Settings (F8)", "Escape Enter Flow", "F1 Help · Calls", "Escape Enter Flow"} {
		key, text, _ := strings.Cut(step, " ")
		x.keys(key)
		x.wait(text)
		screen := x.screen("-e")
		for _, m := range colourOf.FindAllStringSubmatch(screen, -1) {
			for _, part := range strings.Split(m[1], ";") {
				if n, _ := strconv.Atoi(part); n >= 30 && n != 39 && n != 49 {
					t.Fatalf("after %q: colour %q", key, m[0])
				}
			}
		}
	}
	x.wait("▶", "Enter Flow")
	within(t, patience, func() bool {
		for _, m := range colourOf.FindAllStringSubmatch(x.screen("-e"), -1) {
			if slices.Contains(strings.Split(m[1], ";"), "7") {
				return true
			}
		}
		return false
	}, func() string { return fmt.Sprintf("nothing is reversed: %q", x.screen("-e")) })
}

// A terminal that cannot show a screen is misuse, with what to do instead.
func TestAcceptance68DumbTerminal(t *testing.T) {
	needs(t, "script")
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("script", "-qec", "TERM=dumb HOME=/nonexistent "+build(t)+" "+capture+"; echo status $?", "/dev/null").CombinedOutput()
	for _, want := range []string{"no full-screen terminal (TERM=dumb)", "hint: sipsniff report", "status 2"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// The help and the hints show the keys of the user's file, and two actions on
// one key are refused before the screen is drawn.
func TestAcceptance62OnATerminal(t *testing.T) {
	capture, err := filepath.Abs("../../pcaps/demo.pcap")
	if err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(t.TempDir(), "good.toml")
	if err := os.WriteFile(good, []byte("[keys.calls]\nsave = [\"F11\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	program := build(t)
	x := newTmux(t, 80, 24, program+" --config "+good+" "+capture)
	x.wait("F11 Save", "CANCELLED") // the list is there
	x.keys("F11")
	x.wait("Save (F2)")
	needs(t, "script")
	bad := filepath.Join(t.TempDir(), "bad.toml")
	if err := os.WriteFile(bad, []byte("[keys.calls]\nsave = [\"F3\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command("script", "-qec", "TERM=xterm "+program+" --config "+bad+" "+capture+"; echo status $?", "/dev/null").CombinedOutput()
	for _, want := range []string{bad + ":2: key F3 in Calls: both ", "list.filter", "save", "status 2"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "\x1b[?1049h") {
		t.Error("the screen was drawn")
	}
}
