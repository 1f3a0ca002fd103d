package metrics

import (
	"cmp"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"sipsniff/correlate"
)

// BenchmarkOf measures 100,000 calls of 12 messages, one in ten of them
// refused, between 250 pairs of hosts, 250 a second.
func BenchmarkOf(b *testing.B) {
	s := manyCalls(b, 100_000)
	b.ReportAllocs()
	b.ResetTimer()
	runtime.LockOSThread()
	before := threadTime(b)
	for range b.N {
		Of(s)
	}
	b.ReportMetric(float64(threadTime(b)-before)/1e6/float64(b.N), "cpu-ms/op") // of this thread, whatever else the machine does
}

const rusageThread = 1 // getrusage(2), RUSAGE_THREAD

// threadTime is the processor time of the thread so far, in ns.
func threadTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func manyCalls(b testing.TB, calls int) *correlate.Snapshot {
	const good = `0 A>B INVITE 1 x
		0.040 B>A 407 INVITE 1 x
		0.041 A>B ACK 1 x nack
		0.050 A>B INVITE 2 x
		0.070 B>A 100 INVITE 2 x
		1.250 B>A 183 INVITE 2 x
		2.000 B>A 180 INVITE 2 x
		2.500 B>A 180 INVITE 2 x
		8.000 B>A 200 INVITE 2 x
		8.060 A>B ACK 2 x
		68.000 A>B BYE 3 x
		68.045 B>A 200 BYE 3 x`
	const bad = `0 A>B INVITE 1 x
		0.040 B>A 100 INVITE 1 x
		0.500 B>A 503 INVITE 1 x
		0.510 A>B ACK 1 x nack`
	type line struct {
		call   int
		number int
		nanos  int64
		fields []string
	}
	var lines []line // as a capture has them, all calls mixed
	for n := range calls {
		text := good
		if n%10 == 0 {
			text = bad
		}
		for i, l := range strings.Split(text, "\n") {
			f := strings.Fields(l)
			offset, _ := strconv.ParseFloat(f[0], 64)
			lines = append(lines, line{n, i, at(float64(n)/250 + offset), f})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Or(cmp.Compare(a.nanos, b.nanos), a.call-b.call, a.number-b.number) })
	tr := correlate.NewTracker(correlate.Config{MaxMemory: 8 << 30})
	for i, l := range lines {
		l.fields[slices.Index(l.fields, "x")] = fmt.Sprint("call-", l.call)
		p, m := message(b, l.fields, i+1, l.nanos)
		for _, a := range []*netip.AddrPort{&p.Src, &p.Dst} {
			ip := a.Addr().As4()
			ip[1], ip[2] = ip[3], byte(l.call%250)
			*a = netip.AddrPortFrom(netip.AddrFrom4(ip), 5060)
		}
		tr.Message(p, m)
	}
	tr.Flush()
	s := tr.Publish()
	if len(s.Calls) != calls {
		b.Fatalf("%d calls, want %d", len(s.Calls), calls)
	}
	return s
}
