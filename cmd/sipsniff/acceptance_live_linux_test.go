package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sipsniff/pcaps/gen"
)

// The tests in this file are rows of the table of acceptance in tui.md §4, by
// their numbers: those of a list into which calls come all the time. The program
// reads them from a pipe, at sixty packets a second, as `tcpdump -w -` sends them.

// A feeder writes a capture into a pipe: what came before at once, and the rest
// at a rate.
type feeder struct {
	octets []byte // of the capture
	rate   int    // packets a second
	first  int    // packets that are written at once
}

// fixtureL is 2,000 calls, most of them short, so that sixty packets a second
// bring more than one call.
func fixtureL(t *testing.T) *feeder {
	t.Helper()
	return newFeeder(t, gen.Options{Calls: 2000, Rate: 3, Length: time.Second, Mix: gen.Mix{Answered: 12, Busy: 45, Rejected: 25, Cancelled: 18}, Loss: 0.02})
}

func newFeeder(t *testing.T, o gen.Options) *feeder {
	t.Helper()
	octets, err := os.ReadFile(generated(t, "l.pcap", o))
	if err != nil {
		t.Fatal(err)
	}
	return &feeder{octets: octets, rate: 60, first: 2000}
}

// pipe makes a named pipe and begins to write into it when somebody reads.
func (f *feeder) pipe(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		out, err := os.OpenFile(path, os.O_RDWR, 0) // so that opening it does not wait
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = out.Close() }()
		f.write(out, stop)
	}()
	t.Cleanup(func() { close(stop); <-ended })
	return path
}

