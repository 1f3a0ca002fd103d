// Command bench measures sipsniff beside tcpdump, tshark and sngrep on
// captures of its own making, in turns, and prints medians and ratios.
//
//	go run ./pcaps/bench -program ./sipsniff            the goals of docs/PERFORMANCE.md: 6 GB of captures
//	go run ./pcaps/bench -program ./sipsniff -scale 0.1 a tenth of that
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

func main() {
	program := flag.String("program", "./sipsniff", "the `PROGRAM` to measure")
	folder := flag.String("dir", filepath.Join(os.TempDir(), "sipsniff-bench"), "where the captures are made, and kept")
	scale := flag.Float64("scale", 1, "calls, as a multiple of those of the goals")
	rounds := flag.Int("n", 5, "rounds, after one that does not count")
	only := flag.String("run", "", "workloads that match `REGEXP`")
	slow := flag.Bool("slow", false, "tshark and sngrep on all workloads, not only on the small one")
	flag.Parse()
	if err := bench(*program, *folder, *scale, *rounds, *only, *slow); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(program, folder string, scale float64, rounds int, only string, slow bool) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	fmt.Printf("%d cores, scale %g, %d rounds; medians, ratios to tcpdump of the same round\n", runtime.NumCPU(), scale, rounds)
	for _, w := range workloads(scale) {
		if !wanted.MatchString(w.name) {
			continue
		}
		file, err := w.make(folder, scale)
		if err != nil {
			return err
		}
		if err := compare(&w, file, contenders(program, slow || w.quick), rounds); err != nil {
			return err
		}
	}
	return nil
}

// compare runs the programs in turns over one capture.
func compare(w *workload, file string, all []contender, rounds int) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s: %.0f MB\n  %-10s %9s %9s %9s %9s %9s\n", w.name, float64(info.Size())/1e6, "", "wall s", "cpu s", "peak MiB", "wall", "cpu")
	runs := make([]series, len(all))
	base := 0
	for i := range all {
		if all[i].name == "tcpdump" {
			base = i
		}
	}
	for round := range rounds + 1 {
		for i := range all {
			c, err := all[i].measure(file)
			if err != nil {
				return err
			}
			if round > 0 { // the first fills the page cache
				runs[i] = append(runs[i], c)
			}
		}
	}
	for i, c := range all {
		fmt.Printf("  %-10s %9.2f %9.2f %9.0f %9.2f %9.2f\n", c.name, runs[i].median(wall), runs[i].median(cpu), runs[i].median(peak),
			runs[i].ratio(runs[base], wall), runs[i].ratio(runs[base], cpu))
	}
	return nil
}
