//go:build !unix

package allowance

import "time"

var began = time.Now()

// processorTime is the time on the clock where nobody tells the other.
func processorTime() time.Duration { return time.Since(began) }
