//go:build unix

package allowance

import (
	"syscall"
	"time"
)

// processorTime is what all threads of the process have had.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
