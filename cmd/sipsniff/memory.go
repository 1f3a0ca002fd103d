package main

import (
	"bytes"
	"cmp"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
)

const (
	// mostMemory is the largest default of --max-memory for what is live.
	mostMemory = 1 << 30
	// leastMemory is the smallest.
	leastMemory = 64 << 20

	// otherMemory is what buffers and unfinished pieces take, about the same for
	// any number of calls, and programMemory what is not counted by the limit of
	// the garbage collector: the program itself and its stacks.
	otherMemory   = 96 << 20
	programMemory = 40 << 20
)

// defaultMemory is what calls and streams may take when nobody says: a quarter
// of the machine, or of what its container may have. Live, beside the programs
// that are watched, and where neither is known, it is at most 1 GiB; a file is
// wanted whole.
func defaultMemory(machine, container int64, files bool) int64 {
	whole := machine
	if container > 0 && (whole == 0 || container < whole) {
		whole = container
	}
	memory := whole / 4
	if whole == 0 || !files {
		memory = min(cmp.Or(memory, mostMemory), mostMemory)
	}
	return max(memory, leastMemory)
}

// machineMemory is the memory of the machine in octets, 0 when unknown.
func machineMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(text) {
		if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == "MemTotal:" {
			kib, err := strconv.ParseInt(string(f[1]), 10, 53)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

// containerMemory is what the control group may have, in octets, 0 when it has
// no limit or there is none.
func containerMemory() int64 {
	text, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	if err != nil {
		return 0 // "max"
	}
	return n
}

// limitMemory lets the garbage collector work harder, rather than the process
// grow, when the memory for calls and streams is used up. The less it leaves
// for garbage the more often all that is kept is looked through, so there is
// half as much for it.
func (o *options) limitMemory() {
	debug.SetMemoryLimit(processMemory(int64(o.maxMemory)) - programMemory)
}

// processMemory is what the process may take in all, in octets, when calls and
// streams may take so much.
func processMemory(most int64) int64 { return most + most/2 + otherMemory }

const (
	// smallHeap is the heap in octets up to which leanReport keeps the garbage
	// small: looking through a larger one again and again takes too long.
	smallHeap = 48 << 20
	// leanPercent is how much garbage there may be of what is kept then.
	leanPercent = 40
	// usualPercent is how much there may be otherwise, at least.
	usualPercent = 100
)

// leanReport gives up what only the reading needed before a report is written:
// the report makes much garbage and keeps nothing, and would otherwise have the
// process grow after the reading is done. If no more than most octets were in
// use of late it keeps the garbage small until end is called; else garbage may
// take what the reading took and has given up.
func leanReport(most uint64) (end func()) {
	live, had := heap()
	before := debug.SetGCPercent(leanPercent)
	runtime.GC()
	if live > most {
		live, _ = heap()
		debug.SetGCPercent(percentWithin(live, had))
	}
	return func() { debug.SetGCPercent(before) }
}

// percentWithin is how much garbage there may be of what is live for the heap to
// stay within the memory that it had. Some of that is between what is in use.
func percentWithin(live, had uint64) int {
	room := had - had/4
	if live == 0 || room <= 2*live {
		return usualPercent
	}
	return int(min((room-live)*100/live, 10*usualPercent))
}

// heap is what was live when the garbage collector looked last, and the memory
// that the heap has, in octets.
func heap() (live, has uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/unused:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(samples)
	for i := range samples {
		switch {
		case samples[i].Value.Kind() != metrics.KindUint64: // not known to this Go
		case i == 0:
			live = samples[i].Value.Uint64()
		default:
			has += samples[i].Value.Uint64()
		}
	}
	return live, has
}
