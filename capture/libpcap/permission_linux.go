package libpcap

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// capNetRaw is the number of CAP_NET_RAW (capabilities(7)).
const capNetRaw = 13

// mountNosuid is ST_NOSUID of statfs(2).
const mountNosuid = 2

// nosuidMount is where the file system of path is mounted when it is mounted
// nosuid, else "".
func nosuidMount(path string) string {
	var fs syscall.Statfs_t
	if syscall.Statfs(path, &fs) != nil || fs.Flags&mountNosuid == 0 {
		return ""
	}
	device, ok := deviceOf(path)
	for ok {
		parent := filepath.Dir(path)
		above, found := deviceOf(parent)
		if !found || above != device || parent == path {
			break
		}
		path = parent
	}
	return path
}

func deviceOf(path string) (uint64, bool) {
	var stat syscall.Stat_t
	err := syscall.Stat(path, &stat)
	return stat.Dev, err == nil
}

// processLimits reads whether CAP_NET_RAW is out of reach for this process,
// and whether it may gain rights by running a file.
func processLimits() (bounded, noNewPrivs bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false, false
	}
	return limitsIn(string(status))
}

func limitsIn(status string) (bounded, noNewPrivs bool) {
	for line := range strings.Lines(status) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "CapBnd":
			set, err := strconv.ParseUint(value, 16, 64)
			bounded = err == nil && set&(1<<capNetRaw) == 0
		case "NoNewPrivs":
			noNewPrivs = value == "1"
		}
	}
	return bounded, noNewPrivs
}
