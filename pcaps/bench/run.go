package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

// A contender is a program that reads a capture.
type contender struct {
	name string
	args []string // FILE stands for the capture
}

// contenders are we, and the others that are installed.
func contenders(program string, slow bool) (all []contender) {
	list := []contender{
		{"sipsniff", []string{program, "report", "-q", "-F", "json", "FILE"}},
		{"tcpdump", []string{"tcpdump", "-r", "FILE", "-w", "/dev/null"}},
	}
	if slow {
		list = append(list,
			contender{"tshark", []string{"tshark", "-q", "-z", "rtp,streams", "-r", "FILE"}},
			contender{"sngrep", []string{"sngrep", "-F", "-N", "-q", "-I", "FILE"}})
	}
	for _, c := range list {
		if _, err := exec.LookPath(c.args[0]); err != nil {
			fmt.Fprintf(os.Stderr, "%s is not installed\n", c.name)
			continue
		}
		all = append(all, c)
	}
	return all
}

// A cost is what one run took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // octets of memory
}

// measure runs the program once.
func (c *contender) measure(file string) (cost, error) {
	args := slices.Clone(c.args)
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = io.Discard, nil
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s: %w", c.name, err)
	}
	s := cmd.ProcessState
	return cost{wall: time.Since(begun), cpu: s.UserTime() + s.SystemTime(), peak: peakOf(s)}, nil
}

// A series is the runs of one program, in the order of the rounds.
type series []cost

func (s series) median(of func(cost) float64) float64 { return medianOf(s.values(of)) }

func (s series) values(of func(cost) float64) []float64 {
	values := make([]float64, len(s))
	for i, c := range s {
		values[i] = of(c)
	}
	return values
}

// ratio is the median of what s took of what other took in the same round.
func (s series) ratio(other series, of func(cost) float64) float64 {
	var ratios []float64
	for i := range min(len(s), len(other)) {
		ratios = append(ratios, of(s[i])/of(other[i]))
	}
	return medianOf(ratios)
}

func medianOf(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func wall(c cost) float64 { return c.wall.Seconds() }
func cpu(c cost) float64  { return c.cpu.Seconds() }
func peak(c cost) float64 { return float64(c.peak) / (1 << 20) }
