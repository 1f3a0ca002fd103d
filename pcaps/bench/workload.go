package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sipsniff/pcaps/gen"
)

// A workload is a capture that is made for measuring.
type workload struct {
	name    string
	options gen.Options
	quick   bool // small enough for sngrep and tshark
}

// workloads are those of the goals in docs/PERFORMANCE.md. scale multiplies the
// calls; 1 is the size of the goals.
func workloads(scale float64) []workload {
	n := func(calls int) int { return max(1, int(float64(calls)*scale)) }
	dialogs, err := gen.Preset("dialogs")
	if err != nil {
		panic(err) // the preset is part of this program
	}
	dialogs.Calls = n(dialogs.Calls)
	// A packet is 20 ms of one side: 100 s of a call are 10,000 of them.
	all := []workload{
		{"rtp", gen.Options{Calls: n(1000), Rate: 5, Length: 100 * time.Second, Loss: 0.01, Jitter: 5 * time.Millisecond}, false},
		{"sip", dialogs, false},
		{"mixed", gen.Options{Calls: n(140), Rate: 1.4, Length: 100 * time.Second, Noise: 3000, RTCP: true, Loss: 0.005}, false},
		{"small", gen.Options{Calls: n(400), Rate: 20, Length: 5 * time.Second, Mix: gen.EverydayMix(), RegisterShare: 0.2}, true},
	}
	for _, concurrent := range []int{10, 100, 500, 2000, 10000} {
		length := 100 * time.Second
		calls := n(200)
		if concurrent > 200 { // the same packets, of more and shorter calls
			calls, length = n(concurrent), length*200/time.Duration(concurrent)
		}
		all = append(all, workload{fmt.Sprintf("at-once-%d", concurrent), gen.Options{Calls: calls, Concurrency: max(1, int(float64(concurrent)*scale)), Length: length}, false})
	}
	return all
}

// make writes the capture into a folder, unless it is there already.
func (w *workload) make(folder string, scale float64) (path string, err error) {
	path = filepath.Join(folder, fmt.Sprintf("%s-%g.pcap", w.name, scale))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintf(os.Stderr, "making %s\n", path)
	file, err := os.Create(path + ".part")
	if err != nil {
		return "", err
	}
	w.options.OnCall = func(*gen.Call) error { return nil } // the truth is not wanted
	if _, err = gen.Write(file, w.options); err != nil {
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(path+".part", path)
}
