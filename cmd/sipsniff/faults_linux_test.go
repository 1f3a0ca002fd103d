package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipsniff/correlate/diagnosis"
)

// A fault is what is done to a call, and what sipsniff has to say of it first.
type fault struct {
	name string
	want []string // codes, any of which names the cause
	at   string   // the host where sipsniff listens
	road *faults  // what the way between the hosts does to media; nil: a wire

	prepare        func(*stage) error // before anybody speaks
	caller, callee []string           // dialogues; nil: nobody
	target         string             // whom the caller calls; "": the callee
	transport      []string           // arguments of both SIPps
	talkers        []string           // who sends RTP, see stage.talk
	during         func(*stage, *cast) error
	lasts          time.Duration // of the caller that gets no answer; 0: until it ends by itself
}

// A cast is who plays.
type cast struct {
	callee  *exec.Cmd
	talkers []*exec.Cmd
}

// A call of six seconds, of which both sides speak five and a half.
var (
	plainCaller = []string{"INVITE sdp=4000", ">? 100", ">? 180", "> 200", "ACK", "pause 6000", "BYE", "> 200"}
	plainCallee = []string{"> INVITE", "180", "200 sdp=6000 again", "> ACK", "> BYE", "200"}
	bothTalk    = []string{"a 4000 6000 275 pt=0", "b 6000 4000 275 pt=0"}
)

// dropped is a rule against the requests of one method, by their first four
// octets behind the header of UDP.
func dropped(hook, method string) string {
	return fmt.Sprintf("%s udp dport 5060 @th,64,32 0x%x drop", hook, (method + " ")[:4])
}

func withRules(end string, rules ...string) func(*stage) error {
	return func(s *stage) error { return s.rules(end, rules...) }
}

// withRoute sends what is for other networks over the other host.
func withRoute(more ...string) func(*stage) error {
	return func(s *stage) error {
		if out, err := s.command("a", "ip", "route", "add", "default", "via", "192.0.2.2").CombinedOutput(); err != nil {
			return fmt.Errorf("%w %s", err, out)
		}
		for _, line := range more {
			if out, err := s.command("b", strings.Fields(line)...).CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w %s", line, err, out)
			}
		}
		return nil
	}
}

// TestFaults injects faults into calls, in network namespaces of its own, and
// looks whether the first finding names what was injected. SIPSNIFF_FAULTS=all
// plays those too that take longer than ten seconds; SIPSNIFF_FAULT=words only
// those whose name has the words.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a quarter of a minute")
	}
	needs(t, "sipp", "nft", "baresip", "kamailio", "openssl", "chrt")
	program := build(t)
	type result struct {
		verdict
		err error
	}
	results := make([]result, len(faultTable))
	stages := make([]*stage, len(faultTable))
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	only, all := os.Getenv("SIPSNIFF_FAULT"), os.Getenv("SIPSNIFF_FAULTS") == "all"
	for i, f := range faultTable {
		if only != "" && !strings.Contains(f.name, only) || only == "" && !all && f.lasts > 10*time.Second {
			continue
		}
		if missing := slices.DeleteFunc(slices.Clone(f.want), func(code string) bool { return diagnosis.RuleOf(code) != nil }); len(missing) == len(f.want) {
			t.Logf("%s waits for the rules %v", f.name, missing)
			continue
		}
		s := &stage{dir: t.TempDir(), program: program, context: ctx}
		if dir := os.Getenv("SIPSNIFF_FAULT_DIR"); dir != "" { // to look at the captures
			s.dir = filepath.Join(dir, strings.ReplaceAll(f.name, " ", "-"))
			_ = os.MkdirAll(s.dir, 0o755)
		}
		if f.road != nil {
			s.wire = newRoadOf(t, t.Name()+f.name, *f.road).wire
		} else {
			s.wire = newWireOf(t, t.Name()+f.name)
		}
		stages[i] = s
	}
	var group sync.WaitGroup
	for i, s := range stages {
		if s == nil {
			continue
		}
		group.Go(func() {
			time.Sleep(time.Duration(i) * 300 * time.Millisecond) // not all at the same moment
			defer s.leave()
			results[i].verdict, results[i].err = faultTable[i].play(s)
		})
	}
	group.Wait()
	named, played := 0, 0
	t.Logf("%-28s %-16s %-6s %-16s %s", "fault", "expected", "said", "", "title")
	for i, f := range faultTable {
		r := &results[i]
		if stages[i] == nil {
			continue
		}
		played++
		sign := "  no"
		if slices.Contains(f.want, r.code) {
			sign = ""
			named++
		}
		t.Logf("%-28s %-16s %-6s %-16s %s %v%s", f.name, strings.Join(f.want, " "), r.code, r.confidence, r.title, r.others, sign)
		if r.err != nil {
			t.Errorf("%s: %v", f.name, r.err)
		}
	}
	t.Logf("%d of %d", named, played)
	if 20*named < 19*played || played < 20 && named < played {
		t.Errorf("the verdict names the cause of %d faults of %d, want 19 of 20", named, played)
	}
}

// play plays a fault and returns the verdict.
func (f *fault) play(s *stage) (v verdict, err error) {
	if f.prepare != nil {
		if err := f.prepare(s); err != nil {
			return v, err
		}
	}
	finish, err := s.sniff(f.at)
	if err != nil {
		return v, err
	}
	var c cast
	if f.callee != nil {
		if c.callee, err = s.sipp("b", "callee", f.callee, f.transport...); err == nil {
			err = s.listens("b", 5060)
		}
		if err != nil {
			return v, err
		}
	}
	target := f.target
	if target == "" {
		target = "192.0.2.2"
	}
	caller, err := s.sipp("a", "caller", f.caller, append([]string{target}, f.transport...)...)
	if err != nil {
		return v, err
	}
	if err := s.listens("a", 5060); err != nil && f.transport == nil {
		return v, err
	}
	for _, words := range f.talkers {
		talker, err := s.talk(words)
		if err != nil {
			return v, err
		}
		c.talkers = append(c.talkers, talker)
	}
	if f.during != nil {
		if err := f.during(s, &c); err != nil {
			return v, err
		}
	}
	if err := f.wait(s, caller); err != nil {
		return v, err
	}
	return finish()
}

// wait waits for the end of the caller, or for as long as the fault lasts.
func (f *fault) wait(s *stage, caller *exec.Cmd) error {
	done := make(chan struct{})
	go func() { _ = caller.Wait(); close(done) }() // its status says that the call failed: so it should
	defer func() {
		_ = caller.Process.Kill()
		<-done
	}()
	lasts := f.lasts
	if lasts == 0 {
		lasts = 50 * time.Second
	}
	limit := time.NewTimer(lasts)
	defer limit.Stop()
	select {
	case <-done:
		if f.lasts == 0 {
			return nil
		}
		<-limit.C
		return nil
	case <-limit.C:
		if f.lasts == 0 {
			return errors.New("the caller does not end")
		}
		return nil
	case <-s.context.Done():
		return s.context.Err()
	}
}
