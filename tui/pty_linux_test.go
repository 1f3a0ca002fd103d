package tui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// childEnv tells a copy of the test binary to run the UI on its terminal.
const childEnv = "SIPSNIFF_TUI_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) == "" {
		code := m.Run()
		removeGenerated()
		os.Exit(code)
	}
	snap := rows(12)
	err := Run(context.Background(), Config{
		Snapshot: fixed(snap), Status: liveStatus, Live: true, Location: time.UTC,
	})
	if err != nil {
		os.Exit(3)
	}
}

// A terminal is the far end of a pty with the UI on it.
type terminal struct {
	t      *testing.T
	master *os.File
	child  *exec.Cmd
	output chan []byte
	seen   bytes.Buffer
	exited chan struct{}
}

func openTerminal(t *testing.T, env ...string) *terminal {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pty here: %v", err)
	}
	master := os.NewFile(uintptr(fd), "ptmx")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no pty here: %v", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no pty here: %v", err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pty here: %v", err)
	}
	defer func() { _ = slave.Close() }()
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(append(os.Environ(), childEnv+"=1", "TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR=", "TMUX="), env...)
	child.Stdin, child.Stdout, child.Stderr = slave, slave, slave
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	p := &terminal{t: t, master: master, child: child, output: make(chan []byte, 100), exited: make(chan struct{})}
	go p.read()
	go func() {
		_ = child.Wait() // the exit code is what counts
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = master.Close()
	})
	return p
}

func (p *terminal) read() {
	defer close(p.output)
	for {
		b := make([]byte, 4096)
		n, err := p.master.Read(b)
		if n > 0 {
			p.output <- b[:n]
		}
		if err != nil {
			return
		}
	}
}

// wait reads until text was written.
func (p *terminal) wait(text string) {
	p.t.Helper()
	late := time.After(patience)
	for !strings.Contains(p.seen.String(), text) {
		select {
		case b, ok := <-p.output:
			if !ok {
				p.t.Fatalf("%q never came, the output ended", text)
			}
			p.seen.Write(b)
		case <-late:
			p.t.Fatalf("%q never came in %d bytes", text, p.seen.Len())
		}
	}
}

func (p *terminal) exit() (code int) {
	p.t.Helper()
	late := time.After(patience)
	for {
		select {
		case <-p.exited:
			return p.child.ProcessState.ExitCode()
		case b := <-p.output:
			p.seen.Write(b)
		case <-late:
			p.t.Fatal("the program does not end")
		}
	}
}

func TestClosedTerminalEndsTheProgram(t *testing.T) {
	p := openTerminal(t)
	p.wait("Dialogs 12")
	began := time.Now()
	_ = p.master.Close()
	code := p.exit()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	if code != 3 {
		t.Errorf("exit code %d, want that of an error", code)
	}
}

func TestTerminalIsRestored(t *testing.T) {
	p := openTerminal(t)
	p.wait("Dialogs 12")
	p.wait("\x1b[?1049h")
	if _, err := p.master.WriteString("q\r"); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	p.wait("\x1b[?1049l")
	if strings.Contains(p.seen.String(), "\x1b]0;") || strings.Contains(p.seen.String(), "\x1b]2;") {
		t.Error("the title of the terminal was changed")
	}
}

func TestARedrawSendsOnlyWhatChanged(t *testing.T) {
	p := openTerminal(t)
	lines := strings.Split(strings.TrimSpace(newRig(t, rigOptions{w: 80, h: 24, snap: rows(12), status: liveStatus(), live: true}).text()), "\n")
	hints := strings.Fields(lines[len(lines)-1])
	p.wait(hints[len(hints)-1]) // the end of the hint line
	first := p.seen.Len()
	p.seen.Reset()
	for range 4 { // keys that change nothing
		if _, err := p.master.WriteString("u"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.master.WriteString("j"); err != nil {
		t.Fatal(err)
	}
	p.wait("anonymous") // in the status row
	if more := p.seen.Len(); more > first/4 {
		t.Errorf("the first screen took %d bytes, moving the cursor by one row %d", first, more)
	}
}

func TestNoColor(t *testing.T) {
	p := openTerminal(t, "NO_COLOR=1")
	p.wait("Dialogs 12")
	if _, err := p.master.WriteString("\rj\r"); err != nil {
		t.Fatal(err)
	}
	p.wait("z9hG4bK77ef")
	for code := 30; code < 50; code++ {
		for _, sgr := range []string{fmt.Sprintf("\x1b[%dm", code), fmt.Sprintf(";%dm", code), fmt.Sprintf("\x1b[%d;", code)} {
			if code != 39 && code != 49 && strings.Contains(p.seen.String(), sgr) {
				t.Errorf("colour %q with NO_COLOR", sgr)
			}
		}
	}
	if !strings.Contains(p.seen.String(), "\x1b[7m") {
		t.Error("the cursor row is not in reverse")
	}
}
