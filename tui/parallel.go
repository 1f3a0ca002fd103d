package tui

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// sliced is how many pieces of at most a slice n calls make.
func sliced(n int) int { return (n + slice - 1) / slice }

// workers is how many goroutines look at n calls: few are not worth it.
func workers(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n/slice)) }

// handOut gives n calls out to workers by the piece, in order: who is held up,
// since a core has other work as well, leaves the rest to the others. It
// returns when all is done; a panic of one is that of the caller.
func handOut(n, workers int, do func(worker, piece, from, to int)) {
	var taken atomic.Int64
	tasks := make([]func(), workers)
	for worker := range tasks {
		tasks[worker] = func() {
			for {
				piece := int(taken.Add(1)) - 1
				if piece >= sliced(n) {
					return
				}
				do(worker, piece, piece*slice, min((piece+1)*slice, n))
			}
		}
	}
	sideBySide(tasks...)
}

// inParts calls do for each of some parts of 0 to n at once, and returns when
// all are done. A panic of one is that of the caller.
func inParts(n, parts int, do func(part, from, to int)) {
	tasks := make([]func(), parts)
	for part := range tasks {
		tasks[part] = func() { do(part, n*part/parts, n*(part+1)/parts) }
	}
	sideBySide(tasks...)
}

// sideBySide runs tasks at once and returns when all are done. A panic of one
// is that of the caller.
func sideBySide(tasks ...func()) {
	var wait sync.WaitGroup
	panics := make([]*panicError, len(tasks))
	for i, task := range tasks[1:] {
		wait.Go(func() {
			defer func() { panics[i+1] = caught(recover()) }()
			task()
		})
	}
	func() {
		defer func() { panics[0] = caught(recover()) }()
		tasks[0]()
	}()
	wait.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
}

// joined puts parts together.
func joined[T any](parts [][]T) []T {
	if len(parts) == 1 {
		return parts[0]
	}
	return slices.Concat(parts...)
}
