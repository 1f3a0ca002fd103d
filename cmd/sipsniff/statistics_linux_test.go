package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What SIPp's built-in caller and callee send in each call that succeeds.
const (
	statisticsRequests  = 3 // INVITE ACK BYE
	statisticsResponses = 3 // 180 200 200
	statisticsLoss      = 0.02
	statisticsRate      = 300 // calls a second
)

// counts is what the JSON report says of a run.
type counts struct {
	Capture struct {
		KernelDropped *uint64 `json:"kernel_dropped"`
	}
	Totals struct {
		Calls       int
		SIPMessages int `json:"sip_messages"`
	}
	Methods, Responses map[string]int
	Calls              []struct {
		State           string
		FinalStatus     int `json:"final_status"`
		Retransmissions int
		Duplicates      int
		Setup           *float64 `json:"setup_ms"`
		EndedBy         string   `json:"ended_by"`
		DTMF            string
		Dialogs         []struct{ State string }
		Story           []struct{ Event string }
		Findings        []judged
	}
	Streams  []counted
	Findings []judged
}

// A judged is a finding of a report.
type judged struct{ Code, Severity, Confidence, Explanation string }

type counted struct{ Packets, Lost int }

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// TestSIPpStatistics makes calls over a road that loses 2 % of all packets, and
// compares the report with the statistics of SIPp at both ends: calls, failures,
// retransmissions, and the mean time to the answer. SIPSNIFF_SIPP_CALLS sets the
// number of calls.
//
// One sipsniff listens where the caller sits: it sees what the caller sends and
// what reaches the caller, so times are those of the caller. Another listens at
// both sides of the place where packets are lost, to those whose TTL tells that
// they came in: it sees every packet that either end sent, once.
func TestSIPpStatistics(t *testing.T) {
	calls := 200
	if n, err := strconv.Atoi(os.Getenv("SIPSNIFF_SIPP_CALLS")); err == nil {
		calls = n
	}
	needs(t, "sipp")
	r := newRoad(t, faults{loss: statisticsLoss})
	program := build(t)
	callers := listen(t, r.wire, r.command("a", program, "report", "-v", "-i", "va", "-F", "json", "udp"), 1)
	middle := listen(t, r.wire, r.command("m", program, "report", "-v", "-i", "ma,mb", "-F", "json", "--exact-filter", "ip[8] == 64"), 2)

	uas := r.command("b", "sipp", "-sn", "uas", "-i", "192.0.2.2", "-nostdin", "-timeout", "300", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-buff_size", "4000000")
	uas.Dir = t.TempDir()
	start(t, uas)
	r.waitForPort(t, "b", 5060)
	uac := r.command("a", "sipp", "-sn", "uac", "-i", "192.0.2.1", "192.0.2.2", "-m", strconv.Itoa(calls), "-r", strconv.Itoa(statisticsRate), "-l", "5000",
		"-d", "1000", "-nostdin", "-timeout", "300", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-buff_size", "4000000")
	uac.Dir = t.TempDir()
	_ = uac.Run() // its status is that of the calls, which its statistics tell better
	endSIPp(t, uas)
	passed, lost := r.end(t)
	atCaller, between := callers.counts(t), middle.counts(t)

	mine, theirs := sippStatistics(t, filepath.Join(uac.Dir, "stat.csv")), sippStatistics(t, filepath.Join(uas.Dir, "stat.csv"))
	made, failed := mine["OutgoingCall(C)"], mine["FailedCall(C)"]
	retransmissions := 0
	for _, c := range between.Calls {
		retransmissions += c.Retransmissions
	}
	unsuccessful, answered, setup := 0, 0, 0.0
	for _, c := range atCaller.Calls {
		// A call whose BYE nobody answered is completed here (spec §3.6), and
		// failed for the caller who waits for the answer.
		unanswered := slices.ContainsFunc(c.Story, func(s struct{ Event string }) bool { return s.Event == "bye_unanswered" })
		if c.State != "completed" || c.FinalStatus != 200 || unanswered {
			unsuccessful++
		}
		if c.Setup != nil {
			answered++
			setup += *c.Setup
		}
	}
	mean := setup / float64(max(answered, 1))
	theirMean := sippTime(t, filepath.Join(uac.Dir, "stat.csv"), "ResponseTime1(C)")
	t.Logf("packets carried %d, lost %d (%.2f %%)", passed, lost, 100*float64(lost)/float64(passed+lost))
	t.Logf("calls: %d, SIPp %d; not successful: %d, SIPp %d (at the callee %d)", atCaller.Totals.Calls, made, unsuccessful, failed, theirs["FailedCall(C)"])
	t.Logf("retransmissions: %d, SIPp %d + %d", retransmissions, mine["Retransmissions(C)"], theirs["Retransmissions(C)"])
	t.Logf("requests on the caller's wire: %d copies", sum(atCaller.Methods))
	t.Logf("mean time from INVITE to 200: %.3f ms of %d calls, SIPp %.3f ms", mean, answered, theirMean)

	if lost == 0 {
		t.Error("nothing was lost")
	}
	for what, c := range map[string]counts{"at the caller": atCaller, "in the middle": between} {
		if c.Capture.KernelDropped == nil || *c.Capture.KernelDropped != 0 {
			t.Errorf("%s: the kernel dropped %v", what, deref(c.Capture.KernelDropped))
		}
	}
	equal(t, "calls", atCaller.Totals.Calls, made)
	equal(t, "calls in the middle", between.Totals.Calls, made)
	equal(t, "calls that were not successful", unsuccessful, failed)
	equal(t, "retransmissions", retransmissions, mine["Retransmissions(C)"]+theirs["Retransmissions(C)"])
	if failed == 0 {
		equal(t, "copies of requests", sum(atCaller.Methods), calls*statisticsRequests+mine["Retransmissions(C)"])
	}
	if math.Abs(mean-theirMean) > 2 { // SIPp counts whole ms, by a clock that it reads between its turns
		t.Errorf("mean time to the answer: %.3f ms, SIPp says %.3f", mean, theirMean)
	}
}

// A listener is a sipsniff that prints its report when it is told to end.
type listener struct {
	command *exec.Cmd
	out     bytes.Buffer
	log     string // its standard error
}

// listen returns when it captures. What came before its filter is in place, it
// does not see; with -v it says when that is so, once for each interface.
func listen(t *testing.T, w *wire, c *exec.Cmd, interfaces int) *listener {
	t.Helper()
	l := &listener{command: c, log: filepath.Join(t.TempDir(), "log")}
	log, err := os.Create(l.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = &l.out, log
	start(t, c)
	w.wait(t, "the filter", func() bool { return strings.Count(l.said(), "filter on") == interfaces })
	return l
}

func (l *listener) said() string {
	text, _ := os.ReadFile(l.log)
	return string(text)
}

func (l *listener) counts(t *testing.T) (c counts) {
	t.Helper()
	if err := json.Unmarshal(l.finish(t), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// finish ends the capture and returns the report.
func (l *listener) finish(t *testing.T) []byte {
	t.Helper()
	if err := l.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := l.command.Wait(); err != nil {
		t.Fatalf("sipsniff: %v\n%s", err, l.said())
	}
	return l.out.Bytes()
}

// endSIPp lets a SIPp end the calls that it still keeps, and write its
// statistics: on the first signal it takes no more calls, on the second it goes.
func endSIPp(t *testing.T, c *exec.Cmd) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for range 3 {
		_ = c.Process.Signal(syscall.SIGUSR1)
		select {
		case <-done:
			return
		case <-time.After(20 * time.Second):
		}
	}
	t.Fatal("SIPp does not end")
}

// sippTime reads a time, hours:minutes:seconds:microseconds, out of the last
// line of SIPp's statistics, in ms.
func sippTime(t *testing.T, path, column string) float64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	names, values := strings.Split(lines[0], ";"), strings.Split(lines[len(lines)-1], ";")
	for i, name := range names {
		if name != column {
			continue
		}
		var h, m, s, us float64
		for j, part := range strings.Split(values[i], ":") {
			n, err := strconv.ParseFloat(part, 64)
			if err != nil {
				t.Fatalf("%s is %q", column, values[i])
			}
			*[]*float64{&h, &m, &s, &us}[j] = n
		}
		return (h*3600+m*60+s)*1000 + us/1000
	}
	t.Fatalf("no %s in %s", column, path)
	return 0
}