// write ends when everything was written, or nobody wants it any more.
func (f *feeder) write(out *os.File, stop <-chan struct{}) {
	const header, record = 24, 16 // octets of a pcap file and of each packet
	rest, n := f.octets[header:], 0
	tick := time.NewTicker(time.Second / time.Duration(f.rate))
	defer tick.Stop()
	pending := append([]byte(nil), f.octets[:header]...)
	for len(rest) > record {
		size := record + int(binary.LittleEndian.Uint32(rest[8:]))
		pending, rest = append(pending, rest[:size]...), rest[size:]
		if n++; n < f.first {
			continue
		}
		if _, err := out.Write(pending); err != nil {
			return
		}
		pending = pending[:0]
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}

// in is the window for a part of the test.
func (x *tmux) in(t *testing.T) *tmux { return &tmux{t, x.socket, x.home} }

// A listing is what is on the screen of the list of calls.
type listing struct {
	screen  string
	dialogs int
	cursor  int      // row of the screen, 0 is the title; -1 when there is none
	call    int      // under the cursor
	calls   []int    // of each row, in turn
	rows    []string // as they are
}

var numberInRow = regexp.MustCompile(`^▶?[ ●]*[✗⚠·]?\s+(\d+) `)

func (x *tmux) listing() listing {
	l := listing{screen: x.screen(), cursor: -1}
	l.dialogs = dialogsOn(strings.ReplaceAll(l.screen, ",", ""))
	for i, line := range strings.Split(l.screen, "\n") {
		m := numberInRow.FindStringSubmatch(line)
		if i < 4 || m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		l.calls, l.rows = append(l.calls, n), append(l.rows, strings.TrimPrefix(line, "▶"))
		if strings.HasPrefix(line, "▶") {
			l.cursor, l.call = i, n
		}
	}
	return l
}

// until waits for a screen of the list.
func (x *tmux) until(what string, ok func(l listing) bool) listing {
	x.t.Helper()
	var l listing
	within(x.t, 40*time.Second, func() bool { l = x.listing(); return ok(l) }, func() string { return what + " did not happen:\n" + l.screen })
	return l
}

// grow waits for so many calls more.
func (x *tmux) grow(calls int) listing {
	x.t.Helper()
	before := x.listing().dialogs
	return x.until(fmt.Sprintf("%d calls more", calls), func(l listing) bool { return l.dialogs >= before+calls })
}

// sortedBy chooses a column by its name, with the keys of the picker.
func (x *tmux) sortedBy(column string) {
	x.t.Helper()
	x.keys("<")
	x.wait("Sort by")
	for range 30 {
		x.keys("Down")
		screen := ""
		within(x.t, patience, func() bool { screen = x.screen(); return strings.Contains(screen, "sorted by ") }, func() string { return screen })
		if strings.Contains(strings.ToLower(screen), "sorted by "+column) {
			x.keys("Enter")
			x.until("the picker closed", func(l listing) bool { return !strings.Contains(l.screen, "Sort by") })
			return
		}
	}
	x.t.Fatalf("no column is called %s:\n%s", column, x.screen())
}

// stays fails when the cursor is on another call, or in another row.
func stays(t *testing.T, before, now listing) {
	t.Helper()
	if now.call != before.call || now.cursor != before.cursor {
		t.Errorf("the cursor went from #%d in row %d to #%d in row %d:\n%s", before.call, before.cursor, now.call, now.cursor, now.screen)
	}
}

func numberAfter(t *testing.T, pattern, screen string) int {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(screen)
	if m == nil {
		t.Fatalf("%s is not in\n%s", pattern, screen)
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAcceptance28to34AListThatGrows(t *testing.T) {
	x := newTmux(t, 80, 24, "sh -c 'exec "+build(t)+" -I - < "+fixtureL(t).pipe(t)+"'")
	x.until("the list is there", func(l listing) bool { return l.dialogs > 90 && strings.Contains(l.screen, "Enter Flow") })

	t.Run("28 cursor stays", func(t *testing.T) {
		x := x.in(t)
		x.keys("Home", "Down", "Down", "Down", "Down", "Down")
		before := x.until("the cursor is in the sixth row", func(l listing) bool { return l.cursor == 9 })
		stays(t, before, x.grow(20))
	})
	t.Run("29 cursor stays in an order", func(t *testing.T) {
		x := x.in(t)
		x.sortedBy("from")
		x.keys("Home")
		for range 40 {
			x.keys("Down")
		}
		before := x.until("the cursor is on #41", func(l listing) bool { return l.call == 41 })
		stays(t, before, x.grow(12)) // callers are numbered upwards: the new ones are below
		x.keys("z")
		before = x.until("the order is turned", func(l listing) bool { return len(l.calls) > 1 && l.calls[0] > l.calls[1] && l.cursor > 0 })
		stays(t, before, x.grow(12)) // now they are above
		x.keys("Home")
		newest := x.until("the newest are on top", func(l listing) bool { return l.cursor == 4 })
		if newest.call <= before.dialogs {
			t.Errorf("#%d is on top, of %d", newest.call, newest.dialogs)
		}
	})
	t.Run("30 order is held", func(t *testing.T) {
		x := x.in(t)
		x.sortedBy("mos")
		before := x.until("there is a cursor", func(l listing) bool { return l.cursor > 0 })
		old := x.until("the order tells its age", func(l listing) bool {
			return l.dialogs > before.dialogs+3 && strings.Contains(l.screen, "order ") && strings.Contains(l.screen, " old")
		})
		stays(t, before, old)
		x.keys(".")
		again := x.until("it is sorted again", func(l listing) bool { return l.cursor > 0 && !strings.Contains(l.screen, " old · ") })
		if again.call != before.call {
			t.Errorf("the cursor is on #%d, it was on #%d", again.call, before.call)
		}
	})
	t.Run("31 follow", func(t *testing.T) {
		x := x.in(t)
		x.sortedBy("number")
		x.keys("A")
		first := x.until("the cursor is on the newest", func(l listing) bool { return l.call > 0 && l.call == l.dialogs })
		x.until("it follows", func(l listing) bool { return l.call > first.call+2 && l.call == l.dialogs })
		x.keys("Up")
		left := x.until("new ones are told of", func(l listing) bool { return strings.Contains(l.screen, " new") && l.call > 0 })
		new1 := numberAfter(t, `\+([\d,]+) new`, left.screen)
		later := x.until("more are told of", func(l listing) bool {
			return regexp.MustCompile(`\+[\d,]+ new`).MatchString(l.screen) && numberAfter(t, `\+([\d,]+) new`, l.screen) > new1+3
		})
		if later.call != left.call {
			t.Errorf("the cursor went from #%d to #%d", left.call, later.call)
		}
	})
	t.Run("32 freeze", func(t *testing.T) {
		x := x.in(t)
		x.keys("p")
		before := x.until("it is frozen", func(l listing) bool { return strings.Contains(l.screen, "FROZEN") })
		held := dialogsOn(strings.ReplaceAll(before.screen, ",", ""))
		calls := func(l listing) int { return numberAfter(t, `\+([\d,]+) calls?`, l.screen) }
		first := x.until("calls are counted", func(l listing) bool { return calls(l) > 2 })
		later := x.until("more calls are counted", func(l listing) bool { return calls(l) > calls(first)+2 })
		if fmt.Sprint(later.rows) != fmt.Sprint(before.rows) {
			t.Errorf("the rows moved:\n%s\n%s", before.screen, later.screen)
		}
		x.keys("p")
		x.until("all calls are there", func(l listing) bool { return !strings.Contains(l.screen, "FROZEN") && l.dialogs >= held+calls(later) })
	})
	t.Run("33 clear and undo", func(t *testing.T) {
		x := x.in(t)
		x.keys("F5")
		asked := x.wait("Clear all: ")
		n := numberAfter(t, `Clear all: ([\d,]+) rows`, asked)
		x.keys("Escape")
		x.until("nothing is lost", func(l listing) bool { return l.dialogs >= n && !strings.Contains(l.screen, "Clear all") })
		x.keys("F5")
		x.wait("Clear all: ")
		x.keys("Enter")
		x.until("they are cleared away", func(l listing) bool { return l.dialogs < n/2 })
		x.keys("u")
		x.until("all are back", func(l listing) bool { return l.dialogs >= n })
	})
	t.Run("34 octets of another terminal's F9", func(t *testing.T) {
		x := x.in(t)
		for _, filtered := range []bool{false, true} {
			if filtered {
				x.keys("/")
				x.keys("-l", "code:486")
				x.keys("Enter")
				x.wait("code:486", " of ")
			}
			n := x.until("there are calls", func(l listing) bool { return l.dialogs > 0 }).dialogs
			x.keys("-H", "1b", "4f", "77")
			// What comes of it, if anything, is there when a later key has been answered.
			x.keys("F1")
			x.wait("Help · ")
			x.keys("Escape")
			after := x.until("the list is there again", func(l listing) bool { return !strings.Contains(l.screen, "Help ·") && l.cursor > 0 })
			if after.dialogs < n {
				t.Errorf("filtered %v: of %d calls %d are left:\n%s", filtered, n, after.dialogs, after.screen)
			}
		}
	})
}

var callerDigits = regexp.MustCompile(`\+999(000\d{6})`)

// bothWays numbers the callers of every other call downwards, so that in the
// order of From new calls come above and below those that are there.
func (f *feeder) bothWays() *feeder {
	f.octets = callerDigits.ReplaceAllFunc(f.octets, func(user []byte) []byte {
		n, _ := strconv.Atoi(string(user[len("+999"):]))
		if n%2 == 0 {
			n = -n
		}
		return fmt.Appendf(nil, "+999%09d", 500_000+n)
	})
	return f
}

// Rows that come above and below at the same time move the cursor no more than
// those that come on one side.
func TestAcceptance29RowsAboveAndBelow(t *testing.T) {
	x := newTmux(t, 80, 24, "sh -c 'exec "+build(t)+" -I - < "+fixtureL(t).bothWays().pipe(t)+"'")
	x.until("the list is there", func(l listing) bool { return l.dialogs > 90 && strings.Contains(l.screen, "Enter Flow") })
	x.sortedBy("from")
	x.keys("Home")
	for range 45 {
		x.keys("Down")
	}
	x.keys("F1") // what comes of the keys before is there when this one has been answered
	x.wait("Help · Calls")
	x.keys("Escape")
	before := x.until("the list is there again", func(l listing) bool { return !strings.Contains(l.screen, "Help ·") && l.cursor > 10 })
	for range 4 {
		stays(t, before, x.grow(4))
	}
	known := before.dialogs
	for key, side := range map[string]int{"Home": 0, "End": 1} {
		x.keys(key)
		l := x.until("the "+key+" is reached", func(l listing) bool {
			return len(l.calls) > 10 && (l.call == l.calls[0]) == (key == "Home") && (l.call == l.calls[len(l.calls)-1]) == (key == "End")
		})
		if l.call <= known || l.call%2 != side {
			t.Errorf("%s: #%d came last there, of %d calls %d were there before:\n%s", key, l.call, l.dialogs, known, l.screen)
		}
	}
}

// What the kernel dropped is in the title and in a banner, and makes every
// figure of quality doubtful.
func TestAcceptance55DropsOfASource(t *testing.T) {
	x := newTmux(t, 80, 24, "exec "+build(t)+" --test-source drops")
	screen := x.wait("DROP ", "% now", "kernel dropped ", "loss% is not reliable", "3 Streams")
	dropped := numberAfter(t, `kernel dropped ([\d,]+) of`, screen)
	if dropped == 0 {
		t.Errorf("nothing was dropped:\n%s", screen)
	}
	doubtful := regexp.MustCompile(`(IN CALL|COMPLETED) +200 +\d+:\d\d +\d\.\d+\? +\d+\.\d\?`)
	x.until("MOS and loss end in a question mark", func(l listing) bool {
		for _, row := range l.rows {
			if doubtful.MatchString(row) {
				return true
			}
		}
		return false
	})
	x.keys("Escape")
	x.until("the banner is gone", func(l listing) bool {
		return strings.Contains(l.screen, "DROP ") && !strings.Contains(l.screen, "loss% is not reliable")
	})
}

// At its limit the list loses the oldest calls, says so, and takes new ones in.
func TestAcceptance73TheOldestLeave(t *testing.T) {
	f := fixtureL(t)
	f.first, f.rate = 20_000, 300
	x := newTmux(t, 120, 40, "sh -c 'exec "+build(t)+" --max-calls 1000 -I - < "+f.pipe(t)+"'")
	screen := x.wait("1 Dialogs 1,000", "oldest leave (calls)", "left so far")
	x.keys("A")
	first := x.until("the cursor is on the newest", func(l listing) bool { return l.call > 1000 })
	later := x.until("calls go on coming", func(l listing) bool { return l.call > first.call+20 })
	if later.dialogs > 1000 {
		t.Errorf("%d calls are kept", later.dialogs)
	}
	before, after := numberAfter(t, `([\d,]+) left so far`, screen), numberAfter(t, `([\d,]+) left so far`, x.wait("left so far"))
	if after <= before {
		t.Errorf("%d calls had left, and then %d", before, after)
	}
}

// While calls pour in the screen is drawn five times a second at most, and the
// process takes no more than its limit, a tenth more or less.
func TestAcceptance75MemoryAndPace(t *testing.T) {
	needs(t, "strace")
	o, err := gen.Preset("dialogs")
	if err != nil {
		t.Fatal(err)
	}
	o.Calls = 15_000
	f := newFeeder(t, o)
	f.first, f.rate = 85_000, 300
	x := newTmux(t, 80, 24, "exec sh -c 'exec "+build(t)+" --max-memory 64M -I - < "+f.pipe(t)+"'")
	x.wait("oldest leave (memory)")
	x.until("what came at once is there", func(l listing) bool {
		return numberAfter(t, `reading +([\d,]+) packets`, l.screen) > f.first
	})
	trace := filepath.Join(t.TempDir(), "trace")
	const seconds = 5
	out, err := exec.Command("timeout", strconv.Itoa(seconds), "strace", "-f", "-e", "trace=write", "-P", "/dev/tty", "-o", trace, "-p", strconv.Itoa(x.pid())).CombinedOutput()
	text, readErr := os.ReadFile(trace)
	if readErr != nil || !strings.Contains(string(out), "attached") {
		t.Skipf("strace does not run here: %v %s", err, out)
	}
	drawings := strings.Count(string(text), `write(`)
	if begun := strings.Count(string(text), `\33[?2026h`); begun > 0 { // the terminal is told where a drawing begins and ends
		drawings = begun
	}
	t.Logf("%d drawings in %d s", drawings, seconds)
	if drawings == 0 || drawings > 5*seconds+1 {
		t.Errorf("%d drawings in %d s", drawings, seconds)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.pid()))
	if err != nil {
		t.Fatal(err)
	}
	peak := int64(numberAfter(t, `VmHWM:\s+(\d+) kB`, string(status))) << 10
	limit := processMemory(64 << 20)
	t.Logf("at most %d MiB of %d", peak>>20, limit>>20)
	if peak > limit+limit/10 {
		t.Errorf("the process took %d MiB, its limit is %d", peak>>20, limit>>20)
	}
}
