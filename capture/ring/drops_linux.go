package ring

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
)

// countPace is how old the counts of drops may be.
const countPace = 100 * time.Millisecond

// drops is what the interface lost. Any goroutine may ask.
func (r *ring) drops() capture.Drops {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.fd >= 0 && time.Since(r.asked) >= countPace {
		r.count()
	}
	return r.counted
}

// count reads the counters of the kernel, which begin anew each time.
func (r *ring) count() {
	r.asked = time.Now()
	if s, err := unix.GetsockoptTpacketStatsV3(r.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
		r.counted.Received += uint64(s.Packets)
		r.counted.Kernel += uint64(s.Drops)
		r.placed += uint64(s.Packets) - uint64(s.Drops)
	}
	if now := lowerDrops(r.name); now >= r.lowerBefore {
		r.counted.Interface += now - r.lowerBefore
		r.lowerBefore = now
	}
}

// empty reports whether all that came before the stop, at a time in Unix ns, was
// read, when nothing is to be seen in the ring.
func (r *ring) empty(stop int64) bool {
	late := time.Duration(time.Now().UnixNano() - stop)
	if late < quiet {
		return false
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.fd < 0 || late >= heldMost {
		return true
	}
	r.count()
	return r.looked >= r.placed
}

// lowerDrops is what an interface and its driver say they lost since the
// interface is there; 0 for "any", of which nobody says.
func lowerDrops(name string) (sum uint64) {
	for _, what := range []string{"rx_missed_errors", "rx_fifo_errors"} {
		text, err := os.ReadFile(filepath.Join("/sys/class/net", name, "statistics", what))
		if err != nil {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
		if err == nil {
			sum += n
		}
	}
	return sum
}
