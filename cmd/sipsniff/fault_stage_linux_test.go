package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A stage is where one fault is played: two hosts, the programs on them and the
// sipsniff that listens. Stages run side by side, so nothing on them fails the
// test by itself: errors are returned.
type stage struct {
	*wire
	dir     string
	program string
	context context.Context
	running []*exec.Cmd
}

// A verdict is what sipsniff says first of the call that went wrong.
type verdict struct {
	code, confidence, title string
	others                  []string // the codes of the findings behind it
	state                   string
}

// begin starts a program on a host; it ends with the stage.
func (s *stage) begin(end string, words ...string) (*exec.Cmd, error) {
	c := s.command(end, words...)
	c.Dir = s.dir
	log, err := os.Create(filepath.Join(s.dir, fmt.Sprintf("log-%d", len(s.running))))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	s.running = append(s.running, c)
	return c, c.Start()
}

// leave ends what is still running, with the processes that it started.
func (s *stage) leave() {
	for _, c := range s.running {
		if c.Process != nil {
			_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
			_ = c.Wait()
		}
	}
}

// until waits for something to be so.
func (s *stage) until(what string, ready func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-limit.C:
			return fmt.Errorf("waited in vain for %s", what)
		case <-s.context.Done():
			return s.context.Err()
		}
	}
	return nil
}

// listens waits for somebody to listen on a port of UDP or TCP.
func (s *stage) listens(end string, port int) error {
	return s.until(fmt.Sprintf("port %d", port), func() bool {
		text, _ := s.command(end, "cat", "/proc/net/udp", "/proc/net/tcp", "/proc/net/tcp6").Output()
		return bytes.Contains(text, fmt.Appendf(nil, ":%04X ", port))
	})
}

// sniff begins to listen, with every packet: a filter would hide some.
func (s *stage) sniff(end string) (finish func() (verdict, error), err error) {
	c := s.command(end, s.program, "report", "-v", "-i", "v"+end, "-F", "json", "-w", filepath.Join(s.dir, "record.pcap"), "ip or ip6")
	var out bytes.Buffer
	log := filepath.Join(s.dir, "sniff")
	said, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer said.Close()
	c.Stdout, c.Stderr = &out, said
	s.running = append(s.running, c)
	if err := c.Start(); err != nil {
		return nil, err
	}
	err = s.until("sipsniff", func() bool {
		text, _ := os.ReadFile(log)
		return strings.Contains(string(text), "filter on")
	})
	return func() (verdict, error) {
		_ = c.Process.Signal(os.Interrupt)
		if err := c.Wait(); err != nil {
			text, _ := os.ReadFile(log)
			return verdict{}, fmt.Errorf("sipsniff: %w\n%s", err, text)
		}
		return readVerdict(out.Bytes())
	}, err
}

type foundJSON struct {
	Code, Confidence, Severity, Title string
}

// readVerdict takes the call with the worst finding in front; without calls
// that have any, what is said of the capture.
func readVerdict(report []byte) (v verdict, err error) {
	var doc struct {
		Calls []struct {
			State    string
			Findings []foundJSON
		}
		Findings []foundJSON
	}
	if err := json.Unmarshal(report, &doc); err != nil {
		return v, err
	}
	of := func(list []foundJSON) {
		v.code, v.confidence, v.title = list[0].Code, list[0].Severity+" "+list[0].Confidence, list[0].Title
		for _, f := range list[1:] {
			v.others = append(v.others, f.Code)
		}
	}
	for _, c := range doc.Calls {
		v.state = c.State
		if len(c.Findings) > 0 {
			of(c.Findings)
			return v, nil
		}
	}
	if len(doc.Findings) > 0 {
		of(doc.Findings)
	}
	return v, nil
}

// rules installs rules of nftables on a host: "output udp dport 5060 drop".
func (s *stage) rules(end string, rules ...string) error {
	text := "table ip faults {\n"
	for _, hook := range []string{"input", "output", "prerouting"} {
		text += fmt.Sprintf("chain %s { type filter hook %s priority -500;\n", hook, hook)
		for _, r := range rules {
			if where, rule, _ := strings.Cut(r, " "); where == hook {
				text += rule + "\n"
			}
		}
		text += "}\n"
	}
	c := s.command(end, "nft", "-f", "-")
	c.Stdin = strings.NewReader(text + "}\n")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w %s", err, out)
	}
	return nil
}

// sipp starts one side of a dialogue.
func (s *stage) sipp(end, role string, lines []string, more ...string) (*exec.Cmd, error) {
	file := filepath.Join(s.dir, role+".xml")
	d := dialogue{lines: lines}
	if err := os.WriteFile(file, []byte(d.scenario()), 0o644); err != nil {
		return nil, err
	}
	address := map[string]string{"a": "192.0.2.1", "b": "192.0.2.2"}[end]
	return s.begin(end, append([]string{"sipp", "-sf", file, "-i", address, "-p", "5060", "-m", "1", "-nostdin", "-timeout", "60", "-mp", "20000", "-nd", "-trace_err"}, more...)...)
}

// talk sends RTP: "a 4000 6000 250 every=20 seq=1 pt=0" from a port of a host to
// a port of the other, or to an address and port.
func (s *stage) talk(words string) (*exec.Cmd, error) {
	end := words[:1]
	return s.begin(end, "chrt", "-f", "10", "env", "SIPSNIFF_TALK="+words, os.Args[0], "-test.run=^TestTalker$", "-test.v")
}

// TestTalker is not a test: stages run it on their hosts.
func TestTalker(t *testing.T) {
	words := os.Getenv("SIPSNIFF_TALK")
	if words == "" {
		t.Skip("run by other tests")
	}
	var end, to string
	var from, packets, payloadType int
	if _, err := fmt.Sscanf(words, "%s %d %s %d pt=%d", &end, &from, &to, &packets, &payloadType); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(to, ":") {
		to = map[string]string{"a": "192.0.2.2:", "b": "192.0.2.1:"}[end] + to
	}
	there, err := net.ResolveUDPAddr("udp4", to)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{Port: from})
	if err != nil {
		t.Fatal(err)
	}
	go func() { // what comes is heard, so that the port is open
		buffer := make([]byte, 2048)
		for {
			if _, _, err := socket.ReadFrom(buffer); err != nil {
				return
			}
		}
	}()
	<-time.After(500 * time.Millisecond) // until the other is there too
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := range packets {
		_, _ = socket.WriteTo(speech(i, from, payloadType), there) // an error is one of ICMP
		<-tick.C
	}
	<-time.After(time.Minute) // stages end it; until then the port stays open
}

// speech is an RTP packet of PCMU: no silence, and no tone.
func speech(i, ssrc, payloadType int) []byte {
	b := make([]byte, 172)
	b[0], b[1], b[2], b[3] = 0x80, byte(payloadType), byte(i>>8), byte(i)
	at := uint32(i * 160)
	b[4], b[5], b[6], b[7] = byte(at>>24), byte(at>>16), byte(at>>8), byte(at)
	b[8], b[10], b[11] = 0x5a, byte(ssrc>>8), byte(ssrc)
	state := uint32(i)*2654435761 + 1
	for j := 12; j < len(b); j++ {
		state = state*1664525 + 1013904223
		b[j] = 0x98 + byte(state>>27) // medium levels of the mu-law
		if state>>26&1 == 0 {
			b[j] &^= 0x80
		}
	}
	return b
}
